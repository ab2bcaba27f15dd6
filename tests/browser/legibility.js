/* What a reader of this page would miss: text that is cut or lies over another, columns that one must scroll to, screens of nothing. */
() => {
  const SELECT_ARROW = 20;
  const main = document.querySelector("main");
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true });
  const isForScreenReaders = (element) => {
    for (let one = element; one; one = one.parentElement) if (getComputedStyle(one).clipPath !== "none") return true;
    return false;
  };
  const isRead = (element) => isShown(element) && !isForScreenReaders(element);
  const pen = document.createElement("canvas").getContext("2d");

  const cut = [], scrolled = [], places = [], written = [];
  for (const element of main.querySelectorAll("*:not(svg *)")) {
    if (!isRead(element)) continue;
    const style = getComputedStyle(element);
    if (element.tagName === "SELECT") {
      pen.font = style.font;
      const text = element.selectedOptions[0]?.text ?? "";
      const room = element.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - SELECT_ARROW;
      if (pen.measureText(text).width > room + 1) cut.push(`${element.name}: ${text}`);
      continue;
    }
    const isWider = element.scrollWidth > element.clientWidth + 1;
    const isCut = isWider || element.scrollHeight > element.clientHeight + 1;
    const named = element.getAttribute("aria-label") || element.className || element.tagName;
    if (/hidden|clip/.test(style.overflowX) && isCut) cut.push(named);
    if (/auto|scroll/.test(style.overflowX) && isWider) scrolled.push(named);
  }

  const words = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const text = words.currentNode;
    if (!text.data.trim() || !isRead(text.parentElement)) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const box of range.getClientRects()) {
      places.push(box);
      if (!text.parentElement.closest("svg, .scroll")) written.push({ box, text });
      const isOut = box.right > innerWidth + 1 || box.left < -1;
      if (isOut && !text.parentElement.closest(".scroll")) cut.push(text.data.trim().slice(0, 40));
    }
  }
  for (const drawn of main.querySelectorAll("svg path, input, select, textarea, button")) places.push(drawn.getBoundingClientRect());

  let end = main.getBoundingClientRect().top, blank = 0;
  for (const box of places.filter((one) => one.height).sort((one, other) => one.top - other.top)) {
    blank = Math.max(blank, box.top - end);
    end = Math.max(end, box.bottom);
  }
  // Of two texts, the one lies over the other: what is placed by hand, beside what may be longer than was thought.
  const shared = (one, other, near, far) => Math.min(one[far], other[far]) - Math.max(one[near], other[near]);
  written.sort((one, other) => one.box.top - other.box.top);
  const over = new Set();
  written.forEach(({ box, text }, rank) => {
    for (let next = rank + 1; next < written.length && written[next].box.top < box.bottom - 4; next += 1) {
      const other = written[next];
      if (other.text === text || shared(box, other.box, "left", "right") < 2 || shared(box, other.box, "top", "bottom") < 4) continue;
      over.add(`${text.data.trim().slice(0, 30)} / ${other.text.data.trim().slice(0, 30)}`);
    }
  });
  return { cut, scrolled, blank: Math.round(blank), over: [...over] };
}

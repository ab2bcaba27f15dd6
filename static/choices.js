/* Long choices: a field that narrows a list of boxes or a list that drops down, and the count of what is ticked.
   Everything also works without it: every box and every line is there. */
(function () {
  "use strict";

  const LONG = 20; // lines of a list that drops down
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const wordsOf = (text) => plain(text).split(/\s+/).filter(Boolean);
  const has = (text, words) => words.every((word) => plain(text).includes(word));
  const counted = (number, one, many) => `${number}\u00a0${number > 1 ? many : one}`;

  // --- lists of boxes ---

  function tell(ticks, shown) {
    const number = ticks.querySelectorAll("input:checked").length;
    const lines = shown === null ? "" : `${counted(shown, "ligne", "lignes")}, `;
    ticks.querySelector("[role=status]").textContent = lines + counted(number, ticks.dataset.one, ticks.dataset.many);
  }

  function narrowBoxes(ticks, text) {
    const words = wordsOf(text);
    let shown = 0;
    ticks.querySelectorAll(".ticks-box ul").forEach((list) => {
      const title = list.previousElementSibling;
      const group = title && title.matches(".ticks-group") ? title : null;
      const kept = Array.from(list.children).filter((line) => {
        line.hidden = !has(`${line.textContent} ${group ? group.textContent : ""}`, words);
        return !line.hidden;
      });
      if (group) group.hidden = kept.length === 0;
      shown += kept.length;
    });
    tell(ticks, words.length ? shown : null);
  }

  // --- lists that drop down ---

  const whole = new WeakMap();

  function narrowLines(select, text, status) {
    if (!whole.has(select)) {
      whole.set(select, { lines: Array.from(select.children, (child) => child.cloneNode(true)), size: select.size });
    }
    const { lines, size } = whole.get(select);
    // What « + » has just added is not among the lines that were first read.
    const known = new Set(lines.flatMap((line) => Array.from(line.matches("option") ? [line] : line.children, (option) => option.value)));
    Array.from(select.options).forEach((option) => { if (!known.has(option.value)) lines.push(option.cloneNode(true)); });
    const words = wordsOf(text);
    const chosen = select.value;
    let shown = 0;
    select.replaceChildren(...lines.map((child) => child.cloneNode(true)));
    if (words.length) {
      Array.from(select.querySelectorAll("option")).forEach((option) => {
        const group = option.parentNode.label || "";
        const isKept = option.value !== "" && has(`${option.textContent} ${group}`, words);
        shown += isKept ? 1 : 0;
        if (!isKept && option.value !== chosen) option.remove();
      });
      select.querySelectorAll("optgroup").forEach((group) => { if (!group.children.length) group.remove(); });
    }
    select.value = chosen;
    select.size = words.length && !size ? Math.min(8, Math.max(2, select.querySelectorAll("option, optgroup").length)) : size;
    const [one, many] = (status.dataset.words || "ligne lignes").split(" ");
    if (!words.length) status.textContent = "";
    else status.textContent = shown ? counted(shown, one, many) : `aucune ${one}`;
  }

  function addFilter(select) {
    if (select.multiple || select.size || select.dataset.narrowed || select.closest(".empty-form")) return;
    if (select.options.length <= LONG || select.matches("#changelist select")) return;
    select.dataset.narrowed = "true";
    const label = (select.labels && select.labels[0] ? select.labels[0].textContent : "").replace(/\s*:\s*$/, "").trim();
    const filter = Object.assign(document.createElement("input"), { type: "search", className: "narrow", autocomplete: "off" });
    filter.placeholder = "Réduire la liste";
    filter.setAttribute("aria-label", `Réduire la liste${label ? `\u00a0: ${label}` : ""}`);
    const status = Object.assign(document.createElement("span"), { className: "narrow-count" });
    status.setAttribute("role", "status");
    filter.addEventListener("input", () => narrowLines(select, filter.value, status));
    const box = Object.assign(document.createElement("span"), { className: "narrow-box" });
    box.append(filter, status);
    select.before(box);
  }

  function prepare(root) {
    root.querySelectorAll(".ticks-filter").forEach((filter) => { filter.hidden = false; });
    root.querySelectorAll("#content-main form select").forEach(addFilter);
  }

  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-narrows]")) narrowBoxes(event.target.closest("[data-ticks]"), event.target.value);
  });
  document.addEventListener("change", (event) => {
    const ticks = event.target.closest("[data-ticks]");
    if (ticks && event.target.type === "checkbox") tell(ticks, null);
  });
  // Enter in a field that narrows must not send the form.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("[data-narrows], .narrow, input[data-filters]")) event.preventDefault();
  });
  document.addEventListener("formset:added", () => prepare(document));

  document.querySelectorAll("input[data-filters]").forEach((input) => {
    const select = document.getElementById(input.dataset.filters);
    const status = document.getElementById(`${select.id}_count`);
    input.closest("p").hidden = false;
    input.addEventListener("input", () => narrowLines(select, input.value, status));
  });
  prepare(document);
})();

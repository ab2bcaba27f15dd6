/* The grid of a file: one note for all criteria, to be corrected afterwards. Without it each is noted by itself. */
"use strict";

document.querySelectorAll("[data-all-marks]").forEach((part) => {
  part.hidden = false;
  part.addEventListener("click", ({ target }) => {
    const mark = target.closest("button")?.value;
    if (!mark) return;
    const radios = part.closest("form").querySelectorAll(`.criterion input[type=radio][value="${mark}"]`);
    radios.forEach((radio) => { radio.checked = true; });
    radios[0]?.dispatchEvent(new Event("input", { bubbles: true }));
  });
});

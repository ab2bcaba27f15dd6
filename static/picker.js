/* The orientation picker: a field that narrows the tree, and clears what it opened. Everything also works without it. */
(function () {
  "use strict";

  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  function narrow(picker, text) {
    const words = plain(text).split(/\s+/).filter(Boolean);
    const items = Array.from(picker.querySelectorAll("li"));
    const found = new Set(items.filter((item) => words.every((word) => plain(item.dataset.words).includes(word))));
    items.forEach((item) => {
      const kept = found.has(item) || Array.from(item.querySelectorAll("li")).some((under) => found.has(under))
        || item.querySelector(":scope > .picker-line input:checked");
      item.hidden = words.length > 0 && !kept;
    });
    picker.querySelectorAll("details").forEach((branch) => {
      branch.open = words.length ? Boolean(branch.querySelector("li:not([hidden])")) : Boolean(branch.querySelector("input:checked"));
    });
    const told = found.size > 1 ? `${found.size} orientations` : found.size === 1 ? "1 orientation" : "aucune orientation";
    picker.querySelector("[role=status]").textContent = words.length ? told : "";
  }

  document.querySelectorAll("[data-picker] .picker-filter").forEach((filter) => {
    const picker = filter.closest("[data-picker]");
    const input = filter.querySelector("input");
    filter.hidden = false;
    input.addEventListener("input", () => narrow(picker, input.value));
    input.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  });
})();

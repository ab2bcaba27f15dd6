/* The filters above a list: one that is open closes with Escape, and with a press elsewhere. Without this, each opens and
   closes by its own button. */
"use strict";

const openFilters = () => document.querySelectorAll(".list-filter[open]");

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const filter of openFilters()) {
    const isHeld = filter.contains(document.activeElement);
    filter.open = false;
    if (isHeld) filter.querySelector("summary").focus();
  }
});

document.addEventListener("click", (event) => {
  for (const filter of openFilters()) {
    if (!filter.contains(event.target)) filter.open = false;
  }
});

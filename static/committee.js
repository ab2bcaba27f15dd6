/* The sums of a meeting as its decisions are typed; without it they are those of the last page that was saved. */
"use strict";

function amountOf(text) {
  const plain = text.replace(/[\s\u00a0\u202f€]/g, "").replace(",", ".");
  return /^\d+(\.\d+)?$/.test(plain) ? Number(plain) : 0;
}

function followSums(board) {
  const form = board.closest("form");
  const granting = board.dataset.granting.split(" ");
  const euros = new Intl.NumberFormat("fr-FR", { style: "currency", currency: "EUR", maximumFractionDigits: 2, minimumFractionDigits: 0 });

  function update() {
    let typed = 0;
    for (const row of form.querySelectorAll("tbody tr")) {
      const outcome = row.querySelector("select");
      const amount = row.querySelector("[data-amount]");
      if (outcome && amount && granting.includes(outcome.value)) typed += amountOf(amount.value);
    }
    board.querySelector("[data-typed]").textContent = euros.format(typed);
    const left = board.querySelector("[data-left]");
    if (!left) return;
    const rest = Number(left.dataset.left) - typed;
    left.textContent = rest < 0 ? `dépassée de ${euros.format(-rest)}` : euros.format(rest);
    left.classList.toggle("late", rest < 0);
  }

  for (const hidden of board.querySelectorAll("[data-live]")) hidden.hidden = false;
  form.addEventListener("input", update);
  form.addEventListener("change", update);
  update();
}

document.querySelectorAll("[data-granting]").forEach(followSums);

/* The sums of a meeting as its decisions are typed; without it they are those of the last page that was saved. */
"use strict";

function amountOf(text) {
  const plain = text.replace(/[\s\u00a0\u202f€]/g, "").replace(",", ".");
  return /^\d+(\.\d+)?$/.test(plain) ? Number(plain) : 0;
}

/* « 12 500 € », « 12 500,50 € », as the pages write them. */
function euros(sum) {
  const cents = Math.round(sum * 100) % 100 ? 2 : 0;
  const options = { style: "currency", currency: "EUR", minimumFractionDigits: cents, maximumFractionDigits: cents };
  return new Intl.NumberFormat("fr-FR", options).format(sum);
}

function followSums(board) {
  const form = board.closest("form");
  const granting = board.dataset.granting.split(" ");

  function update() {
    let typed = 0;
    for (const row of form.querySelectorAll("tbody tr")) {
      const outcome = row.querySelector("select");
      const amount = row.querySelector("[data-amount]");
      if (!outcome || !amount || !granting.includes(outcome.value)) continue;
      typed += amountOf(amount.value);
    }
    board.querySelector("[data-typed]").textContent = euros(typed);
    const left = board.querySelector("[data-left]");
    if (!left) return;
    const rest = Number(left.dataset.left) - typed;
    left.textContent = rest < 0 ? `dépassée de ${euros(-rest)}` : euros(rest);
    left.classList.toggle("late", rest < 0);
  }

  for (const hidden of board.querySelectorAll("[data-live]")) hidden.hidden = false;
  form.addEventListener("input", update);
  form.addEventListener("change", update);
  update();
}

document.querySelectorAll("[data-granting]").forEach(followSums);

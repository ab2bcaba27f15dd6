/* The pages of a declaration: rows are added and taken away in place, what contradicts itself and the totals follow what
   is typed (the site reckons them, and says them when it has saved), a limit is counted. All works without it too. */
"use strict";

(() => {
  const form = document.getElementById("page-form");
  if (!form) return;

  function element(tag, text, attributes = {}) {
    const made = document.createElement(tag);
    made.textContent = text;
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  }

  const changed = () => form.dispatchEvent(new Event("input", { bubbles: true }));

  /* --- what contradicts itself ------------------------------------------------------------------------------ */

  const told = form.querySelector("[data-told]");
  let last = null;  // what the site said when it saved
  let isPressed = false;

  function describe(field, key, adds) {
    const keys = (field.getAttribute("aria-describedby") || "").split(" ").filter((one) => one && one !== key);
    if (adds) keys.push(key);
    if (keys.length) field.setAttribute("aria-describedby", keys.join(" "));
    else field.removeAttribute("aria-describedby");
  }

  function tellBeside(name, sentences) {
    const field = document.getElementById(`id_${name}`), box = field?.closest(".field");
    if (!box || box.classList.contains("bad")) return;
    const key = `id_${name}_told`;
    document.getElementById(key)?.remove();
    box.classList.toggle("doubted", sentences.length > 0);
    describe(field, key, sentences.length > 0);
    if (!sentences.length) return;
    const words = element("div", "", { class: "told-text", id: key });
    words.append(...sentences.map((sentence) => element("p", sentence)));
    const before = field.matches("fieldset") ? field.querySelector("ul") : field;
    before.before(words);
  }

  function itemOf({ field, line }) {
    const item = element("li", "");
    item.append(field ? element("a", line, { href: `#id_${field}` }) : line);
    return item;
  }

  /* Nobody is told that a row is not finished while they type in it. What is being pressed does not move away. */
  function tell() {
    if (!last || isPressed) return;
    const row = document.activeElement.closest?.(".form-row");
    const now = last.told.filter(({ field }) => !row || !field || !row.contains(document.getElementById(`id_${field}`)));
    const before = [...form.querySelectorAll(".told-text")].map((words) => words.id.replace(/^id_|_told$/g, ""));
    for (const name of new Set([...before, ...now.map(({ field }) => field).filter(Boolean)])) {
      tellBeside(name, now.filter(({ field }) => field === name).map(({ sentence }) => sentence));
    }
    const said = now.map(({ line }) => line).join("\n");
    if (told.dataset.said === said) return;
    told.dataset.said = said;
    if (!now.length) { told.replaceChildren(); return; }
    const list = element("ul", "");
    list.append(...now.map(itemOf));
    const section = element("section", "", { class: "told", "aria-labelledby": "a-verifier" });
    section.append(element("h2", "À vérifier", { id: "a-verifier" }), list);
    told.replaceChildren(section);
  }

  function reckon({ sums, balance, told: all }) {
    for (const [name, words] of Object.entries(sums || {})) {
      const cell = form.querySelector(`[data-sum="${name}"]`);
      if (cell) cell.textContent = words;
    }
    const bar = form.querySelector("[data-balance]");
    if (!bar || balance === undefined) return;
    bar.textContent = balance.words;
    bar.classList.toggle("is-off", !balance.isEven);
  }

  if (told) {
    told.dataset.said = [...told.querySelectorAll("li")].map((item) => item.textContent.trim().replace(/\s+/g, " ")).join("\n");
    form.addEventListener("saved", ({ detail }) => {
      if (!detail.told) return;
      last = detail;
      form.elements.told.value = detail.mark;
      reckon(detail);
      tell();
    });
    form.addEventListener("focusin", tell);
    document.addEventListener("pointerdown", () => { isPressed = true; });
    for (const end of ["pointerup", "pointercancel"]) {
      document.addEventListener(end, () => { isPressed = false; setTimeout(tell); });
    }
    if ("news" in told.dataset) told.focus();
  }
  form.querySelectorAll("[data-without-script]").forEach((part) => { part.hidden = true; });

  /* In a page of rows and amounts, « Entrée » saves and stays where one is. */
  form.addEventListener("submit", (event) => {
    if (!event.submitter?.matches("[data-enter]")) return;
    event.preventDefault();
    changed();
  });

  /* --- rows ------------------------------------------------------------------------------------------------- */

  function keepRows(rows) {
    const { most, row: what } = rows.dataset;
    const model = rows.querySelector("template"), add = rows.querySelector("[name=more]");
    const status = rows.querySelector(".row-told");
    const all = () => [...rows.querySelectorAll(":scope > .form-row")];
    const ranks = () => all().map((row) => Number(row.dataset.rank));

    function number() {
      all().forEach((row, index) => {
        row.querySelectorAll("[data-number]").forEach((place) => { place.textContent = index + 1; });
      });
      add.hidden = all().length >= Number(most);
    }

    function nextRank() {
      const next = Math.max(-1, ...ranks()) + 1;
      if (next < Number(most)) return next;
      return [...Array(Number(most)).keys()].find((rank) => !ranks().includes(rank));
    }

    function fill(row, rank) {
      for (const part of [row, ...row.querySelectorAll("*")]) {
        for (const { name, value } of [...part.attributes]) {
          if (value.includes("__rank__")) part.setAttribute(name, value.replaceAll("__rank__", rank));
        }
      }
      return row;
    }

    const firstField = (row) => row.querySelector("input, select, textarea");

    function addRow() {
      const rank = nextRank();
      if (rank === undefined) return;
      const row = fill(model.content.firstElementChild.cloneNode(true), rank);
      row.querySelectorAll("[data-limit]").forEach(count);
      model.before(row);
      number();
      firstField(row).focus();
      status.replaceChildren();
    }

    function takeAway(row) {
      const place = all().indexOf(row) + 1, after = row.nextElementSibling;
      row.remove();
      number();
      const back = element("button", "Remettre", { type: "button", class: "btn quiet small" });
      back.addEventListener("click", () => {
        (after.isConnected ? after : model).before(row);
        number();
        changed();
        firstField(row).focus();
        status.replaceChildren();
      });
      status.replaceChildren(`${what} ${place} retiré. `, back);
      changed();
      const near = all()[Math.min(place, all().length) - 1];
      (near ? firstField(near) : add).focus();
    }

    rows.addEventListener("click", (event) => {
      const button = event.target.closest("[name=more], [name=less]");
      if (!button || button.closest("template")) return;
      event.preventDefault();
      if (button.name === "more") addRow();
      else takeAway(button.closest(".form-row"));
    });
  }

  /* --- limits ----------------------------------------------------------------------------------------------- */

  const NEAR = 0.75;

  /* Seen at each key; heard when one stops typing. A short field says nothing before its limit is near. */
  function count(field) {
    const limit = Number(field.dataset.limit), whole = limit.toLocaleString("fr-FR");
    const seen = element("p", "", { class: "counter", "aria-hidden": "true" });
    const heard = element("p", "", { class: "hidden", role: "status" });
    field.after(seen, heard);
    let pause = null;

    function words() {
      const length = [...field.value.trim().replace(/\r\n?/g, "\n")].length;
      const isPassed = length > limit;
      seen.classList.toggle("is-passed", isPassed);
      if (field.tagName !== "TEXTAREA" && length < limit * NEAR) return "";
      const many = (number, text) => `${number.toLocaleString("fr-FR")} ${text}${number > 1 ? "s" : ""}`;
      return isPassed ? `${many(length - limit, "caractère")} de trop` : `${many(length, "caractère")} sur ${whole}`;
    }

    seen.textContent = words();
    field.addEventListener("input", () => {
      seen.textContent = words();
      clearTimeout(pause);
      pause = setTimeout(() => { heard.textContent = seen.textContent; }, 1500);
    });
  }

  form.querySelectorAll("[data-rows]").forEach(keepRows);
  form.querySelectorAll("[data-limit]").forEach(count);
})();

/* The tree list: drag and drop over the same form that the buttons post, the focus kept where it was,
   and what the server answered said aloud. Everything here also works without it. */
(function () {
  "use strict";

  const memory = window.sessionStorage;
  const list = document.getElementById("result_list");
  const drop = document.getElementById("tree-drop");

  function announce(text) {
    const region = document.getElementById("tree-announce");
    if (region && text) window.setTimeout(() => { region.textContent = text; }, 150);
  }

  function keepFocus() {
    const kept = memory.getItem("tree-focus");
    if (kept === null) return;
    memory.removeItem("tree-focus");
    const [name, key] = kept.split(":");
    const button = list.querySelector(`button[value="${CSS.escape(name)}:${CSS.escape(key)}"]`);
    const branch = button && button.closest("details");
    if (branch) branch.open = true;
    if (button) button.focus();
    announce(Array.from(document.querySelectorAll(".messagelist li"), (item) => item.textContent.trim()).join(" "));
  }

  function zone(row, y) {
    const box = row.getBoundingClientRect();
    const part = (y - box.top) / box.height;
    return part < 0.3 ? "left" : part > 0.7 ? "right" : "last-child";
  }

  const marks = { left: "drop-before", right: "drop-after", "last-child": "drop-inside" };

  function clear() {
    list.querySelectorAll(".drop-before, .drop-after, .drop-inside").forEach((row) => row.classList.remove(...Object.values(marks)));
  }

  function dragging() {
    let moved = null;
    list.addEventListener("dragstart", (event) => {
      const handle = event.target.closest(".drag");
      if (!handle) return;
      moved = handle.closest(".tree-row");
      moved.classList.add("dragged");
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", moved.dataset.code);
      event.dataTransfer.setDragImage(moved, 20, 12);
    });
    list.addEventListener("dragover", (event) => {
      const row = event.target.closest(".tree-row");
      if (!moved || !row || row === moved) return;
      event.preventDefault();
      clear();
      row.classList.add(marks[zone(row, event.clientY)]);
    });
    list.addEventListener("drop", (event) => {
      const row = event.target.closest(".tree-row");
      if (!moved || !row || row === moved) return;
      event.preventDefault();
      const fields = drop.querySelectorAll("input");
      const values = ["move_node", moved.dataset.pk, row.dataset.pk, zone(row, event.clientY)];
      fields.forEach((field, index) => { field.value = values[index]; });
      memory.setItem("tree-focus", `bas:${moved.dataset.pk}`);
      drop.closest("form").submit();
    });
    list.addEventListener("dragend", () => {
      if (moved) moved.classList.remove("dragged");
      moved = null;
      clear();
    });
  }

  if (list && drop) {
    dragging();
    // After the browser has gone to the row of the address, which takes the focus away.
    window.addEventListener("load", () => window.setTimeout(keepFocus, 0));
    list.addEventListener("click", (event) => {
      const button = event.target.closest("button[name=pas]");
      if (button) memory.setItem("tree-focus", button.value);
    });
    // In the field of the reason, Enter must not press the first button of the list.
    const reason = document.getElementById("id_tree_reason");
    if (reason) reason.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  }
})();

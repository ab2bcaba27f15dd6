/* What makes the public pages quicker to use. Every page works without it. */
"use strict";

/* The outline: which branches are open stands in the address, so that the page can be sent as it is seen. */
function mirrorOutline(outline) {
  const LONGEST = 1500;
  const branches = [...outline.querySelectorAll("details[data-code]")];
  const isShown = (branch) => !branch.parentElement.closest("details:not([open])");

  function state() {
    const shown = branches.filter(isShown);
    const closed = shown.filter((branch) => !branch.open).map((branch) => branch.dataset.code);
    const opened = shown.filter((branch) => branch.open).map((branch) => branch.dataset.code);
    if (!closed.length) return "folded" in outline.dataset ? ["ouvert", "tout"] : [];
    if (!opened.length) return ["ouvert", "rien"];
    return opened.length < closed.length ? ["ouvert", opened.join(",")] : ["ferme", closed.join(",")];
  }

  let written = state().join("=");
  let isPrinting = false;

  function write() {
    const [name, value] = state();
    if (isPrinting || written === (name ? `${name}=${value}` : "") || (value && value.length > LONGEST)) return;
    written = name ? `${name}=${value}` : "";
    const address = new URL(location.href);
    address.searchParams.delete("ouvert");
    address.searchParams.delete("ferme");
    const kept = address.searchParams.toString();
    const query = [kept, name ? `${name}=${encodeURIComponent(value).replaceAll("%2C", ",")}` : ""];
    address.search = query.filter(Boolean).join("&");
    history.replaceState(history.state, "", address);
  }

  outline.addEventListener("toggle", write, true);

  /* Browsers that cannot print a closed branch by the style sheet alone. */
  let reclosed = [];
  addEventListener("beforeprint", () => {
    isPrinting = true;
    reclosed = [...document.querySelectorAll("details:not([open])")];
    for (const branch of reclosed) branch.open = true;
  });
  addEventListener("afterprint", () => {
    for (const branch of reclosed) branch.open = false;
    reclosed = [];
    setTimeout(() => { isPrinting = false; }, 100);
  });
}

/* Copy the text of the element that the button names. */
function offerCopy(button) {
  if (!navigator.clipboard) return;
  const said = document.querySelector("[data-copied]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy).textContent.replace(/\s+/g, " ").trim();
    try {
      await navigator.clipboard.writeText(text);
      said.textContent = "Copiée.";
    } catch {
      said.textContent = "Le navigateur refuse : sélectionnez le texte.";
    }
  });
}

document.querySelectorAll("[data-outline]").forEach(mirrorOutline);
document.querySelectorAll("[data-copy]").forEach(offerCopy);

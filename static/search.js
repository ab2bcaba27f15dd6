/* The search box: what answers is proposed while one types (a combobox with a list, as the ARIA practices have it).
   Without it, and offline, the form is sent like any other. */
(function () {
  "use strict";

  const WAIT = 150; // ms without a key before asking
  const LEAST = 2; // letters

  function made(name, className, text) {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  }

  /* One line of the list: the kind, the title with the words found marked, the code, the place. */
  function option(hit, id) {
    const line = made("li");
    line.id = id;
    line.setAttribute("role", "option");
    line.setAttribute("aria-selected", "false");
    line.dataset.address = hit.address;
    const title = made("span", hit.is_wording ? "wording" : "name");
    hit.wording.forEach(([text, isHit]) => title.append(isHit ? made("mark", "", text) : text));
    line.append(made("span", "level", hit.code ? `${hit.kind} ${hit.code}` : hit.kind), " ", title);
    if (hit.context) line.append(" ", made("span", "soft", hit.context));
    return line;
  }

  function propose(form) {
    const input = form.querySelector("input[name=q]");
    const list = made("ul", "proposals");
    const status = made("span", "visually-hidden");
    let timer = 0;
    let request = null;
    let active = -1;

    list.id = `${input.id}-propositions`;
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Propositions");
    status.setAttribute("role", "status");
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", list.id);
    input.parentElement.append(list, status);

    function show(isOpen) {
      list.hidden = !isOpen;
      input.setAttribute("aria-expanded", String(isOpen));
      choose(-1);
    }

    function choose(place) {
      active = place;
      [...list.children].forEach((line, number) => line.setAttribute("aria-selected", String(number === place)));
      if (place < 0) {
        input.removeAttribute("aria-activedescendant");
        return;
      }
      input.setAttribute("aria-activedescendant", list.children[place].id);
      list.children[place].scrollIntoView({ block: "nearest" });
    }

    function close() {
      clearTimeout(timer);
      if (request) request.abort();
      show(false);
      status.textContent = "";
    }

    async function ask(text) {
      if (request) request.abort();
      request = new AbortController();
      const { signal } = request;
      try {
        const address = `${form.dataset.suggestions}?${new URLSearchParams({ q: text })}`;
        const answer = await fetch(address, { headers: { Accept: "application/json" }, signal });
        if (!answer.ok) throw new Error(String(answer.status));
        const { hits, said } = await answer.json();
        if (signal.aborted) return;
        list.replaceChildren(...hits.map((hit, number) => option(hit, `${list.id}-${number}`)));
        show(hits.length > 0);
        status.textContent = said;
      } catch {
        if (!signal.aborted) close(); // too many, or no network: the form still works
      }
    }

    input.addEventListener("input", (event) => {
      clearTimeout(timer);
      const text = input.value.trim();
      if (event.isComposing) return;
      if (text.length < LEAST || !navigator.onLine) close();
      else timer = setTimeout(() => ask(text), WAIT);
    });

    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      const lines = list.children.length;
      const isOpen = !list.hidden;
      if ((event.key === "ArrowDown" || event.key === "ArrowUp") && lines && !event.altKey) {
        event.preventDefault();
        if (!isOpen) show(true);
        const step = event.key === "ArrowDown" ? 1 : -1;
        choose(((active + 1 + step + lines + 1) % (lines + 1)) - 1); // beyond either end, the field itself
      } else if (event.key === "Escape" && isOpen) {
        event.preventDefault(); // a first time closes, a second one empties the field
        close();
      } else if (event.key === "Enter" && isOpen && active >= 0) {
        event.preventDefault();
        location.assign(list.children[active].dataset.address);
      } else if (event.key === "ArrowLeft" || event.key === "ArrowRight" || event.key === "Home" || event.key === "End") {
        choose(-1);
      }
    });

    input.addEventListener("blur", close);
    form.addEventListener("submit", close);
    list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
    list.addEventListener("click", (event) => {
      const line = event.target.closest("[role=option]");
      if (line) location.assign(line.dataset.address);
    });
  }

  document.querySelectorAll("form[data-suggestions]").forEach(propose);
})();

/* What somebody types is not lost: the session is kept alive and its end is said beforehand, the token of a page that
   stayed open is renewed, forms are saved as one types, and a draft stays on the device. All works without it too. */
"use strict";

(() => {
  const me = { ...document.currentScript.dataset };
  const main = document.querySelector("main");
  const TOKEN = "csrfmiddlewaretoken";
  const MINUTE = 60_000;

  function element(tag, text, attributes = {}) {
    const made = document.createElement(tag);
    made.textContent = text;
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  }

  function button(text, act) {
    const made = element("button", text, { type: "button", class: "btn quiet small button" });
    made.addEventListener("click", act);
    return made;
  }

  const loginLink = () => element("a", "Se reconnecter dans un autre onglet", { href: me.login, target: "_blank" });

  /* --- who is there, and for how long ---------------------------------------------------------------------- */

  // A live region is announced when it is filled, so it is there from the start.
  const told = element("div", "", { role: "status", class: "session-end" });
  main.prepend(told);
  const say = (text, ...ways) => told.replaceChildren(...(text ? [element("p", text), ...ways] : []));

  let resume = [];  // what waits for somebody to be there again
  let timer = null;

  /* « here »: who opened the page, whose token is now in all its forms; « nobody »; « other »: somebody else. */
  async function presence(method = "GET") {
    const headers = { Accept: "application/json" };
    if (method === "POST") headers["X-CSRFToken"] = document.querySelector(`input[name=${TOKEN}]`)?.value ?? "";
    const options = { method, headers, cache: "no-store", signal: AbortSignal.timeout(5000) };
    const answer = await fetch(me.presence, options);
    if (answer.status === 403 && method === "POST") return await presence() === "here" ? presence("POST") : "nobody";
    if (!answer.ok) throw new Error(String(answer.status));
    const now = await answer.json();
    if (now.account === null) return tellClosed();
    if (String(now.account) !== me.account) return tellOther(now);
    return here(now);
  }

  function here(now) {
    document.querySelectorAll(`input[name=${TOKEN}]`).forEach((field) => { field.value = now.token; });
    const warned = Math.min(300, Number(me.limit) / 6);
    if (now.idle <= warned) tellEnd(now);
    else say("");
    // Looked at again when it is time to warn, then each minute. A long wait is cut: no timer lasts for weeks.
    plan(now.idle > warned ? Math.min((now.idle - warned) * 1000, 60 * MINUTE) : Math.min(MINUTE, now.idle * 1000 + 1000));
    resume.forEach((act) => act());
    return "here";
  }

  function plan(pause) {
    clearTimeout(timer);
    timer = setTimeout(() => presence().catch(() => plan(MINUTE)), pause);
  }

  function tellEnd(now) {
    const minutes = Math.max(1, Math.round(now.idle / 60));
    const soon = minutes === 1 ? "dans une minute" : `dans ${minutes} minutes`;
    if (now.whole <= now.idle) {
      say(`Votre session se fermera ${soon} : elle a atteint sa durée la plus longue. Enregistrez, puis reconnectez-vous.`, loginLink());
    } else if (!told.firstChild || minutes === 1) {
      say(`Sans action de votre part, votre session se fermera ${soon}.`, button("Rester connecté", () => stay()));
    }
  }

  function tellClosed() {
    say("Votre session est fermée. Ce que vous avez écrit reste dans cette page : reconnectez-vous, puis continuez ici.", loginLink());
    plan(MINUTE);
    return "nobody";
  }

  function tellOther(now) {
    const goOn = button(`Continuer comme ${now.name}`, () => {
      Object.assign(me, { account: String(now.account), name: now.name });
      here(now);
    });
    say(`Vous êtes maintenant connecté comme ${now.name}. Cette page a été ouverte par ${me.name} : rien n’y est enregistré sous un autre nom sans votre accord.`, goOn);
    return "other";
  }

  const stay = () => presence("POST").catch(() => plan(MINUTE));

  /* Typing is activity, also on a page that is only saved by its button. */
  let stayed = Date.now();
  main.addEventListener("input", () => {
    if (Date.now() - stayed < Number(me.limit) * 1000 / 6) return;
    stayed = Date.now();
    stay();
  });
  // Back from another tab, where one may have logged in, or after the computer slept.
  document.addEventListener("visibilitychange", () => { if (!document.hidden) presence().catch(() => {}); });
  addEventListener("focus", () => presence().catch(() => {}));
  plan(Math.max(1000, (Number(me.idle) - Math.min(300, Number(me.limit) / 6)) * 1000));

  /* --- drafts on the device -------------------------------------------------------------------------------- */

  const DRAFT = "draft", LIFE = 7 * 24 * 60 * MINUTE;
  const TEXTS = ["text", "email", "url", "tel", "number", "date", "datetime-local", "search"];
  const isText = (field) => field.name && (field.type === "textarea" || TEXTS.includes(field.type));
  const texts = (form) => [...form.elements].filter(isText);
  const isSecret = (form) => Boolean(form.querySelector("input[type=password], [autocomplete=one-time-code]"));

  const offers = new WeakMap();  // by form: what is offered and not yet taken up, by field

  const drafts = {
    name(form) { return `${me.account}|${location.pathname}|${form.id || form.getAttribute("action") || ""}`; },
    read(name) {
      try { return JSON.parse(localStorage.getItem(`${DRAFT}|${name}`)); } catch { return null; }
    },
    write(form) {
      const offered = offers.get(form);
      const fields = texts(form).map((field) => [field.name, offered?.get(field) ?? field.value]);
      // A device that is full, or that keeps nothing, is no reason to stop typing.
      try { localStorage.setItem(`${DRAFT}|${drafts.name(form)}`, JSON.stringify({ at: Date.now(), fields })); } catch { /* */ }
    },
    remove(name) { try { localStorage.removeItem(`${DRAFT}|${name}`); } catch { /* */ } },
    /* Those that are too old, whoever wrote them; with a name, all those of an account. */
    clean(account) {
      try {
        for (const key of Object.keys(localStorage).filter((one) => one.startsWith(`${DRAFT}|`))) {
          const draft = drafts.read(key.slice(DRAFT.length + 1));
          if (!draft || Date.now() - draft.at > LIFE || key.startsWith(`${DRAFT}|${account}|`)) localStorage.removeItem(key);
        }
      } catch { /* */ }
    },
  };

  function keepDraft(form) {
    const shown = texts(form);
    if (!shown.length || isSecret(form)) return;
    offerDraft(form, drafts.read(drafts.name(form)));
    form.addEventListener("input", (event) => { if (isText(event.target)) drafts.write(form); });
  }

  /* The fields of a draft that its form shows otherwise; several may have one name. */
  function differing(form, draft) {
    const left = texts(form);
    return draft.fields.flatMap(([name, value]) => {
      const at = left.findIndex((field) => field.name === name);
      const [field] = at < 0 ? [] : left.splice(at, 1);
      return field && field.value !== value ? [[field, value]] : [];
    });
  }

  /* What comes back is seen: what was folded opens, also where only one of several is open at a time. */
  function unfold(field) {
    for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) {
      fold.removeAttribute("name");
      fold.open = true;
    }
  }

  function offerDraft(form, draft) {
    const name = drafts.name(form);
    if (!draft) return;
    const changes = differing(form, draft);
    if (!changes.length) { drafts.remove(name); return; }
    const moment = new Date(draft.at);
    const day = moment.toLocaleDateString("fr-FR", { day: "numeric", month: "long" }).replace(/^1 /, "1er ");
    const hour = moment.toLocaleTimeString("fr-FR", { hour: "numeric", minute: "2-digit" }).replace(":", " h ");
    const offer = element("div", "", { class: "given-back", role: "status" });
    // Whoever writes elsewhere on the page has not said what becomes of it: it stays on the device.
    offers.set(form, new Map(changes));
    form.addEventListener("input", (event) => offers.get(form)?.delete(event.target));
    const close = () => { offer.remove(); offers.delete(form); drafts.remove(name); };
    offer.append(
      element("p", `Un texte non enregistré du ${day} à ${hour} est resté sur cet appareil.`),
      button("Le reprendre", () => {
        close();
        for (const [field, value] of changes) {
          field.value = value;
          unfold(field);
          field.dispatchEvent(new Event("input", { bubbles: true }));
        }
        changes[0][0].focus();
      }),
      button("L’effacer", close),
    );
    form.before(offer);
  }

  /* --- saving as one types --------------------------------------------------------------------------------- */

  /* Save what is typed, a moment after the last key. The button still saves, whatever happens here. */
  function saveAsOneTypes(form) {
    const PAUSE = 2500, LEFT = 300, RETRY = 15_000;
    const line = form.querySelector("[data-saved]");
    let pending = null, isSaving = false, isDirty = false, waits = false;

    const tell = (words) => line.replaceChildren(element("span", words));

    function soon(pause) {
      clearTimeout(pending);
      pending = setTimeout(save, pause);
    }

    /* Only texts: a file goes with the button. */
    const body = () => new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
    const send = () => fetch(form.getAttribute("action") || location.href, {
      method: "POST", body: body(), headers: { Accept: "application/json" }, redirect: "manual",
    });
    const isRefused = (answer) => answer.type === "opaqueredirect" || [403, 404].includes(answer.status);

    async function save() {
      if (isSaving) { soon(PAUSE); return; }
      isSaving = true;
      isDirty = waits = false;
      try {
        let answer = await send();
        if (isRefused(answer)) {
          const who = await presence();
          if (who === "here") answer = await send();
          else { wait(who); return; }
        }
        if (isRefused(answer)) {
          isDirty = true;
          tell("Non enregistré : vous n’avez pas, ou plus, le droit d’écrire ici. Copiez votre texte avant de quitter cette page.");
        } else if (answer.status === 409 || answer.status === 422) {
          isDirty = true;
          tell((await answer.json()).error);
        } else if (answer.ok) {
          done(await answer.json());
        } else {
          throw new Error(String(answer.status));
        }
      } catch {
        isDirty = true;
        tell("Non enregistré : pas de réponse du site. Un nouvel essai se fera tout seul ; ne fermez pas cette page.");
        soon(RETRY);
      } finally {
        isSaving = false;
      }
    }

    function wait(who) {
      isDirty = waits = true;
      if (who === "other") {
        tell("Non enregistré : une autre personne est connectée dans ce navigateur. Dites d’abord si vous continuez sous son nom.");
        return;
      }
      tell("Non enregistré : votre session est fermée. Reconnectez-vous dans un autre onglet : l’enregistrement reprendra tout seul.");
      soon(RETRY);
    }

    function done(said) {
      form.dispatchEvent(new CustomEvent("saved", { detail: said }));
      if (said.base !== undefined && form.elements.base) form.elements.base.value = said.base;
      if (said.clashes) {
        isDirty = true;
        tell("Quelqu’un d’autre a changé la même réponse que vous : enregistrez avec le bouton, vous choisirez laquelle garder.");
        return;
      }
      if (!isDirty) {
        if (offers.has(form)) drafts.write(form);
        else drafts.remove(drafts.name(form));
      }
      tell(`Enregistré à ${said.saved}.${said.taken ? " Quelqu’un d’autre a aussi changé cette partie : rechargez la page pour le voir." : ""}`);
    }

    if (form.previousElementSibling?.matches("[data-given-back]")) {
      isDirty = true;
      tell("Pas encore enregistré : vérifiez, puis enregistrez.");
    }
    form.addEventListener("input", (event) => {
      if (event.target.type === "file" || event.target.closest("[data-by-button]")) return;
      isDirty = true;
      soon(PAUSE);
    });
    // A field that one leaves is saved at once: what the page reckons follows.
    form.addEventListener("change", (event) => { if (isDirty && event.target.type !== "file") soon(LEFT); });
    form.addEventListener("submit", (event) => { if (!event.defaultPrevented) { isDirty = false; clearTimeout(pending); } });
    resume.push(() => { if (waits) soon(0); });
    addEventListener("beforeunload", (event) => { if (isDirty || isSaving) event.preventDefault(); });
  }

  /* --- before a form leaves -------------------------------------------------------------------------------- */

  const isLogout = (form) => form.matches("#logout-form, [action$='/deconnexion/']");
  const looking = new WeakSet(), looked = new WeakSet();

  /* Its token may be of a session that is over, or its author somebody else than who is logged in now. A closed
     session is no hindrance: the site keeps what is sent until one has logged in. */
  async function look(form, submitter) {
    looking.add(form);
    const who = await presence().catch(() => "unknown");
    looking.delete(form);
    if (who === "other") { told.querySelector("button").focus(); return; }
    looked.add(form);
    form.requestSubmit(submitter);
    looked.delete(form);
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if ((form.getAttribute("method") || "").toLowerCase() !== "post" || event.defaultPrevented) return;
    if (isLogout(form)) { drafts.clean(me.account); return; }
    if (looked.has(form)) return;
    event.preventDefault();
    if (looking.has(form)) return;
    if (!form.elements[DRAFT] && !isSecret(form)) {
      form.append(element("input", "", { type: "hidden", name: DRAFT, value: drafts.name(form) }));
    }
    look(form, event.submitter);
  });

  /* --- this page ------------------------------------------------------------------------------------------- */

  drafts.clean();
  JSON.parse(me.drafts || "[]").forEach(drafts.remove);
  main.querySelectorAll("form[method=post]").forEach(keepDraft);
  main.querySelectorAll("form[data-autosave]").forEach(saveAsOneTypes);
  document.querySelector(".error-summary[role=alert], [data-given-back]")?.focus();
})();

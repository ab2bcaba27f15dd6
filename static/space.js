/* The lead's form: saved as one types, errors that are heard. Everything works without it. */
"use strict";

/* Save what is typed, a moment after the last key. The button still saves, whatever happens here. */
function saveAsOneTypes(form) {
  const PAUSE = 2500, RETRY = 15000;
  const told = form.querySelector("[data-saved]");
  let timer = null, isSaving = false, isDirty = false;

  function tell(words) {
    const line = document.createElement("span");
    line.textContent = words;
    told.replaceChildren(line);
  }

  function soon(pause) {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  }

  async function save() {
    if (isSaving) { soon(PAUSE); return; }
    isSaving = true;
    isDirty = false;
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { Accept: "application/json" },
        redirect: "manual",
      });
      if (answer.type === "opaqueredirect" || answer.status === 403) {
        isDirty = true;
        tell("Non enregistré : votre session est fermée. Reconnectez-vous dans un autre onglet, puis continuez ici.");
        soon(RETRY);
      } else if (answer.status === 409) {
        isDirty = true;
        tell((await answer.json()).error);
      } else if (!answer.ok) {
        throw new Error(String(answer.status));
      } else {
        const said = await answer.json();
        form.elements.base.value = said.base;
        if (said.clashes) {
          isDirty = true;
          tell("Quelqu’un d’autre a changé la même réponse que vous : enregistrez avec le bouton, vous choisirez laquelle garder.");
        } else {
          tell(`Enregistré à ${said.saved}.${said.taken ? " Quelqu’un d’autre a aussi changé cette partie : rechargez la page pour le voir." : ""}`);
        }
      }
    } catch {
      isDirty = true;
      tell("Non enregistré : pas de réponse du site. Un nouvel essai se fera tout seul ; ne fermez pas cette page.");
      soon(RETRY);
    } finally {
      isSaving = false;
    }
  }

  form.addEventListener("input", () => { isDirty = true; soon(PAUSE); });
  form.addEventListener("submit", () => { isDirty = false; clearTimeout(timer); });
  addEventListener("beforeunload", (event) => { if (isDirty || isSaving) event.preventDefault(); });
}

document.querySelectorAll("form[data-autosave]").forEach(saveAsOneTypes);
document.querySelector(".error-summary[role=alert]")?.focus();

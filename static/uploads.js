/* A file is weighed before it leaves: one that is too heavy is not sent. Without this, the site says the same. */
"use strict";

/* « 15,2 Mo », rounded up: a file that is refused never seems to be of the size that is allowed. */
function weight(bytes) {
  return `${(Math.ceil(bytes / 1024 / 102.4) / 10).toLocaleString("fr-FR")}\u00a0Mo`;
}

/* What stays of it in the form: its name, so that the site says again why it is not there. */
function refused(input, id, name) {
  const field = document.createElement("input");
  field.type = "hidden";
  field.id = id;
  field.name = `${input.name}_too_heavy`;
  field.value = name;
  if (input.hasAttribute("form")) field.setAttribute("form", input.getAttribute("form"));
  return field;
}

function weigh(input) {
  const id = `${input.id}-weight`;
  const hints = (input.getAttribute("aria-describedby") ?? "").split(" ").filter((hint) => hint && hint !== id);
  const heavy = [...input.files].find((file) => file.size > Number(input.dataset.most));
  document.getElementById(id)?.remove();
  document.getElementById(`${id}-sent`)?.remove();
  input.closest(".field")?.classList.toggle("bad", Boolean(heavy));
  if (heavy) {
    const line = document.createElement("span");
    line.id = id;
    line.className = "bad-text errornote";
    line.setAttribute("role", "alert");
    line.textContent = `«\u00a0${heavy.name}\u00a0» pèse ${weight(heavy.size)}. ${input.dataset.tooLarge}`;
    input.before(line, refused(input, `${id}-sent`, heavy.name));
    input.setAttribute("aria-invalid", "true");
    input.value = "";
    hints.push(id);
  } else {
    input.removeAttribute("aria-invalid");
  }
  input.setAttribute("aria-describedby", hints.join(" "));
}

document.addEventListener("change", (event) => {
  if (event.target.matches("input[type=file][data-most]")) weigh(event.target);
});

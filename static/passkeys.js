/* Passkeys: offered where the browser knows them, and what went wrong is said. Without this, one has the password. */
"use strict";

{
  const form = document.getElementById("passkey");
  const said = document.getElementById("passkey-error");
  if (window.PublicKeyCredential) form.hidden = false;
  else said.textContent = "Ce navigateur ne connaît pas les clés d’accès.";
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    said.textContent = event.detail.exception?.name === "NotAllowedError"
      ? "La clé n’a pas répondu, ou vous avez renoncé : recommencez quand vous voulez."
      : "Cette clé n’a pas pu servir ici : essayez-en une autre, ou un autre moyen.";
  });
}

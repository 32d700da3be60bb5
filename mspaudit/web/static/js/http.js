// Requests the page sends by itself: the CSRF token goes along, and a failure is said in words.
// Loaded before htmx, so that its very first request already carries the token.

const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

document.addEventListener("htmx:config:request", (event) => {
  const { request } = event.detail.ctx;
  if (request.method !== "GET") request.headers["X-CSRFToken"] = token();
});

const REASONS = {
  400: "La page est restée ouverte trop longtemps. Rien n’a été changé : rechargez-la et recommencez.",
  401: "Votre session est terminée. Rien n’a été changé : reconnectez-vous.",
  403: "Vous n’avez pas le droit de faire cela. Rien n’a été changé.",
  404: "Cette page n’existe plus. Rien n’a été changé : rechargez la liste.",
  413: "Ce fichier est trop lourd. Rien n’a été envoyé.",
  429: "Trop de demandes en peu de temps. Rien n’a été changé : attendez une minute.",
};
const BROKEN = "Une panne est survenue de notre côté. Nous en sommes avertis : réessayez dans une minute.";
const OFFLINE = "Connexion perdue. Rien n’a été changé : réessayez quand elle revient.";

function say(text) {
  const region = document.getElementById("toasts");
  if (!region) return;
  const notice = document.createElement("div");
  notice.className = "ma-flash ma-flash-error";
  const words = document.createElement("span");
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn btn-link ms-auto";
  close.textContent = "Fermer";
  close.addEventListener("click", () => notice.remove());
  notice.append(words, close);
  region.replaceChildren(notice);
}

document.addEventListener("htmx:response:error", (event) => {
  const { status } = event.detail.ctx.response;
  if (status !== 409 && status !== 422) say(REASONS[status] ?? BROKEN); // those two answer in place
});
document.addEventListener("htmx:error", (event) => {
  if (event.detail.error instanceof TypeError) say(OFFLINE); // fetch throws a TypeError when the network is gone
});

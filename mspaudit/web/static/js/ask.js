// Answers are saved as they are given: <form data-autosave action="…" method="post"> with a [data-saved] line.
// Each change is first written on this device, then sent; it is forgotten only once the server has it. A lost
// connection therefore loses nothing, and the page works as a plain form without this script.
// The server answers { saved, version }, or { error } with 422 (something is missing) or 409 (someone else answered
// meanwhile: the form is then sent as a page, where both answers are shown). Neither is dropped from another page.
// What is kept belongs to the reader named by <meta name="reader">: nobody else's session ever sends it.

const PREFIX = "ma-kept";
const LOST = "Connexion perdue. Votre réponse est gardée sur ce téléphone et partira seule.";
const EXPIRED = "Votre session est terminée. Votre réponse est gardée sur ce téléphone : reconnectez-vous.";
const REFUSED = "Cette réponse n’a pas pu être enregistrée. Rechargez la page pour voir où elle en est.";
const FIRST_WAIT = 2000;
const LONGEST_WAIT = 60000;

const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";
const reader = meta("reader");
const form = document.querySelector("form[data-autosave]");
let running = false;
let wait = FIRST_WAIT;
let timer;

/** localStorage, or memory where the browser refuses it. */
const store = (() => {
  try {
    localStorage.setItem(`${PREFIX}?`, "");
    localStorage.removeItem(`${PREFIX}?`);
    return localStorage;
  } catch {
    const kept = {};
    Object.defineProperties(kept, {
      getItem: { value: (key) => kept[key] ?? null },
      setItem: { value: (key, value) => { kept[key] = value; } },
      removeItem: { value: (key) => { delete kept[key]; } },
    });
    return kept;
  }
})();

const keyOf = (action) => `${PREFIX}|${reader}|${action}`;
const keptKeys = () => Object.keys(store).filter((key) => key.startsWith(`${PREFIX}|${reader}|`));
const actionOf = (key) => key.slice(`${PREFIX}|${reader}|`.length);
const addressOf = (element) => new URL(element.getAttribute("action") || "", location.href).pathname;

function say(state, text) {
  const line = document.querySelector("[data-saved]");
  if (!line) return;
  line.dataset.state = state;
  line.querySelector("span").textContent = text;
}

function keep(element) {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(element)) {
    if (name !== "csrf_token" && typeof value === "string") body.append(name, value);
  }
  body.set("answered_at", new Date().toISOString());
  store.setItem(keyOf(addressOf(element)), body.toString());
}

/** What the server says: { saved or error, version }. */
async function read(response) {
  const text = await response.text();
  if (response.headers.get("content-type")?.includes("json")) return JSON.parse(text);
  const page = new DOMParser().parseFromString(text, "text/html");
  return { saved: page.querySelector("[data-saved]")?.textContent.trim() };
}

/** Shows on the form what this device keeps of it: the page was closed before it could leave. */
function restore() {
  const kept = form && store.getItem(keyOf(addressOf(form)));
  for (const [name, value] of new URLSearchParams(kept ?? "")) {
    if (form.elements[name]) form.elements[name].value = value;
  }
}

/** Sends one kept answer. True when it is settled, false when it must wait. */
async function send(key) {
  const body = store.getItem(key);
  const here = form !== null && actionOf(key) === addressOf(form);
  const response = await fetch(actionOf(key), {
    method: "POST",
    headers: { Accept: "application/json", "X-CSRFToken": meta("csrf-token"), "X-Autosave": "1" },
    body: new URLSearchParams(body),
    redirect: "manual",
    keepalive: true,
  });
  if (response.type === "opaqueredirect" || [400, 401, 403].includes(response.status)) {
    if (here) say("kept", EXPIRED);
    return false;
  }
  if (response.status === 429 || response.status >= 500) throw new TypeError("unavailable");
  if (!here && [409, 422].includes(response.status)) return false;
  const answer = await read(response);
  if (store.getItem(key) === body) store.removeItem(key);
  if (here) settle(response, answer);
  return true;
}

function settle(response, answer) {
  if (response.status === 409) {
    form.submit();
  } else if (response.status === 422) {
    say("missing", answer.error);
  } else if (response.ok) {
    if (answer.version !== undefined && form.elements.version) form.elements.version.value = answer.version;
    say("saved", answer.saved || "Enregistré");
  } else {
    say("kept", answer.error || REFUSED);
  }
}

async function flush() {
  if (running) return;
  running = true;
  clearTimeout(timer);
  try {
    for (let keys = keptKeys(), sent = true; sent && keys.length; keys = keptKeys()) {
      for (const key of keys) sent = (await send(key)) && sent;
    }
    wait = FIRST_WAIT;
  } catch {
    say("kept", LOST);
    timer = setTimeout(flush, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  } finally {
    running = false;
  }
}

form?.addEventListener("change", (event) => {
  if (event.target.type === "file") return;
  keep(form);
  say("saving", "Enregistrement…");
  flush();
});

form?.addEventListener("submit", (event) => {
  // A newer answer must not be overwritten later by an older one that waits.
  if (!navigator.onLine || store.getItem(keyOf(addressOf(form)))) keep(form);
  if (navigator.onLine) return;
  event.preventDefault();
  say("kept", LOST);
});

addEventListener("online", flush);
restore();
flush();

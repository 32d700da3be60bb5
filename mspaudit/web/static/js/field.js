// What someone tells of their day: <form data-field>, sent without a name, an account or a cookie.
// A report is written on this device when « Envoyer » is pressed, then sent; it is forgotten once the server has it.
// Its identifier is drawn here at random, so that sending it twice writes it once. The page works without this script.
// Before anything leaves, words that look like somebody's name are shown (mspaudit/fieldwork/naming.py asks again).

const form = document.querySelector("form[data-field]");
const PREFIX = `ma-field|${location.pathname}|`;
const LOST = "Connexion perdue. Votre récit est gardé sur ce téléphone et partira seul.";
const SENT = "Merci. C’est envoyé, sans votre nom. Vous pouvez raconter autre chose.";
const OVER = "La collecte est terminée : ce récit n’a pas pu être pris.";
const TEXTS = ["moment", "tool", "accessors", "reason", "suggestion"];
const FIRST_WAIT = 2000;
const LONGEST_WAIT = 60000;
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

const keptKeys = () => Object.keys(store).filter((key) => key.startsWith(PREFIX));
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const setOf = (name) => new Set((form?.dataset[name] ?? "").split(" "));
const firstNames = setOf("names");
const properWords = setOf("words");

/** A random UUID; crypto.randomUUID asks for HTTPS. */
function drawn() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** The words of a text that look like somebody's name. */
function named(text) {
  const found = [];
  const civility = /(?<![\p{L}])(?:mme|madame|mlle|mademoiselle|monsieur|mr|m\.|docteur|dr|maître|me)\s+(\p{Lu}[\p{L}’'-]*)/giu;
  for (const match of text.matchAll(civility)) if (/^\p{Lu}/u.test(match[1])) found.push(match[1]);
  for (const match of text.matchAll(/\p{Lu}[\p{L}’'-]*/gu)) {
    const word = fold(match[0]);
    const inside = /[\p{L}\d,;:)»’] $/u.test(text.slice(0, match.index));
    const shouted = match[0] === match[0].toUpperCase();
    if (firstNames.has(word) || (inside && !shouted && !properWords.has(word))) found.push(match[0]);
  }
  return found;
}

function say(state, text) {
  const line = document.querySelector("[data-saved]");
  if (!line) return;
  line.dataset.state = state;
  line.querySelector("span").textContent = text;
}

/** Whether the form may leave; what looks like a name is shown once more, and its reader decides. */
function checked() {
  const words = form.elements.seen.checked ? [] : TEXTS.flatMap((name) => named(form.elements[name].value));
  const notice = form.querySelector("[data-named]");
  notice.hidden = !words.length;
  notice.querySelector("[data-named-words]").textContent = [...new Set(words)].join(", ");
  if (words.length) form.elements.seen.focus();
  return !words.length;
}

/** Sends one kept report. True when it is settled, false when it must wait for its reader. */
async function send(key) {
  const response = await fetch(location.pathname, {
    method: "POST",
    headers: { Accept: "application/json" },
    body: new URLSearchParams(store.getItem(key)),
    credentials: "omit",
    referrerPolicy: "no-referrer",
    keepalive: true,
  });
  if (response.status === 429 || response.status >= 500) throw new TypeError("unavailable");
  store.removeItem(key);
  say(response.ok ? "saved" : "missing", response.ok ? SENT : OVER);
  return response.ok;
}

async function flush() {
  if (running) return;
  running = true;
  clearTimeout(timer);
  try {
    for (const key of keptKeys()) await send(key);
    wait = FIRST_WAIT;
  } catch {
    say("kept", LOST);
    timer = setTimeout(flush, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  } finally {
    running = false;
  }
}

form?.addEventListener("submit", (event) => {
  const complete = ["moment", "tool", "reason_code"].every((name) => form.elements[name].value.trim());
  // The server says what is missing, beside each field.
  if (!complete && navigator.onLine) return;
  event.preventDefault();
  if (!complete) {
    form.reportValidity();
    return;
  }
  if (!checked()) return;
  const body = new URLSearchParams(new FormData(form));
  // Its reader has looked; the server hides what seems to name someone until the facilitator has looked too.
  body.set("seen", "1");
  store.setItem(PREFIX + body.get("id"), body.toString());
  form.reset();
  form.elements.id.value = drawn();
  say("saving", "Envoi…");
  scrollTo({ top: 0 });
  flush();
});

addEventListener("online", flush);
flush();

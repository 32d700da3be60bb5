// Passkeys. <button data-passkey="register|sign-in" data-options-url="…" data-verify-url="…">, with a
// [data-passkey-status] line beside it. The verify address answers {"next": "/…"} or {"error": "…"}.

const CANCELLED = "Demande annulée. Rien n’a été changé : vous pouvez recommencer.";
const FAILED = "Cette clé n’a pas été acceptée. Recommencez, ou choisissez un autre moyen.";
const ABSENT = "Ce navigateur ne connaît pas les clés d’accès. Choisissez un autre moyen.";

const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

export function decode(text) {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0)).buffer;
}

export function encode(buffer) {
  const binary = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

const withBytes = (list) => list?.map((item) => ({ ...item, id: decode(item.id) }));

function creation(options) {
  return {
    ...options,
    challenge: decode(options.challenge),
    user: { ...options.user, id: decode(options.user.id) },
    excludeCredentials: withBytes(options.excludeCredentials),
  };
}

function request(options) {
  return {
    ...options,
    challenge: decode(options.challenge),
    allowCredentials: withBytes(options.allowCredentials),
  };
}

function plain(credential) {
  const { response } = credential;
  const fields = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const bytes = fields.filter((field) => response[field]).map((field) => [field, encode(response[field])]);
  return {
    id: credential.id,
    rawId: encode(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? null,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: { ...Object.fromEntries(bytes), transports: response.getTransports?.() ?? [] },
  };
}

async function post(url, body) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token() },
    body: JSON.stringify(body),
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? FAILED);
  return answer;
}

async function run(button) {
  const { passkey, optionsUrl, verifyUrl } = button.dataset;
  const options = await post(optionsUrl, {});
  const publicKey = options.publicKey ?? options;
  const credential = passkey === "register"
    ? await navigator.credentials.create({ publicKey: creation(publicKey) })
    : await navigator.credentials.get({ publicKey: request(publicKey) });
  const name = button.form?.elements.namedItem("name")?.value;
  const { next } = await post(verifyUrl, { credential: plain(credential), name });
  location.assign(next);
}

for (const button of document.querySelectorAll("[data-passkey]")) {
  const status = document.querySelector("[data-passkey-status]");
  if (!("credentials" in navigator) || !("PublicKeyCredential" in window)) {
    button.disabled = true;
    status?.append(ABSENT);
    continue;
  }
  button.addEventListener("click", async () => {
    button.disabled = true;
    status?.replaceChildren();
    try {
      await run(button);
    } catch (error) {
      const words = error instanceof DOMException ? CANCELLED : error.message || FAILED;
      status?.append(words);
      button.disabled = false;
    }
  });
}

// Passkeys: ask the server for options, let the browser ask the device, send its answer by the form.
// Forms that need this are hidden or switched off until it runs.
const known = "credentials" in navigator && "PublicKeyCredential" in window;

export function startPasskeys(root) {
  if (!known) return;
  for (const form of root.querySelectorAll("[data-passkey]")) {
    form.hidden = false;
    for (const note of form.querySelectorAll("[data-without-script]")) note.hidden = true;
    for (const button of form.querySelectorAll("button")) button.disabled = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask(form);
    });
  }
}

async function ask(form) {
  const trouble = form.querySelector("[data-trouble]");
  const button = form.querySelector("button");
  trouble.hidden = true;
  button.disabled = true;
  try {
    const publicKey = await options(form);
    const answer = form.dataset.passkey === "create"
      ? await navigator.credentials.create({ publicKey })
      : await navigator.credentials.get({ publicKey });
    form.elements.credential.value = JSON.stringify(told(answer));
    form.submit();
  } catch (error) {
    // Whoever closes the browser's window has changed their mind.
    trouble.textContent = error.name === "NotAllowedError" ? "Nothing was chosen." : error.message;
    trouble.hidden = false;
    button.disabled = false;
  }
}

async function options(form) {
  const body = new URLSearchParams(new FormData(form));
  const answer = await fetch(form.dataset.options, { method: "POST", body });
  const json = (answer.headers.get("content-type") || "").startsWith("application/json");
  const given = json ? await answer.json() : {};
  if (!answer.ok || !json) throw new Error(given.error || "That did not work. Try again in a while.");
  given.challenge = bytes(given.challenge);
  if (given.user) given.user.id = bytes(given.user.id);
  for (const list of [given.allowCredentials, given.excludeCredentials]) {
    for (const each of list || []) each.id = bytes(each.id);
  }
  return given;
}

function told(answer) {
  const { id, type, response } = answer;
  const said = { clientDataJSON: text(response.clientDataJSON) };
  if (response.attestationObject) {
    said.attestationObject = text(response.attestationObject);
    said.transports = response.getTransports ? response.getTransports() : [];
  } else {
    said.authenticatorData = text(response.authenticatorData);
    said.signature = text(response.signature);
    if (response.userHandle) said.userHandle = text(response.userHandle);
  }
  return { id, rawId: text(answer.rawId), type, response: said };
}

function bytes(base64url) {
  const base64 = base64url.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

function text(buffer) {
  const base64 = btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return base64.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

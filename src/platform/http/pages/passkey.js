// Carries a passkey ceremony between the browser and a form. Without it everything else still works.
(() => {
  "use strict";
  const api = window.PublicKeyCredential;
  const credentials = navigator.credentials;
  if (!api || !credentials) return;

  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const named = (list) => (list || []).map((entry) => ({ ...entry, id: bytes(entry.id) }));

  const readable = (options) => {
    const key = { ...options.publicKey, challenge: bytes(options.publicKey.challenge) };
    if (key.user) key.user = { ...key.user, id: bytes(key.user.id) };
    if (key.excludeCredentials) key.excludeCredentials = named(key.excludeCredentials);
    if (key.allowCredentials) key.allowCredentials = named(key.allowCredentials);
    return key;
  };

  const written = (credential) => {
    const { response } = credential;
    const out = { id: credential.id, rawId: text(credential.rawId), type: credential.type, response: { clientDataJSON: text(response.clientDataJSON) } };
    out.clientExtensionResults = {};
    const extensions = credential.getClientExtensionResults();
    if (extensions.credProps) out.clientExtensionResults.credProps = extensions.credProps;
    if (response.attestationObject) {
      out.response.attestationObject = text(response.attestationObject);
      if (response.getTransports) out.response.transports = response.getTransports();
    } else {
      out.response.authenticatorData = text(response.authenticatorData);
      out.response.signature = text(response.signature);
      out.response.userHandle = response.userHandle ? text(response.userHandle) : null;
    }
    return JSON.stringify(out);
  };

  const begin = async (form) => {
    const body = new URLSearchParams();
    for (const field of form.elements) if (field.name && field.value && field.name !== "credential") body.append(field.name, field.value);
    const answer = await fetch(`${form.getAttribute("action")}/begin`, { method: "POST", body, credentials: "same-origin", redirect: "error" });
    if (!answer.ok) throw new Error("begin");
    return answer.json();
  };

  let waiting = null;
  const stop = () => { if (waiting) waiting.abort(); waiting = null; };

  const finish = (form, ceremony, credential) => {
    form.elements.ceremony.value = ceremony;
    form.elements.credential.value = written(credential);
    const remember = document.getElementById("remember");
    if (form.elements.remember && remember && remember.checked) form.elements.remember.value = "yes";
    form.submit();
  };

  const start = async (form) => {
    stop();
    const status = form.querySelector("[data-status]");
    status.hidden = true;
    try {
      const { options, ceremony } = await begin(form);
      const publicKey = readable(options);
      const credential = form.dataset.passkey === "create" ? await credentials.create({ publicKey }) : await credentials.get({ publicKey });
      finish(form, ceremony, credential);
    } catch (error) {
      if (error.message === "begin") { location.reload(); return; }
      status.textContent = error.name === "InvalidStateError" && form.dataset.taken ? form.dataset.taken : form.dataset.failed;
      status.hidden = false;
      if (form.dataset.autofill !== undefined) offer(form);
    }
  };

  // Passkeys among the names that the browser offers for the field. Asked for afresh before the ceremony is over.
  const offer = async (form) => {
    if (!api.isConditionalMediationAvailable || !(await api.isConditionalMediationAvailable())) return;
    stop();
    const mine = new AbortController();
    waiting = mine;
    const again = setTimeout(() => { if (waiting === mine) offer(form); }, 240000);
    try {
      const { options, ceremony } = await begin(form);
      if (mine.signal.aborted) return;
      const credential = await credentials.get({ publicKey: readable(options), mediation: "conditional", signal: mine.signal });
      finish(form, ceremony, credential);
    } catch { /* Nothing was chosen: the page works on without. */ } finally { if (mine.signal.aborted) clearTimeout(again); }
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const button = form.querySelector("[data-start]");
    button.hidden = false;
    const without = form.querySelector("[data-without]");
    if (without) without.hidden = true;
    for (const part of document.querySelectorAll("[data-with]")) part.hidden = false;
    button.addEventListener("click", () => start(form));
    if (form.dataset.autofill !== undefined) offer(form);
  }

  // Whether this device could keep a passkey: then one may be offered after the password.
  const can = document.querySelector("[data-can-passkey]");
  if (can && api.isUserVerifyingPlatformAuthenticatorAvailable) api.isUserVerifyingPlatformAuthenticatorAvailable().then((yes) => { if (yes) can.value = "yes"; }, () => {});

  // What the password manager should know (WebAuthn Level 3, section 5.1.10): which keys still count, and under which name.
  const quietly = (call) => { try { Promise.resolve(call()).catch(() => {}); } catch { /* An older browser. */ } };
  for (const place of document.querySelectorAll("[data-signal]")) {
    const signal = JSON.parse(place.dataset.signal);
    if (signal.unknown && api.signalUnknownCredential) quietly(() => api.signalUnknownCredential({ rpId: signal.rpId, credentialId: signal.unknown }));
    if (signal.accepted && api.signalAllAcceptedCredentials) quietly(() => api.signalAllAcceptedCredentials({ rpId: signal.rpId, userId: signal.userId, allAcceptedCredentialIds: signal.accepted }));
    if (signal.name && api.signalCurrentUserDetails) quietly(() => api.signalCurrentUserDetails({ rpId: signal.rpId, userId: signal.userId, name: signal.name, displayName: signal.name }));
  }
})();

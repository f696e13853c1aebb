// Keys of this browser (WebAuthn): asks them what the page asks, and sends what they answer.
"use strict";

(() => {
  const forms = document.querySelectorAll("[data-key-asks], [data-key-new]");
  const works = window.PublicKeyCredential && navigator.credentials;
  if (!works) {
    for (const form of forms) form.hidden = true;
    return;
  }
  for (const words of document.querySelectorAll("[data-without-keys]")) words.hidden = true;

  const bytes = (text) => {
    const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
  };
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const named = (keys) => (keys ?? []).map((key) => ({ ...key, id: bytes(key.id) }));

  const asked = (options) => ({
    ...options,
    challenge: bytes(options.challenge),
    ...(options.user && { user: { ...options.user, id: bytes(options.user.id) } }),
    excludeCredentials: named(options.excludeCredentials),
    allowCredentials: named(options.allowCredentials),
  });

  const told = (credential) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    }
    return JSON.stringify({
      id: credential.id, rawId: text(credential.rawId), type: credential.type,
      clientExtensionResults: {}, response,
    });
  };

  const ask = (form) => {
    const { keyAsks, keyNew } = form.dataset;
    const publicKey = asked(JSON.parse(keyAsks ?? keyNew));
    return keyNew ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey });
  };

  for (const form of forms) {
    const failed = form.querySelector("[data-key-failed]");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      failed.hidden = true;
      try {
        form.elements.answer.value = told(await ask(form));
      } catch {
        failed.hidden = false; // not there, not this one, or stopped: the same words for all
        delete form.dataset.sent;
        return;
      }
      form.submit();
    });
  }
})();

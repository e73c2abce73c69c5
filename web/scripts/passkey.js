/* Passkeys: shows the forms that are hidden without them, asks the browser, sends its answer as a form.
   Plain ES2017, no eval; the server's options and answers carry binary fields in base64url. */
(function () {
  "use strict";

  var REFRESH = 4 * 60000; /* the server forgets a ceremony after five minutes */
  var waiting = null;

  function bytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (character) { return character.charCodeAt(0); });
  }

  function text(buffer) {
    var plain = "";
    new Uint8Array(buffer).forEach(function (byte) { plain += String.fromCharCode(byte); });
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  /* Strings to buffers, in the places where the options have them. */
  function prepared(options) {
    var key = options.publicKey;
    key.challenge = bytes(key.challenge);
    if (key.user) key.user.id = bytes(key.user.id);
    ["excludeCredentials", "allowCredentials"].forEach(function (list) {
      (key[list] || []).forEach(function (one) { one.id = bytes(one.id); });
    });
    return key;
  }

  /* A credential as JSON: of what PublicKeyCredential.toJSON() writes, the part that the server reads. */
  function written(credential) {
    var response = {};
    ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (name) {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    });
    return JSON.stringify({
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      response: response,
      clientExtensionResults: credential.getClientExtensionResults()
    });
  }

  function start(form) {
    return fetch(form.dataset.start, { method: "POST", headers: { "Accept": "application/json" } })
      .then(function (answer) {
        if (!answer.ok) throw new Error("the server refused: " + answer.status);
        return answer.json();
      });
  }

  function send(form, ceremony, credential) {
    form.elements.ceremony.value = ceremony;
    form.elements.answer.value = written(credential);
    HTMLFormElement.prototype.submit.call(form);
  }

  function ask(form) {
    var creating = form.dataset.passkey === "create";
    var problem = form.querySelector("[data-passkey-problem]");
    problem.hidden = true;
    if (waiting) waiting.abort();
    return start(form).then(function (begun) {
      var wish = { publicKey: prepared(begun.options) };
      var asked = creating ? navigator.credentials.create(wish) : navigator.credentials.get(wish);
      return asked.then(function (credential) { send(form, begun.ceremony, credential); });
    }).catch(function () { problem.hidden = false; });
  }

  /* Offers passkeys among the suggestions of the login field, for as long as the page stays open. */
  function offer(form) {
    if (document.hidden) {
      document.addEventListener("visibilitychange", function () { offer(form); }, { once: true });
      return;
    }
    var mine = waiting = new AbortController();
    var again = setTimeout(function () { mine.abort(); offer(form); }, REFRESH);
    start(form).then(function (begun) {
      return navigator.credentials.get({
        publicKey: prepared(begun.options), mediation: "conditional", signal: mine.signal
      }).then(function (credential) { send(form, begun.ceremony, credential); });
    }).catch(function () {
      /* Taken back by the button, by time, or by the person: the form's other ways stay. */
      if (!mine.signal.aborted || waiting !== mine) clearTimeout(again);
    });
  }

  if (!window.PublicKeyCredential || !navigator.credentials) return;
  document.querySelectorAll("form[data-passkey]").forEach(function (form) {
    form.hidden = false;
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      ask(form);
    });
  });
  var signIn = document.querySelector("form[data-passkey='sign-in']");
  if (signIn && PublicKeyCredential.isConditionalMediationAvailable) {
    PublicKeyCredential.isConditionalMediationAvailable().then(function (available) {
      if (available) offer(signIn);
    });
  }
})();

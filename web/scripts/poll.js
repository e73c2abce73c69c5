/* Secret polls: makes a key on this device, has it signed blindly (RFC 9474, RSABSSA-SHA384-PSS-Deterministic), seals the
   choice with it, and sends the ballot without cookies. Needs WebCrypto and BigInt; without them the page says where to
   vote on paper. crates/credential does the same in Rust and checks it. */
(function () {
  "use strict";

  var SIZE = 256; /* bytes of the modulus */
  var HASH = 48; /* bytes of SHA-384, and of the salt */

  function bytes(text) {
    return Uint8Array.from(atob(text), function (character) { return character.charCodeAt(0); });
  }

  function text(buffer) {
    var plain = "";
    new Uint8Array(buffer).forEach(function (byte) { plain += String.fromCharCode(byte); });
    return btoa(plain);
  }

  function joined() {
    var parts = Array.prototype.map.call(arguments, function (part) { return Array.from(part); });
    return Uint8Array.from([].concat.apply([], parts));
  }

  function number(buffer) {
    var hex = Array.from(new Uint8Array(buffer), function (byte) { return byte.toString(16).padStart(2, "0"); }).join("");
    return BigInt("0x" + (hex || "0"));
  }

  function octets(value) {
    var hex = value.toString(16).padStart(2 * SIZE, "0");
    return Uint8Array.from(hex.match(/../g), function (pair) { return parseInt(pair, 16); });
  }

  function power(base, exponent, modulus) {
    var result = BigInt(1);
    for (base %= modulus; exponent > 0; exponent >>= BigInt(1)) {
      if (exponent & BigInt(1)) result = result * base % modulus;
      base = base * base % modulus;
    }
    return result;
  }

  /* The inverse by Euclid's algorithm; null where there is none. */
  function inverse(value, modulus) {
    var a = value % modulus, b = modulus, x = BigInt(1), y = BigInt(0);
    while (b > 0) {
      var times = a / b;
      var rest = a - times * b;
      a = b; b = rest;
      rest = x - times * y;
      x = y; y = rest;
    }
    return a === BigInt(1) ? (x % modulus + modulus) % modulus : null;
  }

  function sha384(data) {
    return crypto.subtle.digest("SHA-384", data).then(function (hash) { return new Uint8Array(hash); });
  }

  function mask(seed, length) {
    var rounds = [];
    for (var round = 0; round * HASH < length; round += 1) rounds.push(sha384(joined(seed, [0, 0, 0, round])));
    return Promise.all(rounds).then(function (parts) { return joined.apply(null, parts).slice(0, length); });
  }

  /* EMSA-PSS (RFC 8017, 9.1.1) for a modulus of 2048 bits. */
  async function encoded(message, salt) {
    var hash = await sha384(joined(new Uint8Array(8), await sha384(message), salt));
    var block = joined(new Uint8Array(SIZE - 2 * HASH - 2), [1], salt);
    var masked = await mask(hash, block.length);
    block = block.map(function (byte, place) { return byte ^ masked[place]; });
    block[0] &= 0x7f;
    return joined(block, hash, [0xbc]);
  }

  async function issuerKey(spki) {
    var key = await crypto.subtle.importKey("spki", bytes(spki), { name: "RSA-PSS", hash: "SHA-384" }, true, ["verify"]);
    var jwk = await crypto.subtle.exportKey("jwk", key);
    var plain = function (field) { return number(bytes(field.replace(/-/g, "+").replace(/_/g, "/"))); };
    return { key: key, n: plain(jwk.n), e: plain(jwk.e) };
  }

  /* A key pair for this poll, its public key blinded with a factor that stays here. */
  async function prepared(issuer) {
    var pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
    var voterKey = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
    var message = number(await encoded(voterKey, crypto.getRandomValues(new Uint8Array(HASH))));
    var factor = null;
    while (factor === null || factor >= issuer.n || inverse(factor, issuer.n) === null) {
      factor = number(crypto.getRandomValues(new Uint8Array(SIZE)));
    }
    return {
      secret: await crypto.subtle.exportKey("jwk", pair.privateKey),
      voterKey: text(voterKey),
      factor: factor.toString(16),
      blinded: text(octets(message * power(factor, issuer.e, issuer.n) % issuer.n))
    };
  }

  async function unblinded(issuer, kept, signed) {
    var factor = BigInt("0x" + kept.factor);
    var signature = octets(number(bytes(signed)) * inverse(factor, issuer.n) % issuer.n);
    var good = await crypto.subtle.verify({ name: "RSA-PSS", saltLength: HASH }, issuer.key, signature, bytes(kept.voterKey));
    if (!good) throw new Error("the signature is not the issuer's");
    return { secret: kept.secret, voterKey: kept.voterKey, credential: text(signature) };
  }

  async function ballot(poll, kept, choice) {
    var key = await crypto.subtle.importKey("jwk", kept.secret, { name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
    var words = new TextEncoder().encode("linli ballot 1\n" + poll + "\n" + choice);
    var seal = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key, words);
    return { voter_key: kept.voterKey, credential: kept.credential, choice: choice, seal: text(seal) };
  }

  async function sent(address, body, cookies) {
    var answer = await fetch(address, {
      method: "POST",
      credentials: cookies ? "same-origin" : "omit",
      referrerPolicy: "no-referrer",
      headers: { "Accept": "application/json", "Content-Type": "application/json", "Accept-Language": document.documentElement.lang },
      body: JSON.stringify(body)
    });
    var said = await answer.json().catch(function () { return {}; });
    if (answer.ok) return said;
    var refusal = new Error(said.detail || answer.status);
    refusal.told = said.detail;
    throw refusal;
  }

  /* What is chosen in the form: option numbers, in order where the method ranks; null where two share a rank. */
  function choiceOf(form) {
    var points = Array.from(form.querySelectorAll("input[name^=points-]")).filter(function (one) { return Number(one.value) > 0; });
    if (points.length) return points.map(function (one) { return one.name.slice(7) + ":" + Number(one.value); }).join(",");
    var ranks = Array.from(form.querySelectorAll("select[name^=rank-]")).filter(function (one) { return one.value; });
    if (ranks.length) {
      var seen = ranks.map(function (one) { return one.value; });
      if (new Set(seen).size < seen.length) return null;
      ranks.sort(function (a, b) { return a.value - b.value; });
      return ranks.map(function (one) { return one.name.slice(5); }).join(",");
    }
    return Array.from(form.querySelectorAll("input:checked"), function (one) { return one.value || one.name.slice(7); }).join(",");
  }

  function start(place) {
    var name = "linli-poll-" + place.dataset.poll + "-" + place.dataset.elector;
    var part = function (what) { return place.querySelector("[data-poll-" + what + "]"); };
    var shared = part("shared") && part("shared").querySelector("input");
    /* On a shared device nothing outlives the tab. */
    var shelf = function () { return sessionStorage.getItem(name) || shared && shared.checked ? sessionStorage : localStorage; };
    var kept = function () { return JSON.parse(shelf().getItem(name) || "{}"); };
    var keep = function (state) { shelf().setItem(name, JSON.stringify(state)); };

    function show() {
      var state = kept();
      var now = state.code || state.forgotten ? "done" : state.credential ? "vote" : place.dataset.collected && !state.blinded ? "elsewhere" : "collect";
      if (now === "vote" && !place.dataset.open) now = "wait";
      ["collect", "wait", "vote", "done", "elsewhere"].forEach(function (what) {
        if (part(what)) part(what).hidden = what !== now;
      });
      part("forget").hidden = !state.code;
      if (state.forgotten) part("code").textContent = "";
      if (state.code) {
        part("code").textContent = state.code;
        part("check").href = place.dataset.check + "?code=" + encodeURIComponent(state.code);
      }
    }

    function problem(error) {
      var where = part("problem");
      where.textContent = error && error.told || where.dataset.words;
      where.hidden = false;
    }

    async function busy(button, work) {
      part("problem").hidden = true;
      button.disabled = true;
      try { await work(); } catch (error) { problem(error); }
      button.disabled = false;
      show();
    }

    async function collect() {
      var issuer = await issuerKey(place.dataset.key);
      if (!kept().blinded) keep(await prepared(issuer));
      var state = kept();
      var answer = await sent(place.dataset.collect, { elector: place.dataset.elector, blinded: state.blinded }, true);
      keep(await unblinded(issuer, state, answer.signed));
    }

    async function vote(choice) {
      var answer = await sent(place.dataset.cast, await ballot(place.dataset.poll, kept(), choice), false);
      keep({ code: answer.code });
    }

    part("collect").querySelector("button").addEventListener("click", function (event) { busy(event.currentTarget, collect); });
    part("forget").addEventListener("click", function () { keep({ forgotten: true }); show(); });
    var form = part("form");
    if (form) form.addEventListener("submit", function (event) {
      event.preventDefault();
      var choice = choiceOf(form);
      if (choice === null) return problem({ told: form.dataset.twice });
      busy(form.querySelector("button"), function () { return vote(choice); });
    });
    place.hidden = false;
    show();
  }

  if (!window.crypto || !crypto.subtle || typeof BigInt === "undefined") return;
  document.querySelectorAll("[data-poll-unable]").forEach(function (one) { one.hidden = true; });
  document.querySelectorAll("[data-poll]").forEach(start);
})();

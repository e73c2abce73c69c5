/* What the pages gain from a script; all of them work without it. Plain ES2017, no eval. */
(function () {
  "use strict";

  var MINUTE = 60000;

  /* Copy a receipt's code; the button is hidden where nothing can be copied. */
  function prepareCopying(root) {
    if (!navigator.clipboard) return;
    root.querySelectorAll("button[data-copy][hidden]").forEach(function (button) {
      button.hidden = false;
    });
  }

  /* Printing needs a script too. */
  function preparePrinting(root) {
    root.querySelectorAll("button[data-print][hidden]").forEach(function (button) {
      button.hidden = false;
    });
  }

  function copy(button) {
    var label = button.querySelector("span");
    var before = label.textContent;
    navigator.clipboard.writeText(button.dataset.copy).then(function () {
      label.textContent = button.dataset.copied;
      button.setAttribute("aria-live", "polite");
      setTimeout(function () { label.textContent = before; }, 3000);
    });
  }

  /* Warn before typed text is lost. */
  function guard(form) {
    form.dataset.dirty = "yes";
  }

  function hasUnsaved() {
    return document.querySelector("form[data-guard][data-dirty]") !== null;
  }

  /* Keep "3 days left" true while the page stays open. The server says how long is left when it
     sends the page, so a phone with a wrong clock counts right. */
  function countDown() {
    var lang = document.documentElement.lang;
    var words = new Intl.RelativeTimeFormat(lang, { numeric: "always" });
    document.querySelectorAll("time[data-countdown]").forEach(function (time) {
      var left = Number(time.dataset.countdown) - performance.now();
      var size = Math.abs(left);
      var unit = size >= 1440 * MINUTE ? "day" : size >= 60 * MINUTE ? "hour" : "minute";
      var length = unit === "day" ? 1440 * MINUTE : unit === "hour" ? 60 * MINUTE : MINUTE;
      time.textContent = words.format(Math.trunc(left / length), unit);
    });
  }

  /* Fold the phone's "more" menu when something else is touched or Escape is pressed. */
  function foldMenus(target) {
    document.querySelectorAll("details.more[open]").forEach(function (menu) {
      if (!menu.contains(target)) menu.open = false;
    });
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("button[data-copy]");
    if (button) copy(button);
    if (event.target.closest("button[data-print]")) window.print();
    foldMenus(event.target);
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") foldMenus(null);
  });
  document.addEventListener("input", function (event) {
    var form = event.target.closest("form[data-guard]");
    if (form) guard(form);
  });
  document.addEventListener("submit", function (event) {
    delete event.target.dataset.dirty;
  });
  window.addEventListener("beforeunload", function (event) {
    if (!hasUnsaved()) return;
    event.preventDefault();
    event.returnValue = document.querySelector("form[data-guard][data-dirty]").dataset.guard;
  });

  function start() {
    prepareCopying(document);
    preparePrinting(document);
    var summary = document.querySelector(".error-summary[autofocus]");
    if (summary) summary.focus();
    if (window.Intl && Intl.RelativeTimeFormat && document.querySelector("[data-countdown]")) {
      setInterval(countDown, MINUTE);
    }
  }

  document.addEventListener("htmx:load", function (event) {
    prepareCopying(event.target);
    preparePrinting(event.target);
  });
  start();
})();

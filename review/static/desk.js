// Keys and small comforts. Every page works without this file: keys press what can be clicked.
"use strict";

(() => {
  const TYPED = new Set(["INPUT", "TEXTAREA", "SELECT"]);
  const SEQUENCE_MS = 1500;
  let letter = "";
  let letterAt = 0;

  const types = (element) =>
    TYPED.has(element.tagName) && !["checkbox", "radio", "submit", "button"].includes(element.type);

  function press(element) {
    if (element.tagName === "SELECT" || types(element)) {
      element.focus();
      return;
    }
    element.click();
    const opened = element.tagName === "SUMMARY" && element.parentElement.querySelector("textarea, select, input:not([type=hidden])");
    if (opened) opened.focus();
  }

  // A theme is named by its code: a letter, then a digit; with Shift it is a secondary one.
  function themeKey(event) {
    const code = /^(?:Key|Digit)(.)$/.exec(event.code);
    if (!code || !document.querySelector("[data-code]")) return false;
    const key = code[1];
    const now = Date.now();
    if (/[A-EX]/.test(key)) {
      letter = (event.shiftKey ? "+" : "") + key;
      letterAt = now;
      return true;
    }
    if (/\d/.test(key) && letter && now - letterAt < SEQUENCE_MS) {
      const name = letter.replace("+", "") + key;
      const which = letter.startsWith("+") ? `[data-second="${name}"]` : `[data-code="${name}"]`;
      letter = "";
      const found = document.querySelector(which);
      if (found) {
        found.click();
        found.scrollIntoView({ block: "nearest" });
      }
      return true;
    }
    letter = "";
    return false;
  }

  function onKey(event) {
    // While an input method composes, Enter and digits choose characters.
    if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
    const at = document.activeElement || document.body;
    if (types(at)) {
      if (event.key === "Escape") at.blur();
      if (event.key === "Enter" && event.ctrlKey && at.form) at.form.requestSubmit();
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const acts = ["BUTTON", "A", "SUMMARY"].includes(at.tagName);
    if (event.key === "Enter" && acts) return;
    if (themeKey(event)) {
      event.preventDefault();
      return;
    }
    const found = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (found) {
      event.preventDefault();
      press(found);
    }
  }

  function onClick(event) {
    const near = event.target.closest("[data-theme]");
    if (!near) return;
    const radio = document.querySelector(`[data-code="${CSS.escape(near.dataset.theme)}"]`);
    if (radio) {
      radio.checked = true;
      radio.scrollIntoView({ block: "nearest" });
    }
  }

  // What is opened beside the text is seen as a whole, not only its head.
  function show(opened) {
    if (opened && opened.open && opened.closest(".side")) opened.scrollIntoView({ block: "nearest" });
  }

  // A form is sent once, however often its key is hit.
  function onSubmit(event) {
    if (event.target.dataset.sent) event.preventDefault();
    event.target.dataset.sent = "1";
  }

  // A button that answers with the same page keeps its place: the next row comes under the
  // pointer, and under the key that pressed it.
  const STAY = "stay";

  function leavePlace(event) {
    const button = event.target.querySelector("[data-stay]");
    if (!button) return;
    const number = [...document.querySelectorAll("[data-stay]")].indexOf(button);
    const focused = document.activeElement === button;
    const place = { at: location.href, number, focused, top: button.getBoundingClientRect().top };
    sessionStorage.setItem(STAY, JSON.stringify(place));
  }

  function takePlace() {
    const place = JSON.parse(sessionStorage.getItem(STAY) || "null");
    sessionStorage.removeItem(STAY);
    const buttons = document.querySelectorAll("[data-stay]");
    if (!place || place.at !== location.href || !buttons.length) return;
    const button = buttons[Math.min(place.number, buttons.length - 1)];
    scrollBy(0, button.getBoundingClientRect().top - place.top);
    if (place.focused) button.focus({ preventScroll: true });
  }

  // Who else has the draft open, and whether somebody decided on it meanwhile.
  async function ask() {
    const { state, seen } = document.body.dataset;
    const told = document.getElementById("told");
    if (!state || !told || document.hidden) return;
    try {
      const answer = await fetch(state, { headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) return;
      const found = await answer.json();
      const words = [];
      if (String(found.seen) !== seen) words.push("这一篇刚刚有人办理过，重新打开可以看到；您填的不会丢。");
      if (found.others.length) words.push(`${found.others.join("、")}也开着这一篇。`);
      told.textContent = words.join("");
      told.hidden = !words.length;
    } catch {
      // The desk is away for a moment: the next question may find it again.
    }
  }

  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onClick);
  document.addEventListener("toggle", (event) => show(event.target), true);
  document.addEventListener("submit", onSubmit);
  document.addEventListener("submit", leavePlace);
  window.addEventListener("pageshow", () => {
    for (const form of document.forms) delete form.dataset.sent;
  });
  const chosen = document.querySelector(".themes input:checked");
  if (chosen) {
    const box = chosen.closest(".themes");
    box.scrollTop = chosen.closest("div").offsetTop - box.offsetTop - 40;
  }
  show(document.querySelector(".side details[open]"));
  // What went wrong is mended where it was typed; without a page before there is nothing to offer.
  const back = document.querySelector("[data-back]");
  if (back && history.length > 1) {
    back.hidden = false;
    back.addEventListener("click", () => history.back());
  }
  takePlace();
  if (document.body.dataset.state) setInterval(ask, 20000);
})();

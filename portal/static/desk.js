// Makes the moderation desk quicker; everything on it works without this file.
"use strict";

const decide = document.querySelector(".item form.decide");
const undo = document.querySelector("form.undo");
const inField = (place) => place.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

// Single keys press buttons, while nothing is typed in and the person has not switched them off (WCAG 2.2, 2.1.4).
const toggle = document.getElementById("keys");
if (toggle) {
  toggle.closest(".keys").hidden = false;
  toggle.checked = recall("desk:keys") !== "off";
  toggle.addEventListener("change", () => remember("desk:keys", toggle.checked ? "on" : "off"));
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && inField(event.target)) { event.target.blur(); return; }
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.repeat || inField(event.target)) return;
  if (recall("desk:keys") === "off") return;
  if (event.code === "KeyZ" && undo) { event.preventDefault(); undo.requestSubmit(); return; }
  if (!decide) return;
  const rule = /^Digit([1-9])$/.exec(event.code);
  if (rule && decide.elements.rule && Number(rule[1]) < decide.elements.rule.options.length) {
    decide.elements.rule.selectedIndex = Number(rule[1]);
    return;
  }
  const button = decide.querySelector(`button[data-key="${event.code}"]`);
  if (!button) return;
  event.preventDefault();
  press(button);
});

// A key whose decision lacks something leads to the first field that is missing; its button is marked meanwhile.
const NEEDS = {
  hide: ["rule", "explanation"], redact: ["rule", "explanation"], ask: ["explanation"], demand: ["explanation", "authority"],
  uphold: ["explanation"], reverse: ["explanation"],
};
function press(button) {
  const field = (NEEDS[button.value] || []).map((name) => decide.elements[name]).find((each) => each && !each.value.trim());
  const { phrases, personal } = decide.elements;
  const marked = button.value !== "redact" || phrases.value.trim() || personal?.checked;
  decide.querySelectorAll(".armed").forEach((other) => other.classList.remove("armed"));
  const wanted = field || (marked ? null : phrases);
  if (!wanted) { button.click(); return; }
  button.classList.add("armed");
  if (wanted.closest("details")) wanted.closest("details").open = true;
  wanted.focus();
}

if (decide) {
  // A saved explanation fills the form as it is chosen.
  const texts = JSON.parse(document.getElementById("saved-texts").textContent);
  decide.elements.saved.addEventListener("change", () => {
    const chosen = texts.find((text) => String(text.key) === decide.elements.saved.value);
    if (!chosen) return;
    decide.elements.rule.value = chosen.rule;
    decide.elements.explanation.value = chosen.text;
  });

  // What is selected in the text becomes a line of what to remove.
  const mark = decide.querySelector("[data-mark]");
  if (mark) takeSelections(mark);

  // Leaving lets go of the item; sending the form says so itself.
  let sends = false;
  document.addEventListener("submit", () => { sends = true; });
  window.addEventListener("pagehide", () => {
    if (sends || !decide.dataset.release) return;
    const said = new FormData();
    said.append("csrfmiddlewaretoken", decide.elements.csrfmiddlewaretoken.value);
    said.append("act", "release");
    navigator.sendBeacon(decide.action, said);
  });
}

function takeSelections(mark) {
  const latest = document.getElementById("latest");
  let selected = "";
  mark.closest("p").hidden = false;
  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    if (latest.contains(selection.anchorNode) && latest.contains(selection.focusNode)) selected = selection.toString();
  });
  mark.addEventListener("click", () => {
    const field = decide.elements.phrases;
    field.value = `${field.value}\n${selected}`.split("\n").map((line) => line.trim()).filter(Boolean).join("\n");
    selected = "";
    field.focus();
  });
}

// The seconds in which a decision can be undone run down, and the offer goes with them.
if (undo) {
  const left = undo.querySelector(".left");
  const until = Date.now() + Number(undo.dataset.seconds) * 1000;
  const timer = setInterval(() => {
    const seconds = Math.round((until - Date.now()) / 1000);
    left.textContent = left.textContent.replace(/\d+/, String(Math.max(0, seconds)));
    if (seconds > 0) return;
    clearInterval(timer);
    undo.remove();
  }, 1000);
}

const refused = document.getElementById("refused");
if (refused) refused.focus();

function remember(name, value) {
  try { localStorage.setItem(name, value); } catch { /* private mode */ }
}

function recall(name) {
  try { return localStorage.getItem(name); } catch { return null; }
}

// Makes forms smoother; every one of them works without this file.
"use strict";

// A form that names a part of its page (data-swap) is sent in the background, and only that part is shown anew.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  const part = form.dataset.swap;
  if (!part || form.dataset.plain) return;
  event.preventDefault();
  const body = new FormData(form, event.submitter);
  const buttons = form.querySelectorAll("button");
  buttons.forEach((button) => { button.disabled = true; });
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(part);
    if (!fresh || (!answer.ok && answer.status !== 422)) throw new Error("show the whole page");
    document.getElementById(part).replaceWith(fresh);
    announce(page);
    fresh.setAttribute("tabindex", "-1");
    fresh.focus({ preventScroll: true });
  } catch {
    buttons.forEach((button) => { button.disabled = false; });
    form.dataset.plain = "1";
    form.requestSubmit(event.submitter);
  }
});

function announce(page) {
  const said = page.querySelector(".messages");
  const old = document.querySelector(".messages");
  if (old) old.remove();
  if (said) document.getElementById("main").prepend(said);
}

// A text that is being written is kept in this browser, for this person, until it has been sent or they sign out.
const sent = document.querySelector(".message.success") !== null;
for (const area of document.querySelectorAll("textarea[data-draft]")) {
  const key = `draft:${area.form.dataset.person}:${new URL(area.form.action).pathname.replace(/^\/(kk|ru|en)\//, "")}`;
  if (sent) remember(key, "");
  if (!area.value) area.value = recall(key);
  area.addEventListener("input", () => remember(key, area.value));
  const longest = Number(area.dataset.longest);
  const counter = document.createElement("p");
  counter.className = "hint counter";
  area.after(counter);
  const count = () => {
    const left = longest - [...area.value.replaceAll("\r\n", "\n")].length;
    counter.textContent = area.dataset.left.replace("%s", left.toLocaleString(document.documentElement.lang));
    counter.classList.toggle("over", left < 0);
  };
  area.addEventListener("input", count);
  count();
}

const signOut = document.querySelector("form[data-forget-drafts]");
if (signOut) signOut.addEventListener("submit", () => {
  try {
    Object.keys(localStorage).filter((key) => key.startsWith("draft:")).forEach((key) => localStorage.removeItem(key));
  } catch { /* private mode */ }
});

function recall(key) {
  try { return localStorage.getItem(key) || ""; } catch { return ""; }
}

function remember(key, text) {
  try { text ? localStorage.setItem(key, text) : localStorage.removeItem(key); } catch { /* private mode */ }
}

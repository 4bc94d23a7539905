// Makes forms smoother; every one of them works without this file.
"use strict";

// A form that names a part of its page (data-swap) is sent in the background, and only that part is shown anew.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.dataset.swap || form.dataset.plain) return;
  event.preventDefault();
  const body = new FormData(form, event.submitter);
  const buttons = form.querySelectorAll("button");
  buttons.forEach((button) => { button.disabled = true; });
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
    const page = parsed(await answer.text());
    if (form.closest(".reply-here")) showReply(form, page, answer);
    else showPart(form.dataset.swap, page, answer);
  } catch {
    buttons.forEach((button) => { button.disabled = false; });
    form.dataset.plain = "1";
    form.requestSubmit(event.submitter);
  }
});

function showPart(part, page, answer) {
  const fresh = page.getElementById(part);
  if (!fresh || (!answer.ok && answer.status !== 422)) throw new Error("show the whole page");
  swap(document.getElementById(part), fresh);
  const old = document.querySelector(".messages");
  if (old) old.remove();
  const said = page.querySelector(".messages");
  if (said) document.getElementById("main").prepend(said);
  focus(fresh);
}

// A reply that is being written to a comment stays open when the comment is shown anew.
function swap(old, fresh) {
  const reply = old.querySelector(":scope > .reply-here");
  old.replaceWith(fresh);
  if (reply) fresh.querySelector(":scope > footer").after(reply);
}

function focus(part) {
  part.setAttribute("tabindex", "-1");
  part.focus({ preventScroll: true });
  part.scrollIntoView({ block: "nearest" });
}

function parsed(text) {
  return new DOMParser().parseFromString(text, "text/html");
}

// "Reply" opens the form of the comment's own page right under the comment.
document.addEventListener("click", async (event) => {
  const link = event.target.closest(".actions a[href$='#reply']");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || link.pathname === location.pathname) return;
  event.preventDefault();
  const comment = link.closest(".comment");
  const open = comment.querySelector(":scope > .reply-here");
  if (open) {
    open.hidden = !open.hidden;
    link.setAttribute("aria-expanded", String(!open.hidden));
    if (!open.hidden) open.querySelector("textarea").focus();
    return;
  }
  try {
    const box = replyBox(parsed(await (await fetch(link.href)).text()), comment);
    comment.querySelector(":scope > footer").after(box);
    link.setAttribute("aria-expanded", "true");
    box.querySelectorAll("textarea[data-draft]").forEach(keepDraft);
    box.querySelector("textarea").focus();
  } catch {
    location.href = link.href;
  }
});

// The form of a comment's own page, in a box; its ids become its own, since the page may have the same ones.
function replyBox(page, comment) {
  const box = document.createElement("div");
  box.className = "reply-here panel";
  box.append(page.querySelector("#reply form"));
  box.firstElementChild.dataset.swap = comment.id;
  const own = (id) => `${comment.id}-${id}`;
  for (const part of box.querySelectorAll("[id]")) part.id = own(part.id);
  for (const label of box.querySelectorAll("[for]")) label.htmlFor = own(label.htmlFor);
  for (const link of box.querySelectorAll("a[href^='#']")) link.setAttribute("href", `#${own(link.hash.slice(1))}`);
  for (const field of box.querySelectorAll("[aria-describedby]")) {
    field.setAttribute("aria-describedby", field.getAttribute("aria-describedby").split(" ").map(own).join(" "));
  }
  return box;
}

function showReply(form, page, answer) {
  const comment = document.getElementById(form.dataset.swap);
  const box = form.closest(".reply-here");
  const refused = page.querySelector("#reply .error-summary");
  if (refused) {
    box.replaceWith(replyBox(page, comment));
    comment.querySelectorAll("textarea[data-draft]").forEach(keepDraft);
    focus(refused);
    return;
  }
  const fresh = page.getElementById(comment.id);
  if (!answer.ok || !fresh) throw new Error("show the whole page");
  remember(draftKey(form), "");
  box.remove();
  swap(comment, fresh);
  const said = page.querySelector(".messages");
  if (said) fresh.querySelector(":scope > footer").after(said);
  focus([...fresh.querySelectorAll(".replies .comment")].pop() || fresh);
}

// A text that is being written is kept in this browser, for this person, until it has been sent or they sign out.
function draftKey(form) {
  return `draft:${form.dataset.person}:${new URL(form.action).pathname.replace(/^\/(kk|ru|en)\//, "")}`;
}

function keepDraft(area) {
  if (area.form.dataset.person) { // whoever came by a link may have borrowed the browser: theirs is not kept
    const key = draftKey(area.form);
    if (!area.value) area.value = recall(key);
    area.addEventListener("input", () => remember(key, area.value));
  }
  const longest = Number(area.dataset.longest);
  const counter = document.createElement("p");
  counter.className = "hint counter";
  area.after(counter);
  const count = () => {
    const left = longest - [...area.value.replaceAll("\r\n", "\n")].length;
    counter.textContent = area.dataset.left.replace("%s", grouped(left));
    counter.classList.toggle("over", left < 0);
  };
  area.addEventListener("input", count);
  count();
}

// A number as the page's language groups it; not every browser knows how Kazakh does.
function grouped(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, document.documentElement.lang === "en" ? "," : "\u00a0");
}

const sent = document.querySelector(".message.success") !== null;
for (const area of document.querySelectorAll("textarea[data-draft]")) {
  if (sent) remember(draftKey(area.form), "");
  keepDraft(area);
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

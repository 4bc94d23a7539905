// Keeps the progress of a bulk decision up to date while it is under way. Without script the page reloads by itself.
"use strict";
(() => {
  const every = 2000;
  async function look() {
    const shown = document.getElementById("bulk-progress");
    try {
      const answer = await fetch(location.href, { credentials: "same-origin", cache: "no-store" });
      if (answer.ok && !answer.redirected) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const now = page.getElementById("bulk-progress");
        if (now && now.innerHTML !== shown.innerHTML) shown.replaceWith(now);
      }
    } catch { /* the line is down: the next look may find it up again */ }
    if (document.querySelector("#bulk-progress[data-under-way]")) setTimeout(look, every);
  }
  if (document.querySelector("#bulk-progress[data-under-way]")) setTimeout(look, every);
})();

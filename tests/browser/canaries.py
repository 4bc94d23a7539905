"""Hostile strings in every column of words, and what Chromium executes of them.

The strings are written past the forms, so that nothing but the pages stands between them and a reader, and the browser
is told to pass over the portal's CSP: what holds here is escaping alone.
"""

from collections.abc import Iterator
from itertools import chain

from django.apps import apps
from django.db import connection, models
from playwright.sync_api import BrowserContext, Page

from feedback.ledger import triggers
from tests.naughty import CANARY

APPS = ("accounts", "principles", "feedback")
# Columns that people or staff fill with words; languages have theirs.
WORDS = {
    *("announced_by", "authority", "body", "changes", "description", "detail", "display_name", "explanation", "fault"),
    *("heard", "label", "label_1", "label_2", "label_3", "label_4", "label_5", "message", "name", "note", "query"),
    *("source_name", "source_title", "summary", "text", "title", "unchanged", "word"),
}
# Names of logs, which are checked against files, and a witness's signed note.
NOT_WORDS = {"feedback.Log", "feedback.Checkpoint", "feedback.KnownWord"}
TRAPS = """
window.ran = [];
for (const name of ["CANARY", "alert", "prompt", "confirm", "print"]) window[name] = () => { window.ran.push(name) };
""".replace("CANARY", CANARY)
# What would be executed, now or at a click, and what could lead elsewhere.
LOOK = r"""
() => {
  const runs = value => /^[\s\x00-\x1f]*(javascript|vbscript|data:(?!image\/))/i.test(value);
  const bad = element => {
    const tag = element.localName.toLowerCase();
    if (["iframe", "object", "embed", "base", "frame", "applet"].includes(tag)) return true;
    if (tag === "script" && !element.getAttribute("src") && !/json/.test(element.getAttribute("type"))) return true;
    if (tag === "meta" && element.getAttribute("http-equiv") === "refresh") return true;
    return [...element.attributes].some(({name, value}) =>
      /^on/i.test(name) || name === "srcdoc" || (/(href|src|action|data|to|values|from)$/i.test(name) && runs(value)));
  };
  const roots = [document, ...[...document.querySelectorAll("template")].map(each => each.content)];
  const found = roots.flatMap(root => [...root.querySelectorAll("*")].filter(bad)).map(e => e.outerHTML.slice(0, 300));
  return [...(window.ran || []), ...found];
}
"""
# A feed as its readers take it: as XML, with each text of type html as HTML.
LOOK_AT_FEED = r"""
source => {
  const feed = new DOMParser().parseFromString(source, "application/xml");
  if (feed.querySelector("parsererror")) return ["not well-formed"];
  const named = [...feed.querySelectorAll("*")].filter(e => e.namespaceURI === "http://www.w3.org/1999/xhtml");
  const html = [...feed.querySelectorAll("[type=html]")].flatMap(text => {
    const held = document.createElement("template");
    held.innerHTML = text.textContent;
    return [...held.content.querySelectorAll("script, iframe, svg, math, img, [onerror], [onload], style")];
  });
  return [...named, ...html].map(element => element.outerHTML.slice(0, 300));
}
"""


def columns() -> Iterator[tuple[type[models.Model], models.Field]]:
    """Every column that holds somebody's words."""
    for model in chain.from_iterable(apps.get_app_config(name).get_models() for name in APPS):
        for field in model._meta.concrete_fields:
            name = field.name
            plain = name[:-3] if name.endswith(("_kk", "_ru", "_en")) else name
            words = plain in WORDS and isinstance(field, models.CharField | models.TextField)
            if words and model._meta.label not in NOT_WORDS:
                yield model, field


def plant(strings: Iterator[str]) -> int:
    """Put the next string before whatever stands in each of these columns; how many were put."""
    triggers.lift(connection)
    planted = 0
    for model, field in columns():
        # Past managers that leave rows out, and past what follows the page's language.
        rows = models.QuerySet(model)
        for pk, before in list(rows.exclude(**{field.name: ""}).values_list("pk", field.attname)):
            if before is None:
                continue
            string = next(strings)
            while not string.strip() or "\x00" in string or len(string) + 2 > (field.max_length or 5000):
                string = next(strings)
            rows.filter(pk=pk).update(**{field.attname: f"{string} {before}"[: field.max_length]})
            planted += 1
    triggers.install(connection)
    return planted


class Watch:
    """What was executed in a browser, or asked for elsewhere, by page."""

    def __init__(self, context: BrowserContext, own: str):
        self.found: dict[str, list[str]] = {}
        self.elsewhere: list[str] = []
        self.own = own
        context.add_init_script(TRAPS)
        context.route(lambda address: not address.startswith((own, "data:", "blob:")), self._refuse)

    def _refuse(self, route) -> None:
        self.elsewhere.append(route.request.url)
        route.abort()

    def open(self, page: Page, name: str, path: str) -> None:
        """Go to `path`, which is no fault of ours, and look."""
        answer = page.goto(path)
        if answer.status >= 500:
            self.found[name] = [f"answers {answer.status}"]
        self.look(page, name)

    def look(self, page: Page, name: str) -> None:
        seen = page.evaluate(LOOK) + self.elsewhere
        self.elsewhere = []
        if seen:
            self.found.setdefault(name, []).extend(seen)

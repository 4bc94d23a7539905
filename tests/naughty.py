"""Strings that break careless programs, a reader of forms that fills every text field with them, and what to look for.

The strings are our own, one or a few for each known class. `NAUGHTY_LISTS` may name further files, separated by colons:
a JSON list of texts, cases of html5lib's tree construction (.dat), or a text with one on each line.
"""

import json
import os
import re
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

CANARY = "canary9"
STRINGS = [
    # Markup and script, in the places where they get out of
    f"<script>{CANARY}()</script>",
    f'"><img src=x onerror={CANARY}()>',
    f"'><svg onload={CANARY}()>",
    f"</textarea><script>{CANARY}()</script>",
    f"</title></style></script><iframe srcdoc='<script>{CANARY}()</script>'>",
    f"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror={CANARY}()&gt;'>",
    f"javascript:{CANARY}()",
    f"[click](javascript:{CANARY}())",
    f"data:text/html,<script>{CANARY}()</script>",
    f"]]><script xmlns='http://www.w3.org/1999/xhtml'>{CANARY}()</script>",
    f"&lt;script&gt;{CANARY}()&lt;/script&gt; &#x3c;script&#x3e;",
    f"＜script＞{CANARY}()＜/script＞",
    f"{{{{ {CANARY} }}}} {{% load i18n %}} ${{{CANARY}}} #{{7*7}} <%= 7*7 %>",
    f'{{"__proto__": {{"admin": true}}, "$where": "{CANARY}()"}}',
    # Queries, commands, formats, paths, headers
    "' OR 1=1 --",
    "'; DROP TABLE feedback_comment; --",
    '1" UNION SELECT password FROM accounts_user --',
    "%' AND 1=(SELECT COUNT(*) FROM tabname); --",
    "$(touch /tmp/x) `id` | ls; &",
    "%s %d %n %x %p {0} {} %(name)s",
    "../../../../etc/passwd",
    "first\r\nSet-Cookie: admin=1\r\n\r\n<html>",
    "to@example.org\nBcc: all@example.org",
    # Formulas of spreadsheets
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+1-1",
    "-2+3",
    "\t=1+1",
    # Unicode: direction, nothing to see, stacks, edges, look-alikes
    "\u202eright to left\u202c \u2066isolate",
    "\u0627\u0644\u0639\u0631\u0628\u064a\u0629 \u05e2\u05d1\u05e8\u05d9\u05ea and left",
    "zero\u200bwidth\u200c\u200d\ufeff\u2060",
    "\u115f\u3164\u2800\u00ad",
    "Z" + "\u0351\u0334\u0362" * 40 + "algo",
    "\u0915\u094d\u0937\u093f \u0e01\u0e33 \ufdfa",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 \U0001f1f0\U0001f1ff \U0001f3f4\U000e0067\U000e007f",
    "\ufffd\ufffe\uffff\U0010ffff",
    "\u0430dmin Аdmin аdmіnіstrаtіоn",
    "İıŞß ﬁ ǅ K Å e\u0301",
    "\u2028line\u2029paragraph\u0085next\x0bvertical\x0c",
    "\x01\x08\x1b[31mred\x7f\x9b",
    "nul\x00in the middle",
    # Values that mean something elsewhere
    "null",
    "undefined",
    "NaN",
    "-1e309",
    "0x7fffffffffffffff",
    "99999999999999999999999999",
    "true",
    "1/0",
    "",
    " ",
    "\n\n\n",
    "a" * 70_000,
    "слово " * 900,
    "😀" * 3000,
]
TYPED = {"text", "search", "email", "url", "number", "date", "tel", "", "datetime-local"}
# Forms that end the session, the account or the way back in; and fields that are not the writer's own words.
LEFT_ALONE = ("logout", "/delete", "password", "2fa", "/email/", "search/")
OURS = {"csrfmiddlewaretoken", "token", "form_token", "key"}


def all_strings() -> list[str]:
    """Our own, and those of the files that `NAUGHTY_LISTS` names."""
    found = list(STRINGS)
    for name in filter(None, os.environ.get("NAUGHTY_LISTS", "").split(":")):
        text = Path(name).read_text(encoding="utf-8", errors="replace")
        if name.endswith(".dat"):
            found += re.findall(r"^#data\n(.*?)\n#errors$", text, re.MULTILINE | re.DOTALL)
            continue
        try:
            found += [str(item) for item in json.loads(text)]
        except ValueError:
            found += [line for line in text.splitlines() if line and not line.startswith("#")]
    return found


def unicode_data() -> list[str]:
    """Of the files in Unicode's form that `NAUGHTY_DATA` names, the code points of each line's first field."""
    found = []
    for name in filter(None, os.environ.get("NAUGHTY_DATA", "").split(":")):
        for line in Path(name).read_text(encoding="utf-8").splitlines():
            if re.match(r"[0-9A-F]{4,}[ ;]", line):
                found.append("".join(chr(int(code, 16)) for code in line.split(";")[0].split()))
    return list(dict.fromkeys(found))


class Page(HTMLParser):
    """The forms of a page that are sent (POST), and whatever in it a browser would execute."""

    def __init__(self, text: str):
        super().__init__(convert_charrefs=True)
        self.forms: list[SimpleNamespace] = []
        self.executed: list[str] = []
        self._form = self._area = self._select = None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        self._look(tag, given)
        if tag == "form":
            sent = given.get("method", "").lower() == "post"
            self._form = SimpleNamespace(action=given.get("action", ""), kept={}, typed=[], id=given.get("id"))
            self.forms += [self._form] if sent else []
        elif self._form is not None and given.get("name"):
            self._field(tag, given)
        elif tag == "option" and self._select and ("selected" in given or self._select not in self._form.kept):
            self._form.kept[self._select] = given.get("value", "")

    def _field(self, tag: str, given: dict[str, str]) -> None:
        name, kind = given["name"], given.get("type", "").lower()
        if tag == "textarea" or (tag == "input" and kind in TYPED):
            self._form.typed.append(name)
        elif tag == "select":
            self._select = name
        elif tag == "input" and (kind == "hidden" or "checked" in given):
            self._form.kept[name] = given.get("value", "")

    def _look(self, tag: str, given: dict[str, str]) -> None:
        scripts = tag == "script" and "src" not in given and given.get("type") != "application/json"
        handlers = [name for name in given if name.startswith("on")]
        addresses = [v for n, v in given.items() if n in {"href", "src", "action"} and "script:" in v.lower()[:20]]
        if scripts or handlers or addresses or "srcdoc" in given:
            self.executed.append(f"<{tag} {given}>")

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None


def forms_of(text: str, address: str) -> list[SimpleNamespace]:
    """The page's forms that a writer fills in, with the address that each is sent to."""
    found = []
    for form in Page(text).forms:
        form.to = (form.action or address).split("#")[0]
        form.typed = [name for name in form.typed if name not in OURS]
        if form.typed and not any(part in form.to for part in LEFT_ALONE):
            found.append(form)
    return found

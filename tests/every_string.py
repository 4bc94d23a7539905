"""Every text field that there is, and every string into each of them: what became of it, by field.

A form's words go in together with the others of the form, several strings in one text as far as the field takes them;
what is refused goes in again string by string, again beside the other fields'. Each request is taken back, so that the
form stays as it was. A field that takes no free words (a number, a date, a code, an address) gets short strings one by
one.
"""

import json
import os
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.test import Client
from lxml import html

from portal.accounts.names import plain_name
from portal.plain_text import clean_text
from principles.spelling import strange_character
from tests.kept_words import is_normal, kept_words
from tests.naughty import OURS, Page, all_strings, unicode_data

TYPED = ["text", "search", "email", "url", "number", "date", "tel", "datetime-local", "password"]
SHORT = 16  # characters; so short a string may be a number or a date of some kind
LONG = 1000  # characters; a field that takes so many gets all the bidi data
ONE_OF = 50  # of them, which a shorter field gets, each field others
EACH = int(os.environ.get("STRING_EACH", "1"))  # of how many strings one is taken
VISIT = 900  # seconds between visits of the staff, longer than `SESSION_TOUCH_EVERY` and shorter than `STAFF_IDLE`
USUAL = {"textarea": 2000, "input": 200}
VARYING = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=[/-])\d+(?=[/-])|(?<=appeals/)[^/]+")
# What a form wants besides words, so that it is taken.
GIVEN = {
    "POST /admin/moderation/#/": {"act": "hide"},
    "POST /admin/feedback/bulkdecision/#/decide/": {
        **{"action": "hide", "text_kk": "Қазақша.", "text_ru": "По-русски.", "text_en": "In English."},
    },
    "POST /admin/principles/target/": {
        "readings-0-voice": "government",
        "readings-0-read_on": "2026-01-01",
        "readings-0-value": "1",
        "readings-0-source_url": "https://example.org/",
    },
}


def is_odd(string: str) -> bool:
    """Whether a field of one line, or of plain characters, refuses it for what is in it."""
    return "\n" in string or "\r" in string or bool(strange_character(string))


def packed(strings, limit: int) -> list[list[str]]:
    """`strings` in packs, each of which fits into `limit` characters with blanks between; longer ones by themselves."""
    packs: list[list[str]] = [[]]
    room = limit
    for string in strings:
        if packs[-1] and len(string) + 1 > room:
            packs.append([])
            room = limit
        packs[-1].append(string)
        room -= len(string) + 1
    return [pack for pack in packs if pack]


@dataclass
class Lists:
    """The strings; and what every field of some length gets of them, made once."""

    words: list[str] = field(default_factory=lambda: list(dict.fromkeys(all_strings()))[::EACH])
    data: list[str] = field(default_factory=lambda: unicode_data()[::EACH])
    packs: dict = field(default_factory=dict)

    def of(self, limit: int, turn: int) -> tuple[list[list[str]], list[list[str]]]:
        """Packs of what most fields keep, and of what many refuse."""
        limit = min(limit, 5000)
        key = limit, turn % ONE_OF if limit < LONG else 0
        if key not in self.packs:
            points = [each for each in self.data if len(each) == 1]
            rows = [each for each in self.data if len(each) > 1]
            rows = rows if limit >= LONG else rows[key[1] :: ONE_OF]
            self.packs[key] = tuple(
                [pack for strings in (self.words, [*points, *rows])
                 for pack in packed([each for each in strings if is_odd(each) == odd], limit)]
                for odd in (False, True)
            )  # fmt: skip
        return self.packs[key]

    def one_by_one(self, method: str) -> list[list[str]]:
        """What may be a number, a date or a code alone, the rest together; in an address all of them together."""
        marks = "<&" if method != "GET" else ""
        alone = [[each] for each in self.words if len(each) <= SHORT and not set(marks) & set(each) and marks]
        rest = [each for each in self.words if [each] not in alone]
        longest = 5_000 if method == "GET" else 20_000
        return alone + packed(rest, 1000) + packed(self.data, longest)


@dataclass
class Form:
    """A form as it stands on its page, and the fields into which somebody types."""

    browser: Client
    to: str
    method: str
    values: dict[str, list[str]]
    limits: dict[str, int]
    as_json: bool = False
    headers: dict = field(default_factory=dict)

    @property
    def name(self) -> str:
        path = VARYING.sub("#", self.to.split("?")[0])
        return f"{self.method} {re.sub(r'/(add|#/change)/$', '/', path) if path.startswith('/admin/') else path}"


def forms_on(browser: Client, address: str, answer=None) -> Iterator[Form]:
    page = answer or browser.get(address)
    if page.streaming or page.status_code not in {200, 422} or "html" not in page.get("Content-Type", ""):
        b"".join(page) if page.streaming else None
        return
    for form in html.fromstring(page.content.decode()).forms:
        values = chosen(form)
        limits = {}
        for each in form.xpath(".//textarea|.//input"):
            name, kind = each.get("name"), each.get("type") or "text"
            if name and name not in OURS and "__prefix__" not in name and (each.tag == "textarea" or kind in TYPED):
                limits[name] = int(each.get("maxlength") or USUAL[each.tag])
                if "required" in each.attrib and not (each.value or "").strip():
                    values[name] = ["qown"]
        to = (form.action or address).split("#")[0]
        if limits and "logout" not in to:
            made = Form(browser, to, form.method, values, limits)
            values |= {name: [value] for name, value in GIVEN.get(made.name, {}).items()}
            yield made


def chosen(form) -> dict[str, list[str]]:
    """What the form holds; the first choice where one has to be made, and the first button."""
    values: dict[str, list[str]] = {}
    for name, value in form.form_values():
        values.setdefault(name, []).append(value)
    for each in form.xpath(".//input[@type='radio'][@name]"):
        value = each.get("value", "on")
        if each.get("name") not in values or ("checked" in each.attrib and not value):
            values[each.get("name")] = [value]
    for each in form.xpath(".//input[@type='checkbox'][@required][@name]"):
        values[each.get("name")] = [each.get("value", "on")]
    for each in form.xpath(".//select[@name][@required]"):
        options = [option.get("value") for option in each.xpath(".//option") if option.get("value")]
        if options and not any(values.get(each.get("name"), [])):
            values[each.get("name")] = options[:1]
    for each in form.xpath(".//button[@name]|.//input[@type='submit'][@name]")[:1]:
        values[each.get("name")] = [each.get("value") or ""]
    return values


def distinct(forms) -> list[Form]:
    """Each field once: a form that stands on several pages, for adding and for changing, or in several rows, is one."""
    seen: set[tuple[str, str]] = set()
    found = []
    for form in sorted(forms, key=lambda form: "/add/" in form.to):
        new = {}
        for name, limit in form.limits.items():
            key = form.name, re.sub(r"-\d+-", "-#-", name)
            if key not in seen:
                seen.add(key)
                new[name] = limit
        form.limits = new
        found += [form] if new else []
    return found


def squashed(text: str) -> str:
    return " ".join(text.split())


class Filling:
    """Sends forms, and counts: requests, strings of fields stored and refused, and whatever is a fault."""

    def __init__(self, lists: Lists):
        self.lists = lists
        self.counts: Counter = Counter()
        self.faults: dict[str, str] = {}
        self.elsewhere: Counter = Counter()
        self.free: dict[str, list[str]] = {}
        self.visited = time.monotonic()
        self.words = set(lists.words)
        self.risky = [each for each in lists.words if set(each) & set("<\"'")]

    def told(self) -> dict:
        had = {"words": len(self.lists.words), "data": len(self.lists.data), "free": self.free}
        return had | {"counts": self.counts, "faults": self.faults, "elsewhere": self.elsewhere}

    def send(self, form: Form, typed: dict[str, str]):
        """The answer, and what it wrote; the browser and the tables are as before."""
        if form.to.startswith("/admin/") and time.monotonic() - self.visited > VISIT:
            form.browser.get("/admin/")  # one that is not taken back: staff without a visit are signed out
            self.visited = time.monotonic()
        cookies = form.browser.cookies.copy()
        self.counts["requests"] += 1
        with kept_words() as words:
            if form.as_json:
                body = json.dumps({name: value[0] for name, value in form.values.items()} | typed)
                answer = form.browser.generic(
                    form.method, form.to, body, content_type="application/json", headers=form.headers
                )
            elif form.method == "POST":
                answer = form.browser.post(form.to, form.values | typed)
            else:
                safe = {name: value.encode("utf-8", "replace") for name, value in typed.items()}
                answer = form.browser.get(form.to, form.values | safe)
        form.browser.cookies = cookies
        self._judge(form, typed, answer, words)
        return answer, words

    def _judge(self, form: Form, typed: dict, answer, words: list[str]) -> None:
        where = f"{form.name} {', '.join(typed)[:60]}"
        content = b"".join(answer) if answer.streaming else answer.content
        if form.to.startswith("/admin/") and "/login/" in answer.get("Location", ""):
            self.faults[f"signed out {form.name}"] = answer["Location"][:300]
        elif answer.status_code >= 500:
            self.faults[f"{answer.status_code} {where}"] = repr(list(typed.values())[:3])[:300]
        elif "html" in answer.get("Content-Type", "") and (executed := self._executed(content.decode(), typed)):
            self.faults[f"executed {where}"] = repr(executed)[:300]
        if odd := next((word for word in words if not is_normal(word)), None):
            self.faults[f"not normalised {form.name}"] = repr(odd)[:300]

    def _executed(self, page: str, typed: dict[str, str]) -> list[str]:
        """What a browser would execute of the page; read only where one of the strings stands in it as it came."""
        given = " ".join(typed.values())
        risky = (each for each in self.risky if each in given and each in page)
        return Page(page).executed if any(risky) or "javascript:" in page else []

    def took(self, answer, words: list[str], text: str) -> bool:
        wanted = {squashed(clean_text(text)), plain_name(text)} - {""}
        if not wanted:  # a field that may be empty is left so
            return answer.status_code in {201, 302}
        kept = [squashed(word) for word in words]
        return answer.status_code < 400 and any(each in word for each in wanted for word in kept)

    def fill(self, form: Form) -> None:
        form.browser.raise_request_exception = False
        free = [name for name in form.limits if self.took(*self.send(form, {name: "Qwords Qhere"}), "Qwords Qhere")]
        self.free.setdefault(form.name, []).extend(free)
        formal = {name for name in form.limits if name not in free}
        self.counts["fields"] += len(form.limits)
        self.counts["free fields"] += len(free)
        packs = {name: self.lists.of(form.limits[name], turn) for turn, name in enumerate(free)}
        for odd in (False, True):  # apart, so that what is refused is refused for all fields at once
            self._rounds(form, {name: parts[odd] for name, parts in packs.items() if parts[odd]})
        rows = self.lists.one_by_one(form.method) if formal else []
        for turn, _row in enumerate(rows):
            given = {name: " ".join(rows[(turn + 7 * n) % len(rows)]) for n, name in enumerate(sorted(formal))}
            self.send(form, given)
            self.counts["to other fields"] += len(given)

    def _rounds(self, form: Form, packs: dict[str, list[list[str]]]) -> None:
        """Each pack of each field once, one of every field in a request, the fields at different strings."""
        again: dict[str, list[list[str]]] = {}
        for turn in range(max(map(len, packs.values()), default=0)):
            given = {name: rows[(turn + 7 * n) % len(rows)]
                     for n, (name, rows) in enumerate(packs.items()) if turn < len(rows)}  # fmt: skip
            for name, pack in self._together(form, given):
                again.setdefault(name, []).extend([each] for each in pack)
        if again:
            self._rounds(form, again)

    def _together(self, form: Form, given: dict[str, list[str]]) -> list[tuple[str, list[str]]]:
        """Counts what became of the packs; those that have to be taken apart."""
        texts = {name: " ".join(pack) for name, pack in given.items()}
        answer, words = self.send(form, texts)
        left = {name: given[name] for name, text in texts.items() if not self.took(answer, words, text)}
        self.counts["stored"] += sum(len(pack) for name, pack in given.items() if name not in left)
        content = b"" if answer.streaming else answer.content
        wrong = {name for name in left if f'id_{name}_error"'.encode() in content} if len(texts) > 1 else set(left)
        told = wrong or (set(left) if len(left) < len(given) else set())
        again = [(name, given[name]) for name in told if self._comes_apart(form, name, given[name], answer)]
        if others := {name: pack for name, pack in left.items() if name not in told}:
            for part in [others] if told else [{name: pack} for name, pack in others.items()]:
                again += self._together(form, part)
        return again

    def _comes_apart(self, form: Form, name: str, pack: list[str], answer) -> bool:
        """Whether a pack that was not kept has to be tried string by string (none of odd ones); else it is counted."""
        if len(pack) > 1 and not is_odd(pack[0]) and pack[0] in self.words:
            return True
        status = answer.status_code
        kind = "refused" if status in {200, 400, 403, 409, 413, 422, 429} else f"answered {status}"
        self.counts[kind] += len(pack)
        if kind != "refused":
            self.elsewhere[f"{kind} {form.name} {name}"] += 1
        return False

"""Catalogues of translations: what our code and our packages say, in `.po` files; no gettext needed.

`script/messages` and `script/compile_messages` are its command line. Nothing here needs Django's settings.
"""

import ast
import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("kk", "ru")
# Django's own rules, so that its catalogues and ours merge. Nouns after a number stay singular in Kazakh.
PLURALS = {
    "kk": "nplurals=2; plural=(n != 1);",
    "ru": "nplurals=4; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : "
    "n%10==0 || (n%10>=5 && n%10<=9) || (n%100>=11 && n%100<=14)? 2 : 3);",
}
HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""
TRANSLATION = "django.utils.translation"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# `{% in_language code "text" %}` is a tag of ours that Django's extractor does not know.
IN_LANGUAGE = re.compile(r"""{%\s*in_language\s+\S+\s+("[^"]*"|'[^']*')\s*(?:as\s+\w+\s*)?%}""")
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[#0+-]*\d*(?:\.\d+)?[a-zA-Z]|%%|\{\w*(?::\w+)?\}")
TAG = re.compile(r"</?[a-zA-Z][^>]*>")
NUMBER_BEFORE_ENDING = re.compile(r"(\d|%\(\w+\)s|%%)-(?=[^\W\d_])")

Key = tuple[str | None, str]  # (context, singular)


def package(name: str) -> Path:
    return Path(find_spec(name).submodule_search_locations[0])


@dataclass(frozen=True)
class Source:
    """A folder to read messages from, and which of the paths in it count."""

    folder: Path
    include: str = r".*"
    exclude: str = r"(?!)"
    domain: str = "django"
    # Only these messages of the matching files, if given.
    only: frozenset[str] = field(default_factory=frozenset)

    def files(self) -> Iterator[Path]:
        suffixes = {".js"} if self.domain == "djangojs" else {".py", ".html", ".txt"}
        for path in sorted(self.folder.rglob("*")):
            relative = path.relative_to(self.folder).as_posix()
            if path.suffix not in suffixes or not re.fullmatch(self.include, relative):
                continue
            if not re.fullmatch(self.exclude, relative):
                yield path


OWN = tuple(
    Source(folder, exclude=r"(.*/)?(migrations|static|data)/.*")
    for folder in (*sorted(path.parent for path in ROOT.glob("*/apps.py")), ROOT / "templates")
)
VISIBLE_CONTRIB = "admin|auth|contenttypes|humanize|messages|sessions"
LIBRARIES = (
    Source(
        package("django"),
        rf"(apps|core|db|forms|http|template|utils|views)/.+\.py|contrib/({VISIBLE_CONTRIB})/.+\.py"
        rf"|contrib/({VISIBLE_CONTRIB})/templates/.+|forms/templates/.+",
        r"core/(management|checks)/.*|.*/management/.*|.*/migrations/.*|views/(csrf|debug|i18n|static)\.py",
    ),
    Source(package("django"), r"conf/global_settings\.py", only=frozenset({"Kazakh", "Russian", "English"})),
    Source(
        package("allauth"), r"(account|mfa|core|utils|decorators|ratelimit)\b.*\.py|templates/(account|mfa|allauth)/.+"
    ),
    Source(package("modeltranslation"), r".+\.(py|html)", r"tests/.*|management/.*"),
    Source(package("rest_framework"), r"[a-z_]+\.py", r"(compat|renderers|test)\.py"),
    Source(package("django_tasks"), r".+\.(py|html)"),
    Source(package("django_tasks_db"), r".+\.(py|html)", r"management/.*"),
)
LIBRARIES_JS = (Source(package("django"), r"contrib/admin/static/admin/js/.+\.js", r".*/vendor/.*", domain="djangojs"),)
# Where the packages' own catalogues lie: the first that knows a message wins, as in Django.
PACKAGE_CATALOGUES = (
    "django_tasks_db",
    "django_tasks",
    "rest_framework",
    "modeltranslation",
    "allauth",
    *(f"django.contrib.{name}" for name in VISIBLE_CONTRIB.split("|")),
    "django.conf",
)


@dataclass(frozen=True)
class Collection:
    """One `.po` file per language: where it lies, and what it must hold."""

    folder: Path
    sources: tuple[Source, ...]
    domain: str = "django"
    # For these languages the packages' own catalogues count too; only what they lack need be in ours.
    packages_count: tuple[str, ...] = ()

    def path(self, language: str) -> Path:
        return self.folder / language / "LC_MESSAGES" / f"{self.domain}.po"


OWN_COLLECTION = Collection(ROOT / "portal" / "locale", OWN)
LIBRARY_COLLECTIONS = [
    Collection(ROOT / "portal" / "libraries_locale", LIBRARIES, packages_count=("ru",)),
    Collection(ROOT / "portal" / "libraries_locale", LIBRARIES_JS, "djangojs", packages_count=("ru",)),
]
COLLECTIONS = [OWN_COLLECTION, *LIBRARY_COLLECTIONS]


def key(message: Message) -> Key:
    return message.context, message.id[0] if message.pluralizable else message.id


def read_python(text: str) -> Iterator[tuple]:
    """(message or (singular, plural), context) of each call in `text` that translates literals."""
    nodes = list(ast.walk(ast.parse(text)))
    imported = [node for node in nodes if isinstance(node, ast.ImportFrom) and node.module == TRANSLATION]
    aliases = {each.asname: each.name for node in imported for each in node.names if each.asname}
    for node in nodes:
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
        name = aliases.get(name, name)
        if name not in KEYWORDS:
            continue
        count = len(KEYWORDS[name] or (1,))
        arguments = [each.value if isinstance(each, ast.Constant) else None for each in node.args[:count]]
        if len(arguments) < count or not all(isinstance(each, str) for each in arguments):
            continue
        context = arguments.pop(0) if name.startswith(("p", "np")) else None
        yield (tuple(arguments) if len(arguments) == 2 else arguments[0]), context


def read_calls(text: str, method: str) -> Iterator[tuple]:
    """The same by one of Babel's extractors, for JavaScript and for what `templatize` makes."""
    stream = io.BytesIO(text.encode())
    for _line, message, _comments, context in extract(method, stream, KEYWORDS, options={"encoding": "utf-8"}):
        yield message, context


def read_file(path: Path) -> Iterator[tuple]:
    """The same for a file of Python, JavaScript or a Django template."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        yield from read_python(text)
    elif path.suffix == ".js":
        yield from read_calls(text, "javascript")
    else:
        # What is left around the calls is blanked out, but its indentation would not be Python's.
        code = templatize(text, origin=str(path))
        yield from read_calls("\n".join(line.strip() for line in code.splitlines()), "python")
        for match in IN_LANGUAGE.finditer(text):
            yield match[1][1:-1], None


@cache
def extracted(sources: tuple[Source, ...]) -> Catalog:
    """Every message of `sources`, with the names of the files that say it; read once per process."""
    catalogue = Catalog()
    for source in sources:
        for path in source.files():
            for message, context in read_file(path):
                singular = message[0] if isinstance(message, tuple) else message
                if not singular or (source.only and singular not in source.only):
                    continue
                catalogue.add(
                    message, locations=[(path.relative_to(source.folder.parent).as_posix(), 0)], context=context
                )
    return catalogue


def stored(path: Path, language: str) -> Catalog:
    """What a `.po` file holds; nothing if there is none."""
    if not path.exists():
        return empty(language)
    with path.open("rb") as file:
        return read_po(file, locale=language, ignore_obsolete=True, abort_invalid=True)


def empty(language: str) -> Catalog:
    catalogue = Catalog(locale=language)
    catalogue.mime_headers = [("Plural-Forms", PLURALS[language])]
    return catalogue


@cache
def by_packages(language: str, domain: str = "django") -> Catalog:
    """What the packages translate themselves, as Django would find it."""
    merged = Catalog(locale=language)
    for name in PACKAGE_CATALOGUES:
        path = package(name) / "locale" / language / "LC_MESSAGES" / f"{domain}.mo"
        if not path.exists():
            continue
        with path.open("rb") as file:
            for message in read_mo(file):
                # Babel leaves a context as it was read: in bytes.
                context = message.context.decode() if message.context else None
                if message.id and merged.get(key(message)[1], context) is None and is_full(message, None):
                    merged.add(message.id, message.string, context=context)
    return merged


def strings(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, list | tuple) else [message.string]


def is_full(message: Message, forms: int | None) -> bool:
    """Whether `message` is translated, in each of `forms` plural forms if it has them."""
    found = strings(message)
    return all(found) and (not message.pluralizable or forms is None or len(found) == forms)


def placeholders(text: str) -> tuple[set[str], list[str]]:
    """Named placeholders, whose order is free, and positional ones, whose order is not."""
    found = [each for each in PLACEHOLDER.findall(text) if each != "%%"]
    named = {each for each in found if "(" in each or (each.startswith("{") and each != "{}")}
    return named, [each for each in found if each not in named]


def placeholders_agree(message: Message, language: str) -> bool:
    """Whether each translation of `message` has the placeholders that the message has.

    The first Kazakh form is for exactly one ("an hour ago") and may do without the number; the first
    Russian one is for 21, too, and may not.
    """
    ids = message.id if message.pluralizable else (message.id,)
    allowed = [placeholders(text) for text in ids]
    for form, text in enumerate(strings(message)):
        found = placeholders(text)
        if found != allowed[-1] and not (form == 0 and language == "kk" and found == allowed[0]):
            return False
    return True


def tags_agree(message: Message) -> bool:
    """Whether each translation of `message` has the HTML that the message has, in whatever order."""
    ids = message.id if message.pluralizable else (message.id,)
    allowed = [sorted(TAG.findall(text)) for text in ids]
    return all(sorted(TAG.findall(text)) in allowed for text in strings(message))


def edges_agree(message: Message) -> bool:
    """Whether the translations begin and end with a line break where the message does, as msgfmt demands."""
    first = message.id[0] if message.pluralizable else message.id
    edges = first.startswith("\n"), first.endswith("\n")
    return all((text.startswith("\n"), text.endswith("\n")) == edges for text in strings(message))


def wanted(collection: Collection, language: str) -> Catalog:
    """What the `.po` file of `collection` must hold in `language`."""
    messages = extracted(collection.sources)
    if language not in collection.packages_count:
        return messages
    packages = by_packages(language, collection.domain)
    ours = stored(collection.path(language), language)
    needed = Catalog()
    for message in messages:
        if not message.id:
            continue
        theirs = packages.get(key(message)[1], message.context)
        covered = theirs is not None and (theirs.pluralizable or not message.pluralizable)
        corrected = ours.get(key(message)[1], message.context) is not None
        if not covered or corrected or not placeholders_agree(theirs, language):
            needed.add(message.id, locations=message.locations, context=message.context)
    return needed


def update(collection: Collection, language: str) -> tuple[int, int]:
    """Rewrite the `.po` file to what the code says now, keeping translations; (messages, untranslated ones).

    A new message of ours that the packages' catalogue already translates starts with that translation.
    """
    before = stored(collection.path(language), language)
    seeds = [before]
    if collection is OWN_COLLECTION:
        seeds += [stored(LIBRARY_COLLECTIONS[0].path(language), language), by_packages(language)]
    after = empty(language)
    missing = 0
    for message in wanted(collection, language):
        if not message.id:
            continue
        entry = after.add(message.id, locations=sorted(set(message.locations)), context=message.context)
        entry.string = ("",) * after.num_plurals if entry.pluralizable else ""
        for seed in seeds:
            known = seed.get(key(message)[1], message.context)
            if known is not None and known.pluralizable == entry.pluralizable and all(strings(known)):
                entry.string, entry.flags = known.string, entry.flags | (known.flags & {"fuzzy"})
                break
        missing += not is_full(entry, after.num_plurals)
    save(after, collection.path(language), language)
    return len(after), missing


def save(catalogue: Catalog, path: Path, language: str) -> None:
    """Write sorted, without dates and line numbers, and only if something changed."""
    if not len(catalogue) and not path.exists():
        return
    body = io.BytesIO()
    write_po(body, catalogue, sort_output=True, omit_header=True, include_lineno=False, width=110)
    text = HEADER.format(language=language, plurals=PLURALS[language]) + body.getvalue().decode().strip("\n") + "\n"
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def faults(collection: Collection, language: str) -> list[str]:
    """What is wrong with a `.po` file, one line each: empty if all is well."""
    path = collection.path(language)
    catalogue = stored(path, language)
    name = path.relative_to(ROOT).as_posix()
    found = []
    for message in wanted(collection, language):
        entry = catalogue.get(key(message)[1], message.context) if message.id else None
        if message.id and (entry is None or (message.pluralizable and not entry.pluralizable)):
            found.append(f"{name}: lacks {message.id!r}")
    for entry in catalogue:
        if not entry.id:
            continue
        if entry.fuzzy:
            found.append(f"{name}: fuzzy {entry.id!r}")
        if not is_full(entry, catalogue.num_plurals):
            found.append(f"{name}: untranslated {entry.id!r}")
        elif not placeholders_agree(entry, language):
            found.append(f"{name}: other placeholders than {entry.id!r}")
        elif not tags_agree(entry):
            found.append(f"{name}: other HTML than {entry.id!r}")
        elif not edges_agree(entry):
            found.append(f"{name}: other line breaks at the ends than {entry.id!r}")
    return found


def all_faults() -> list[str]:
    return [fault for each in COLLECTIONS for language in LANGUAGES for fault in faults(each, language)]


def held_together(text: str) -> str:
    """`text` in which no line ends between a number and its ending, as in «2-нұсқа»."""
    return NUMBER_BEFORE_ENDING.sub("\\1\N{NON-BREAKING HYPHEN}", text)


def as_shown(path: Path, language: str) -> Catalog:
    """What a `.po` file holds, as readers see it."""
    catalogue = stored(path, language)
    for message in catalogue:
        if message.id:
            shown = tuple(map(held_together, strings(message)))
            message.string = shown if message.pluralizable else shown[0]
    return catalogue


def compile_all() -> list[Path]:
    """Compile each `.po` that is newer than its `.mo`, or all where this is; the ones compiled."""
    done = []
    for collection in COLLECTIONS:
        for language in LANGUAGES:
            source = collection.path(language)
            target = source.with_suffix(".mo")
            if not source.exists():
                continue
            newest = max(path.stat().st_mtime for path in (source, Path(__file__)))
            if target.exists() and target.stat().st_mtime >= newest:
                continue
            part = target.with_suffix(f".{os.getpid()}.part")
            with part.open("wb") as file:
                write_mo(file, as_shown(source, language))
            part.replace(target)
            done.append(target)
    return done

"""Kazakh and Russian are complete and well formed, in our own code and in what people see of the packages."""

import re
import unicodedata
from datetime import date, datetime
from pathlib import Path

import pytest
from django.apps import apps
from django.template import Context, Template
from django.utils import formats, timezone, translation
from django.utils.timesince import timesince
from django.utils.translation import gettext, ngettext, pgettext, trans_real

from portal import messages_catalogue as catalogue

LIBRARIES = catalogue.LIBRARY_COLLECTIONS[0]
# What stands between the words of a message and is no word itself.
NO_WORDS = re.compile(rf"{catalogue.PLACEHOLDER.pattern}|<[^>]*>|&\w+;")
# Names that are written alike in every language.
NAMES = {"API", "IPv4", "IPv6", "WebAuthn", "TOTP", "URL"}
TEMPLATE_FORMS = """\
{% load i18n %}
<p title="{% translate 'A title' %}">{% translate "May" context "month" %}</p>
    {% blocktranslate trimmed %}
        Two lines
        of one sentence
    {% endblocktranslate %}
{% blocktranslate trimmed count n=n context "words" %}{{ n }} word{% plural %}{{ n }} words{% endblocktranslate %}
{{ value|default:_("nothing") }} {% in_language "kk" "Read this page" %}
{% comment %}{% translate "never shown" %}{% endcomment %} it's 100% {{ "quoted }
"""


@pytest.fixture(autouse=True, scope="module")
def compiled():
    """The catalogues as they are now, whatever was compiled and loaded before."""
    if catalogue.compile_all():
        trans_real._translations.clear()
        trans_real._default = None


def entries(collection, language):
    return [entry for entry in catalogue.stored(collection.path(language), language) if entry.id]


def every_entry():
    for collection in catalogue.COLLECTIONS:
        for language in catalogue.LANGUAGES:
            for entry in entries(collection, language):
                yield language, entry


def script_of(letter):
    return unicodedata.name(letter, "").partition(" ")[0]


def is_mixed(word):
    return {"LATIN", "CYRILLIC"} <= {script_of(letter) for letter in word}


def test_no_message_is_missing_untranslated_or_malformed():
    assert catalogue.all_faults() == []


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_what_people_see_of_the_packages_is_translated(language):
    ours = catalogue.stored(LIBRARIES.path(language), language)
    theirs = catalogue.by_packages(language) if language in LIBRARIES.packages_count else catalogue.empty(language)
    untranslated = [
        message.id
        for message in catalogue.extracted(LIBRARIES.sources)
        if message.id
        and not any(
            found is not None and catalogue.is_full(found, None)
            for found in (each.get(catalogue.key(message)[1], message.context) for each in (ours, theirs))
        )
    ]
    assert untranslated == []


def test_the_packages_messages_are_found():
    found = {catalogue.key(message) for message in catalogue.extracted(LIBRARIES.sources)}
    some = {
        (None, "Enter a whole number."),
        (None, "This password is too common."),
        (None, "Enter Email Verification Code"),
        (None, "Authentication credentials were not provided."),
        (None, "Delete selected %(verbose_name_plural)s"),
        ("alt. month", "November"),
        ("Task", "Ready"),
    }
    assert some - found == set()


def test_every_installed_package_that_speaks_to_people_is_covered():
    # The one says its own name on no page; the other speaks to developers, in the description of the API.
    silent = {"django.contrib.staticfiles", "drf_spectacular"}
    covered = {source.folder.name for source in catalogue.LIBRARIES}
    covered |= {f"django.contrib.{name}" for name in catalogue.VISIBLE_CONTRIB.split("|")}
    uncovered = [
        app.name
        for app in apps.get_app_configs()
        if not Path(app.path).is_relative_to(catalogue.ROOT) or ".venv" in Path(app.path).parts
        if app.name not in silent
        if (app.name if app.name.startswith("django.contrib.") else app.name.partition(".")[0]) not in covered
        if len(catalogue.extracted((catalogue.Source(Path(app.path)),)))
    ]
    assert uncovered == []


def test_every_kazakh_translation_is_written_in_cyrillic():
    in_latin_only = [
        entry.id
        for language, entry in every_entry()
        if language == "kk"
        for text in catalogue.strings(entry)
        for words in [NO_WORDS.sub(" ", text)]
        if set(re.findall(r"[^\W\d_]+", words)) - NAMES
        and not any(script_of(each) == "CYRILLIC" for each in words)
        and not re.fullmatch(r"IPv\d", text)
    ]
    assert in_latin_only == []


def test_no_word_mixes_latin_and_cyrillic_letters():
    mixed = [
        (language, word)
        for language, entry in every_entry()
        for text in catalogue.strings(entry)
        for word in re.findall(r"\w+", NO_WORDS.sub(" ", text))
        if is_mixed(word)
    ]
    assert mixed == []


def test_a_latin_letter_within_a_cyrillic_word_is_seen():
    assert is_mixed("с\u0456йту") is False
    assert is_mixed("с\u0069йту") is True


@pytest.mark.parametrize(
    ("language", "expected"),
    [("kk", "2026 ж. 23 қараша"), ("ru", "23 ноября 2026 г."), ("en", "23 November 2026")],
)
def test_a_date_reads_as_people_write_it(language, expected):
    with translation.override(language):
        assert formats.date_format(date(2026, 11, 23)) == expected


@pytest.mark.parametrize(("language", "expected"), [("kk", "12\xa0345,5"), ("ru", "12\xa0345,5"), ("en", "12,345.5")])
def test_a_number_is_grouped_as_people_write_it(language, expected):
    with translation.override(language):
        assert formats.number_format(12345.5, use_l10n=True, force_grouping=True) == expected


@pytest.mark.parametrize(
    ("language", "days", "expected"),
    [
        ("kk", 1, "1\xa0күн"),
        ("kk", 39, "1\xa0ай, 1\xa0апта"),
        ("kk", 800, "2\xa0жыл, 2\xa0ай"),
        ("ru", 39, "1\xa0месяц, 1\xa0неделя"),
    ],
)
def test_a_stretch_of_time_is_in_the_readers_language(language, days, expected):
    start = datetime(2026, 1, 1, tzinfo=timezone.get_current_timezone())
    with translation.override(language):
        assert timesince(start, start + timezone.timedelta(days=days)) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [(1, "1 символ"), (2, "2 символа"), (5, "5 символов"), (11, "11 символов"), (21, "21 символ")],
)
def test_a_russian_noun_agrees_with_its_number(number, expected):
    with translation.override("ru"):
        text = ngettext(
            "Your password must contain at least %(min_length)d character.",
            "Your password must contain at least %(min_length)d characters.",
            number,
        )
        assert text % {"min_length": number} == f"Ваш пароль должен содержать как минимум {expected}."


@pytest.mark.parametrize("number", [1, 2, 5])
def test_a_kazakh_noun_stays_singular_after_a_number(number):
    with translation.override("kk"):
        assert ngettext("%(size)d byte", "%(size)d bytes", number) % {"size": number} == f"{number} байт"


def test_our_catalogues_come_before_the_packages():
    with translation.override("kk"):
        assert gettext("tomorrow") == "ертең"  # Django says "ерте": early
        assert pgettext("alt. month", "November") == "қараша"


def test_a_page_of_a_package_speaks_kazakh():
    with translation.override("kk"):
        assert Template("{% load i18n %}{% translate 'Sign In' %}").render(Context()) == "Кіру"


def test_every_form_of_the_translation_tags_is_extracted(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(TEMPLATE_FORMS)
    assert sorted(catalogue.read_file(page), key=str) == sorted(
        [
            ("A title", None),
            ("May", "month"),
            ("Two lines of one sentence", None),
            (("%(n)s word", "%(n)s words"), "words"),
            ("nothing", None),
            ("Read this page", None),
        ],
        key=str,
    )


def test_an_imported_name_is_followed():
    code = 'from django.utils.translation import gettext as t\nfrom elsewhere import gettext as u\nt("a"); u("b")'
    assert list(catalogue.read_python(code)) == [("a", None)]


def test_only_literals_are_extracted_from_python():
    code = '_("a" "b"); _(f"{x}"); _(name); gettext(row["x"] + "y"); pgettext("c", "d"); ngettext("e", "f", n)'
    assert list(catalogue.read_python(code)) == [("ab", None), ("d", "c"), (("e", "f"), None)]


@pytest.fixture
def collection(tmp_path, monkeypatch):
    """A catalogue of its own, of one module with one sentence and one plural."""
    monkeypatch.setattr(catalogue, "ROOT", tmp_path)
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "a.py").write_text('_("By %(name)s"); ngettext("%(n)s vote", "%(n)s votes", n)')
    return catalogue.Collection(tmp_path / "locale", (catalogue.Source(tmp_path / "app"),))


def fill(collection, language, **changes):
    """Translate both messages, then change what `changes` names."""
    catalogue.update(collection, language)
    stored = catalogue.stored(collection.path(language), language)
    forms = {"ru": ("%(n)s голос", "%(n)s голоса", "%(n)s голосов", "%(n)s голоса"), "kk": ("%(n)s дауыс",) * 2}
    stored["By %(name)s"].string = changes.get("text", "%(name)s")
    stored["%(n)s vote"].string = changes.get("forms", forms[language])
    if changes.get("fuzzy"):
        stored["By %(name)s"].flags.add("fuzzy")
    catalogue.save(stored, collection.path(language), language)


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_a_full_catalogue_has_no_faults(collection, language):
    fill(collection, language)
    assert catalogue.faults(collection, language) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"text": ""}, "untranslated 'By %(name)s'"),
        ({"fuzzy": True}, "fuzzy 'By %(name)s'"),
        ({"text": "Автор %(nam)s"}, "other placeholders than 'By %(name)s'"),
        ({"text": "Автор"}, "other placeholders than 'By %(name)s'"),
        ({"text": "<b>%(name)s</b>"}, "other HTML than 'By %(name)s'"),
        ({"text": "%(name)s\n"}, "other line breaks at the ends than 'By %(name)s'"),
        ({"forms": ("%(n)s голос", "", "%(n)s голосов", "")}, "untranslated ('%(n)s vote', '%(n)s votes')"),
        (
            {"forms": ("один голос", "%(n)s голоса", "%(n)s голосов", "%(n)s голоса")},
            "other placeholders than ('%(n)s vote', '%(n)s votes')",
        ),
    ],
)
def test_each_fault_is_named(collection, changes, fault):
    fill(collection, "ru", **changes)
    assert catalogue.faults(collection, "ru") == [f"locale/ru/LC_MESSAGES/django.po: {fault}"]


def test_a_message_that_no_catalogue_has_is_named(collection):
    assert catalogue.faults(collection, "kk") == [
        "locale/kk/LC_MESSAGES/django.po: lacks 'By %(name)s'",
        "locale/kk/LC_MESSAGES/django.po: lacks ('%(n)s vote', '%(n)s votes')",
    ]


def test_an_update_keeps_translations_drops_what_is_gone_and_is_stable(collection):
    fill(collection, "ru")
    path = collection.path("ru")
    first = path.read_text()
    assert catalogue.update(collection, "ru") == (2, 0)
    assert path.read_text() == first
    (collection.folder.parent / "app" / "a.py").write_text('_("By %(name)s"); _("New")')
    catalogue.extracted.cache_clear()
    assert catalogue.update(collection, "ru") == (2, 1)
    assert [(entry.id, entry.string) for entry in entries(collection, "ru")] == [
        ("By %(name)s", "%(name)s"),
        ("New", ""),
    ]


def test_what_has_not_changed_is_not_compiled_again():
    assert catalogue.compile_all() == []


def test_a_kazakh_suffix_never_hangs_on_a_placeholder():
    """Its vowels and consonants would have to follow a word that nobody knows yet."""
    endings = "да|де|та|те|дан|ден|тан|тен|нан|нен|ға|ге|қа|ке|ның|нің|дың|дің|тың|тің|ды|ді|ты|ті|ны|ні|мен|бен|пен"
    hanging = re.compile(rf"(?:{catalogue.PLACEHOLDER.pattern})[-’\xad]?(?:{endings})\b")
    found = [
        text
        for language, entry in every_entry()
        if language == "kk"
        for text in catalogue.strings(entry)
        if hanging.search(text)
    ]
    assert found == []

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
    [("kk", "2026\xa0ж. 23\xa0қараша"), ("ru", "23\xa0ноября 2026\xa0г."), ("en", "23 November 2026")],
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


NAME_OF_A_KIND = r"%s|%\((?:class_name|items|model|module_name|name|objects?_name|verbose_name(?:_plural)?)\)s|\{name\}"
UNBENT = re.compile(rf"(?:^|[:(—] ?|«)(?:{NAME_OF_A_KIND})")


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_the_admin_bends_no_name_of_a_kind_of_thing(language):
    """Names of models are in the nominative: they stand alone, and no word beside them asks for a case or a gender."""
    ours, theirs = catalogue.stored(LIBRARIES.path(language), language), catalogue.by_packages(language)
    bent = []
    for message in catalogue.extracted(LIBRARIES.sources):
        context, singular = catalogue.key(message)
        if not any(name.startswith("django/contrib/admin/") for name, _line in message.locations):
            continue
        for text in catalogue.strings(ours.get(singular, context) or theirs.get(singular, context)):
            names = list(re.finditer(NAME_OF_A_KIND, text))
            bent += [text for name in names if not UNBENT.search(text[max(0, name.start() - 2) : name.end()])]
    assert bent == []

"""How the catalogues of messages are kept: extracted, checked, brought up to date, compiled."""

import re
from gettext import GNUTranslations

import pytest

from portal import messages_catalogue as catalogue
from tests.test_translations import entries

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


def test_a_number_stays_in_one_line_with_its_ending(collection, monkeypatch):
    monkeypatch.setattr(catalogue, "COLLECTIONS", [collection])
    fill(collection, "kk", text="%(name)s-нұсқа, 1-ден 2-3, кең-байтақ", forms=("%(n)s-дауыс", "%(n)s дауыс-2"))
    [compiled] = catalogue.compile_all()
    with compiled.open("rb") as file:
        said = GNUTranslations(file)
    assert said.gettext("By %(name)s") == "%(name)s\u2011нұсқа, 1\u2011ден 2-3, кең-байтақ"
    assert said.ngettext("%(n)s vote", "%(n)s votes", 1) == "%(n)s\u2011дауыс"
    assert said.ngettext("%(n)s vote", "%(n)s votes", 2) == "%(n)s дауыс-2"


def test_russian_writes_the_letter_yo_wherever_it_is_heard():
    collection, theirs = catalogue.LIBRARY_COLLECTIONS[0], catalogue.by_packages("ru")
    ours = catalogue.stored(collection.path("ru"), "ru")
    own = catalogue.stored(catalogue.OWN_COLLECTION.path("ru"), "ru")
    library = [catalogue.key(message) for message in catalogue.extracted(collection.sources) if message.id]
    shown = [ours.get(name, context) or theirs.get(name, context) for context, name in library]
    said = [message for message in (*shown, *own) if message and message.id]
    words = {
        word for message in said for text in catalogue.strings(message) for word in re.findall("[а-яё]+", text.lower())
    }
    # Words that are others with the other letter: "all" and "all of it", "than" and "what about".
    others = {"все", "чем"}
    assert sorted(words & ({word.replace("ё", "е") for word in words if "ё" in word} - others)) == []


def test_a_dash_in_english_is_no_hyphen_and_letters_come_by_e_mail():
    said = [
        key for _context, key in map(catalogue.key, filter(lambda each: each.id, catalogue.extracted(catalogue.OWN)))
    ]
    assert len(said) > 1000
    assert [text for text in said if " - " in text or "by mail" in text] == []

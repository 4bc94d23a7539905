"""Every page in every language holds no text of another one, but what is marked as such."""

from html.parser import HTMLParser
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils.translation import override

from feedback.ledger.sequencer import sequence
from feedback.templatetags.said import language_label, said_name
from feedback.text import detect_language, language_of_name
from principles.models import Measure
from tests.builders import hide, make_comment, make_participant, rate_by_many, signed_in
from tests.programme_builders import load_fair_kazakhstan

VOID = {"meta", "link", "input", "br", "img", "hr", "rect", "source", "wbr"}
# Names and addresses are the same in every language.
NAMES = ("API", "Telegram", "WhatsApp", "Atom", "Person", "TOTP", "http", "@")
LANGUAGES = {"Қазақша", "Русский", "English"}  # each offered under its own name
SHORTEST = 25  # letters from which a text's language can be told


class Texts(HTMLParser):
    """The texts of a page that stand in the page's own language, attributes that people hear or see included."""

    def __init__(self, language: str):
        super().__init__()
        self.language = language
        self.open: list[tuple[str, str]] = []
        self.texts: list[str] = []

    @property
    def inside(self) -> str:
        return self.open[-1][1] if self.open else self.language

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        language = attributes.get("lang") or self.inside
        if tag in {"script", "style"}:
            language = "none"
        if tag not in VOID:
            self.open.append((tag, language))
        if language == self.language:
            names = ("aria-label", "title", "placeholder", "alt")
            self.texts += [attributes[name] for name in names if attributes.get(name)]

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if self.inside == self.language and data.strip():
            self.texts.append(" ".join(data.split()))


def foreign_texts(html: str, language: str) -> list[str]:
    """Texts of a page that are in another language than the page, and not marked."""
    parser = Texts(language)
    parser.feed(html)
    foreign = []
    for text in parser.texts:
        letters = [character for character in text if character.isalpha()]
        if any(name in text for name in NAMES) or text in LANGUAGES or not letters:
            continue
        latin = sum(character.isascii() for character in letters) / len(letters)
        wrong_script = latin > 0.3 if language != "en" else latin < 0.7
        told = len(letters) >= SHORTEST and detect_language(text) != language
        if wrong_script or told:
            foreign.append(text)
    return foreign


@pytest.mark.parametrize(
    ("html", "language", "found"),
    [
        ("<p>Оценки этой меры видны всем участникам</p>", "kk", 1),
        ("<p>Бағалар барлық қатысушыға көрінеді, пікірлер де</p>", "ru", 1),
        ("<p>Save</p>", "kk", 1),
        ("<p>Сохранить</p>", "en", 1),
        ('<p lang="ru">Оценки этой меры видны всем участникам</p>', "kk", 0),
        ('<p><button aria-label="Close">×</button></p>', "ru", 1),
        ("<p>Пікіріңізді өзіңізге ыңғайлы тілде жазыңыз, бәрі оқиды</p>", "kk", 0),
    ],
)
def test_a_text_of_another_language_is_found(html, language, found):
    assert len(foreign_texts(html, language)) == found


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_no_page_holds_a_text_of_another_language(language, settings):
    settings.SITE_NAME = ""
    load_fair_kazakhstan()
    call_command("load_rules", stdout=StringIO())
    measure = Measure.objects.get(slug="modern-classrooms")
    person = make_participant(display_name="Person", language=language)
    raters = rate_by_many(measure, [1, 2, 3, 4, 5] * 2 + [3])
    comment = make_comment(measure, by=person, text="A comment in English.", stance="for")
    hide(make_comment(measure, by=person, text="Hidden, in English."), explanation="In English.")
    make_comment(measure, by=raters[0], parent=comment, text="A reply in English.")
    sequence()
    page = f"/{language}/measures/{measure.slug}/"
    open_pages = [
        f"/{language}/",
        f"/{language}/principles/fair-state/",
        page,
        f"{page}?sort=agreed",
        f"{page}?sort=sides",
        f"{page}editions/1/",
        f"{page}comments/{comment.pk}/",
        f"/{language}/search/?q=",
        f"/{language}/moderation/",
        f"/{language}/about/",
        f"/{language}/privacy/",
        f"/{language}/accessibility/",
        f"/{language}/accounts/login/",
        f"/{language}/accounts/signup/",
        f"/{language}/accounts/password/reset/",
        f"/{language}/accounts/login/code/",
        f"/{language}/nothing-here/",
    ]
    own_pages = [
        page,
        f"{page}comments/{comment.pk}/edit/",
        f"{page}comments/{comment.pk}/withdraw/",
        f"/{language}/profile/",
        f"/{language}/accounts/settings/",
        f"/{language}/accounts/email/",
        f"/{language}/accounts/password/change/",
        f"/{language}/accounts/logout/",
    ]
    browsers = [(Client(), open_pages), (signed_in(person), own_pages)]
    found = {
        path: foreign
        for browser, paths in browsers
        for path in paths
        if (foreign := foreign_texts(browser.get(path, follow=True).content.decode(), language))
    }
    assert found == {}


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("Ұлттық статистика бюросы", "kk"),
        ("Bureau of National Statistics", "en"),
        ("Бюро национальной статистики", ""),
        ("stat.gov.kz", ""),
        ("", ""),
    ],
)
def test_the_language_of_a_name_is_told_where_its_letters_tell_it(name, language):
    assert language_of_name(name) == language


def test_what_is_said_in_another_language_carries_it_and_a_label():
    with override("ru"):
        assert (
            said_name("Ұлттық бюро")
            == '<span lang="kk">Ұлттық бюро</span> <small class="fallback">(на казахском)</small>'
        )
    with override("kk"):
        assert said_name("Ұлттық бюро") == '<span lang="kk">Ұлттық бюро</span>'
        assert said_name("Бюро <b>") == "Бюро &lt;b&gt;"
        assert (language_label("kk"), language_label("")) == ("", "")

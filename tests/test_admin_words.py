"""What staff type into the administration is kept without invisible, control and direction-turning characters."""

import pytest

from feedback.models import SavedExplanation, WatchWord
from portal.accounts.models import Region, User
from portal.accounts.names import plain_name
from tests.builders import make_moderator, make_rule, make_user, staff_client
from tests.programme_builders import make_programme
from tests.themes import make_theme

pytestmark = pytest.mark.django_db
ODD = "Ast\u202eana\x1b, e\u0301\u200b  here"


@pytest.fixture
def browser():
    return staff_client(make_moderator(language="en"))


def added(browser, model: str, **fields) -> int:
    return browser.post(f"/admin/{model}/add/", fields).status_code


def test_a_region_has_a_plain_name(browser):
    names = {"name_kk": ODD, "name_ru": ODD, "name_en": ODD}
    assert added(browser, "accounts/region", country="kz", code="kz-99", kind="city", order="1", **names) == 302
    region = Region.objects.get(code="kz-99")
    assert {region.name_kk, region.name_ru, region.name_en} == {"Astana, é here"}


def renamed(browser, user, name: str) -> tuple[int, str]:
    empty = {f"consents-{which}_FORMS": "0" for which in ("TOTAL", "INITIAL")}
    answer = browser.post(f"/admin/accounts/user/{user.pk}/change/", {"display_name": name, "is_active": "on"} | empty)
    return answer.status_code, User.objects.get(pk=user.pk).display_name


def test_somebody_who_is_renamed_has_a_plain_name(browser):
    assert renamed(browser, make_user(), ODD) == (302, "Astana, é here")


def test_a_name_of_which_nothing_is_left_was_not_written(browser):
    assert renamed(browser, make_user(display_name="Anna"), "\u200b\u2060") == (200, "Anna")


def test_a_watched_word_and_its_note_are_plain(browser):
    assert added(browser, "feedback/watchword", language="en", word="sho\u202ees", note=f"{ODD}\x00") in {200, 302}
    assert added(browser, "feedback/watchword", language="en", word="shoes", note=ODD) == 302
    assert list(WatchWord.objects.values_list("word", "note")) == [("shoes", "Astana, é  here")]


def test_a_saved_explanation_is_plain(browser):
    rule = make_rule()
    texts = {f"{name}_{language}": ODD for name in ("name", "text") for language in ("kk", "ru", "en")}
    assert added(browser, "feedback/savedexplanation", rule=rule.pk, order="1", **texts) == 302
    saved = SavedExplanation.objects.get()
    assert {saved.name_kk, saved.name_en, saved.text_ru, saved.text_en} == {"Astana, é  here"}


@pytest.mark.parametrize(
    ("make", "field"),
    [(make_rule, "text_en"), (lambda: make_theme(make_programme()), "description_en")],
    ids=["rule", "theme"],
)
def test_what_is_too_long_once_it_is_composed_comes_back_as_it_was_typed(browser, make, field):
    row = make()
    address = f"/admin/feedback/{row._meta.model_name}/{row.pk}/change/"
    page = browser.get(address).context["adminform"].form
    typed = {name: page[name].value() for name in page.fields if name != "retired"}
    long = "\ufb2f" * page.fields[field].max_length
    answer = browser.post(address, typed | {field: long})
    assert answer.status_code == 200
    assert list(answer.context["adminform"].form.errors) == [field]
    assert long in answer.content.decode()


def test_a_plain_name_has_single_spaces_and_whole_letters():
    assert plain_name("  e\u0301\u200d \n x\ufeff\u2028y ") == "é x y"

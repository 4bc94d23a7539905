"""Words to watch and saved explanations in the admin, and the texts that come with the portal."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from feedback.actions.roles import sync_roles
from feedback.models import Rule, SavedExplanation, WatchWord
from principles.models import LANGUAGES
from tests.builders import make_rule, staff_client
from tests.test_bulk import make_staff

WORDS = reverse("admin:feedback_watchword_changelist")
TEXTS = reverse("admin:feedback_savedexplanation_changelist")


def client_of(role: str):
    sync_roles()
    return staff_client(make_staff(role, language="en"))


@pytest.mark.django_db
def test_senior_moderators_keep_the_list_of_words():
    client = client_of("senior-moderator")
    client.post(f"{WORDS}add/", {"language": "ru", "word": "  липовая   справка ", "note": "people sell them"})
    word = WatchWord.objects.get()
    assert (word.language, word.word, word.note) == ("ru", "липовая справка", "people sell them")
    client.post(f"{WORDS}{word.pk}/change/", {"language": "ru", "word": "справка"})
    client.post(f"{WORDS}{word.pk}/delete/", {"post": "yes"})
    assert WatchWord.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("word", ["", "…", "справка"])
def test_what_is_no_word_or_there_already_is_not_added(word):
    WatchWord.objects.create(language="ru", word="справка")
    page = client_of("senior-moderator").post(f"{WORDS}add/", {"language": "ru", "word": word})
    assert (page.status_code, WatchWord.objects.count()) == (200, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "seen", "added"), [("moderator", 200, 403), ("senior-moderator", 200, 200), ("editor", 403, 403)]
)
def test_moderators_read_both_lists_and_seniors_change_them(role, seen, added):
    client = client_of(role)
    for address in (WORDS, TEXTS):
        assert [client.get(address).status_code, client.get(f"{address}add/").status_code] == [seen, added]


@pytest.mark.django_db
def test_a_saved_explanation_is_written_in_each_language():
    rule = make_rule()
    texts = {f"text_{language}": f"Text in {language}." for language in LANGUAGES}
    names = {f"name_{language}": f"Name in {language}" for language in LANGUAGES}
    client = client_of("senior-moderator")
    client.post(f"{TEXTS}add/", {"rule": rule.pk, "order": 0} | names | texts)
    saved = SavedExplanation.objects.get()
    assert {field: getattr(saved, field) for field in names | texts} == names | texts
    assert client.get(TEXTS).context["cl"].result_count == 1


@pytest.mark.django_db
def test_a_saved_explanation_says_which_languages_it_lacks():
    SavedExplanation.objects.create(rule=make_rule(), name_en="Spam", text_en="It is spam.")
    page = client_of("moderator").get(TEXTS).content.decode()
    assert '<td class="field-missing">Kazakh, Russian</td>' in page


@pytest.mark.django_db
def test_each_shipped_rule_has_explanations_in_every_language():
    call_command("load_rules", verbosity=0)
    rows = SavedExplanation.objects.all()
    assert {saved.rule.code for saved in rows} == set(Rule.objects.in_force().values_list("code", flat=True))
    texts = [
        getattr(saved, f"{field}_{language}") for saved in rows for field in ("name", "text") for language in LANGUAGES
    ]
    assert (all(texts), len(set(texts))) == (True, len(texts))


@pytest.mark.django_db
def test_loading_again_changes_nothing_and_what_staff_changed_or_deleted_stays():
    call_command("load_rules", verbosity=0)
    number = SavedExplanation.objects.count()
    changed, deleted = SavedExplanation.objects.filter(rule__code="spam")
    changed.text_en = "Our own words."
    changed.save()
    deleted.delete()
    call_command("load_rules", verbosity=0)
    assert SavedExplanation.objects.count() == number - 1
    changed.refresh_from_db()
    assert changed.text_en == "Our own words."

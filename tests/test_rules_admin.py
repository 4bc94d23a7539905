"""Senior moderators keep the rules of participation: a new wording is a new version, and nothing is deleted."""

from io import StringIO

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command

from feedback.actions.decisions import NotAllowed
from feedback.actions.refusals import Invalid
from feedback.actions.roles import sync_roles
from feedback.actions.rules import RuleChanged, write_rule
from feedback.models import Decision, Rule, RuleVersion
from tests.builders import hide, make_comment, make_moderator, make_rule, make_user, staff_client
from tests.programme_builders import in_three_languages, make_measure

pytestmark = pytest.mark.django_db
LIST = "/admin/feedback/rule/"


def make_staff(role: str):
    sync_roles()
    user = make_user(is_staff=True)
    user.groups.set([Group.objects.get(name=role)])
    return user


@pytest.fixture
def senior():
    return staff_client(make_staff("senior-moderator"))


def filled_in(title="No shops", **changes):
    fields = {f"title_{language}": text for language, text in in_three_languages(title).items()}
    fields |= {f"text_{language}": text for language, text in in_three_languages("Shops advertise elsewhere.").items()}
    return fields | {"order": "3"} | changes


def test_a_senior_moderator_adds_a_rule_in_three_languages(senior):
    answer = senior.post(f"{LIST}add/", filled_in(code="shops"))
    assert (answer.status_code, answer["Location"]) == (302, LIST)
    rule = Rule.objects.in_force().get()
    version = rule.current_version
    assert (rule.code, rule.order, version.number, version.title_kk, version.text_ru) == (
        "shops",
        3,
        1,
        "No shops (kk)",
        "Shops advertise elsewhere. (ru)",
    )


def test_a_new_wording_is_a_new_version_and_older_decisions_stay_under_theirs(senior):
    hide(make_comment(make_measure()))
    rule = make_rule("spam")
    senior.post(f"{LIST}{rule.pk}/change/", filled_in(version="1"))
    rule.refresh_from_db()
    assert (rule.current_version.number, rule.current_version.title_en) == (2, "No shops (en)")
    assert Decision.objects.get().rule_version.title_en == "spam in en"


def test_a_new_place_alone_makes_no_version(senior):
    rule = make_rule("spam")
    current = rule.current_version
    wording = {
        f"{field}_{language}": getattr(current, f"{field}_{language}")
        for field in ("title", "text")
        for language in ("kk", "ru", "en")
    }
    senior.post(f"{LIST}{rule.pk}/change/", wording | {"order": "9", "version": "1"})
    rule.refresh_from_db()
    assert (rule.order, RuleVersion.objects.count()) == (9, 1)


@pytest.mark.parametrize("missing", ["title_kk", "text_ru", "text_en"])
def test_a_rule_is_refused_while_a_language_is_missing_and_what_was_typed_stays(senior, missing):
    answer = senior.post(f"{LIST}add/", filled_in(code="shops", **{missing: " "}))
    assert list(answer.context["adminform"].form.errors) == [missing]
    assert b"No shops" in answer.content
    assert Rule.objects.count() == 0


def test_a_change_of_a_wording_that_was_replaced_meanwhile_is_refused_and_can_be_sent_again(senior):
    rule = make_rule("spam")
    write_rule(
        rule,
        by=make_moderator(),
        title=in_three_languages("Other"),
        text=in_three_languages("Other"),
        order=1,
        version=1,
    )
    answer = senior.post(f"{LIST}{rule.pk}/change/", filled_in(version="1"))
    assert answer.context["adminform"].form.non_field_errors() == [str(RuleChanged.message)]
    assert (answer.context["adminform"].form["version"].value(), b"No shops" in answer.content) == (2, True)
    senior.post(f"{LIST}{rule.pk}/change/", filled_in(version="2"))
    rule.refresh_from_db()
    assert rule.current_version.number == 3


def test_a_retired_rule_is_offered_no_more_and_can_come_back(senior):
    rule = make_rule("spam")
    senior.post(f"{LIST}{rule.pk}/change/", filled_in(version="1", retired="on"))
    assert list(Rule.objects.in_force()) == []
    senior.post(f"{LIST}{rule.pk}/change/", filled_in(version="2"))
    assert list(Rule.objects.in_force()) == [rule]


@pytest.mark.parametrize("role", ["moderator", "editor", "analyst"])
def test_other_roles_read_every_wording_and_change_none(role):
    rule = make_rule("spam")
    browser = staff_client(make_staff(role))
    page = browser.get(f"{LIST}{rule.pk}/change/")
    assert (page.status_code, page.content.decode().count("spam in kk")) == (200, 2)
    assert browser.post(f"{LIST}{rule.pk}/change/", filled_in(version="1")).status_code == 403
    with pytest.raises(NotAllowed):
        write_rule(rule, by=make_staff(role), title={}, text={}, order=1, version=1)


def test_a_code_names_one_rule(senior):
    make_rule("spam")
    answer = senior.post(f"{LIST}add/", filled_in(code="spam"))
    assert list(answer.context["adminform"].form.errors) == ["code"]
    with pytest.raises(Invalid):
        write_rule(None, by=make_moderator(), code="spam", title={}, text={}, order=1)


def test_loading_the_shipped_rules_again_leaves_alone_what_staff_wrote(senior):
    call_command("load_rules", stdout=StringIO())
    spam, retired = Rule.objects.get(code="spam"), Rule.objects.get(code="off-topic")
    senior.post(f"{LIST}{spam.pk}/change/", filled_in(version="1"))
    senior.post(f"{LIST}{retired.pk}/change/", filled_in(version="1", retired="on"))
    senior.post(f"{LIST}add/", filled_in(code="shops"))
    RuleVersion.objects.filter(rule__code="hatred").update(title_en="An older wording")
    out = StringIO()
    call_command("load_rules", stdout=out)
    assert out.getvalue().startswith("Rules of participation: 7, changed: 1;")
    spam.refresh_from_db()
    assert (spam.current_version.title_en, spam.order) == ("No shops (en)", 3)
    assert Rule.objects.get(code="hatred").current_version.title_en == "No hatred"
    in_force = set(Rule.objects.in_force().values_list("code", flat=True))
    assert ("shops" in in_force, "off-topic" in in_force) == (True, False)

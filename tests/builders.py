"""Plain builders of people, ratings and comments, through the same actions as everything else."""

from itertools import count
from types import SimpleNamespace

from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth import get_user_model
from django.test import Client

from feedback.actions.access import participant_of
from feedback.actions.comments import submit_comment
from feedback.actions.decisions import last_decision
from feedback.actions.moderation import hide_comment
from feedback.actions.rating import rate
from feedback.actions.rules import set_rules
from feedback.models import Comment, Participant, Rule
from principles.models import LANGUAGES, Measure

people = count(1)
PASSWORD = "correct horse battery"


def make_user(**fields):
    """A person with a verified address who may sign in with `PASSWORD`."""
    number = next(people)
    fields = {"email": f"person{number}@example.org", "display_name": f"Person {number}", "language": "en"} | fields
    user = get_user_model().objects.create_user(password=PASSWORD, **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def make_participant(**fields) -> Participant:
    return participant_of(make_user(**fields))


def signed_in(person: Participant) -> Client:
    """A browser in which `person` is signed in."""
    client = Client()
    client.force_login(person.user)
    return client


def staff_client(user) -> Client:
    """A browser in which `user`, of the staff, has signed in with a second factor, as `/admin/` asks for."""
    authenticator = (
        Authenticator.objects.filter(user=user).first() or TOTP.activate(user, generate_totp_secret()).instance
    )
    client = Client()
    client.force_login(user)
    session = client.session
    record_authentication(SimpleNamespace(session=session), user, "mfa", id=authenticator.pk, type=authenticator.type)
    session.save()
    return client


def make_moderator(**fields):
    return make_user(is_staff=True, is_superuser=True, **fields)


def make_rule(code: str = "spam") -> Rule:
    texts = {language: f"{code} in {language}" for language in LANGUAGES}
    if not Rule.objects.filter(code=code).exists():
        set_rules(
            [
                {"code": rule.code, "title": titles(rule, "title"), "text": titles(rule, "text")}
                for rule in Rule.objects.in_force()
            ]
            + [{"code": code, "title": texts, "text": texts}]
        )
    return Rule.objects.in_force().get(code=code)


def titles(rule: Rule, field: str) -> dict[str, str]:
    return {language: getattr(rule.current_version, f"{field}_{language}") for language in LANGUAGES}


def make_comment(
    measure: Measure, *, by: Participant | None = None, text: str = "A new school is needed.", **fields
) -> Comment:
    measure.refresh_from_db()
    fields = {"edition": measure.current_edition.number, "language": "en"} | fields
    return submit_comment(by or make_participant(), measure=measure.slug, text=text, **fields)


def seen(comment: Comment) -> dict[str, int | None]:
    """What a moderator who opens `comment` now sees: its latest version and its last decision."""
    comment.refresh_from_db()
    last = last_decision(comment)
    return {"version": comment.latest.number if comment.latest else 0, "after": last.pk if last else None}


def hide(comment: Comment, *, by=None, explanation: str = "It advertises a shop.") -> Comment:
    hide_comment(comment, by=by or make_moderator(), rule=make_rule(), explanation=explanation, **seen(comment))
    comment.refresh_from_db()
    return comment


def rate_as(participant: Participant, measure: Measure, value: int, question: str = "support"):
    measure.refresh_from_db()
    return rate(
        participant, measure=measure.slug, question=question, edition=measure.current_edition.number, value=value
    )


def rate_by_many(measure: Measure, values: list[int], question: str = "support") -> list[Participant]:
    """One new participant per value."""
    raters = [make_participant() for _ in values]
    for participant, value in zip(raters, values, strict=True):
        rate_as(participant, measure, value, question)
    return raters

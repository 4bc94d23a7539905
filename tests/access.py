"""People of every role, one object of every kind, and every address that the portal has, for the tests of access."""

import re
from collections.abc import Iterator
from types import SimpleNamespace

from django.contrib.auth.models import Group
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from feedback.actions.access import staff_member_of
from feedback.actions.appeals import appeal_decision
from feedback.actions.roles import sync_roles
from feedback.actions.sanctions import warn_participant
from feedback.actions.tokens import make_token
from feedback.ledger.sequencer import sequence
from feedback.mail.links import appeal_address, unsubscribe_address
from feedback.models import Answer
from tests.builders import (
    hide,
    make_comment,
    make_moderator,
    make_participant,
    make_rule,
    make_user,
    rate_as,
    signed_in,
    staff_client,
)
from tests.programme_builders import make_measure

PEOPLE = ("anonymous", "participant", "author", "moderator", "analyst", "editor", "administrator")
# What stands for itself in an expression of an address; every other argument is in `World.arguments`.
ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")


def routes() -> list[str]:
    """Every address outside the administration (whose table is docs/roles.md), `{}` around what varies, no language."""
    found = []
    for route in _routes(get_resolver().url_patterns):
        route = ARGUMENT.sub(lambda match: "{" + (match[1] or match[2]) + "}", route)
        route = route.replace("^", "").replace("$", "").replace("\\Z", "")
        if not route.startswith("admin/") and route not in {"api/", "api/v1/#"}:
            found.append(route)
    return list(dict.fromkeys(found))


def _routes(patterns, before: str = "") -> Iterator[str]:
    for pattern in patterns:
        part = str(pattern.pattern)
        part = "" if part in {"en/", "kk/", "ru/"} else part
        if isinstance(pattern, URLPattern):
            yield before + part
        else:
            yield from _routes(pattern.url_patterns, before + part)


def make_world() -> SimpleNamespace:
    """One object of each kind, the author's own, and a browser for each of PEOPLE."""
    sync_roles()
    measure, rule, keeper = make_measure(), make_rule(), make_moderator()
    author, other = make_participant(), make_participant()
    comment = make_comment(measure, by=author)
    decided = hide(make_comment(measure, by=author, text="A hidden text."), by=keeper)
    appeal_decision(decided.hiding_decision, by=author, text="I advertise nothing.")
    sanction = warn_participant(author, by=keeper, rule=rule, explanation="Please read the rules.")
    answer = Answer.objects.create(
        measure=measure,
        outcome="done",
        answered_on="2026-11-24",
        by=staff_member_of(keeper),
        text_en="Done.",
        published_at=timezone.now(),
    )
    rate_as(author, measure, 4)
    token = make_token(author.user, name="script", scope="write")[0]
    sequence()
    arguments = {
        "measures": {
            "slug": measure.slug,
            "pk": str(comment.pk),
            "question": "support",
            "number": "1",
            "key": "support",
        },
        "api": {"measure": measure.slug, "question": "support", "id": str(comment.pk), "code": f"a{answer.pk}"},
        "programmes": {"slug": measure.principle.programme.slug},
        "results": {"slug": measure.principle.programme.slug, "key": "comments", "suffix": "csv"},
        "principles": {"slug": measure.principle.slug},
        "answers": {"pk": str(answer.pk)},
        "decisions": {"pk": str(decided.hiding_decision.pk)},
        "sanctions": {"pk": str(sanction.pk)},
        "tokens": {"pk": str(token.pk)},
        "receipts": {"slug": measure.slug, "question": "support", "pk": str(comment.pk)},
        "appeals": {"token": _last(appeal_address(decided.hiding_decision, author))},
        "unsubscribe": {"token": _last(unsubscribe_address(author))},
        "rules": {"code": rule.code},
    }
    return SimpleNamespace(
        measure=measure, comment=comment, author=author, arguments=arguments, browsers=_browsers(author, other)
    )


def _last(address: str) -> str:
    return address.rstrip("/").rpartition("/")[2]


def _browsers(author, other) -> dict[str, Client]:
    browsers = {"anonymous": Client(), "participant": signed_in(other), "author": signed_in(author)}
    for role in PEOPLE[3:]:
        user = make_moderator() if role == "administrator" else make_user(is_staff=True)
        user.groups.set(Group.objects.filter(name=role))
        browsers[role] = staff_client(user)
    return browsers


def address_of(route: str, world: SimpleNamespace) -> str:
    """The address of `route` about the world's own objects; what none of them is called is `none`."""
    parts = [part for part in route.split("/") if part in world.arguments and part != "api"]
    known: dict[str, str] = {}
    if route.startswith("api/"):
        known |= world.arguments["api"]
    for part in reversed(parts):  # what stands first is what the address is about
        known |= world.arguments[part]
    path = re.sub(r"\{(\w+)\}", lambda match: known.get(match[1], "none"), route)
    return (
        f"/{path}"
        if re.match(r"(api/|healthz|readyz|robots|sitemap|favicon|\.well-known|metrics|$)", path)
        else f"/en/{path}"
    )

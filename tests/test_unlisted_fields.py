"""Every write, of pages and of the API, changes the same with all fields of all models in it as with its own alone."""

import json
from datetime import UTC, datetime

import pytest
import time_machine
from django.apps import apps
from django.core.management import call_command
from django.db import models, transaction
from django.test import Client

from feedback.actions.tokens import make_token
from tests.access import address_of, make_world
from tests.builders import PASSWORD, make_comment
from tests.test_access import expected

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 12, 0, 5, tzinfo=UTC)
# What is made by chance, and what holds such things.
RANDOM = {"object_id", "salt", "commitment", "digest", "hint", "who", "leaf", "key", "password", "simhash", "pseudonym"}
RANDOM_CODES = {"feedback.PaperSheet"}
APART = {"sessions", "django_tasks_database", "contenttypes", "auth", "sites"}
# A code goes to the new address first; a password's hash is random.
WRITE_NO_ROW = {"accounts/email/", "accounts/password/change/"}
OWN = {"edition": "1", "language": "en", "stance": "for"}
# The fields of each page's form, by its address in the table of addresses; None: no form of the signed-in author.
PAGES: dict[str, dict | None] = {
    "measures/{slug}/ratings/{question}/": {"value": "2", "edition": "1"},
    "measures/{slug}/comments/": OWN | {"text": "A new school."},
    "measures/{slug}/comments/{pk}/reply/": {"text": "So say I.", "edition": "1", "language": "en"},
    "measures/{slug}/comments/{pk}/edit/": OWN | {"text": "An old school."},
    "measures/{slug}/comments/{pk}/withdraw/": {},
    "measures/{slug}/comments/{pk}/report/": {"rule": "spam", "note": "Look."},
    "measures/{slug}/comments/{pk}/vote/": {"value": "1"},
    "measures/{slug}/follow/": {},
    "programmes/{slug}/follow/": {},
    "profile/pace/": {"pace": "weekly"},
    "profile/notices/read/": {},
    "profile/tokens/": {"name": "script", "scope": "read"},
    "profile/tokens/{pk}/revoke/": {},
    "profile/decisions/{pk}/": {"text": "I advertise nothing at all."},
    "profile/sanctions/{pk}/": {"text": "I read the rules."},
    "appeals/{token}/": {"text": "I advertise nothing at all."},
    "unsubscribe/{token}/": {},
    "accounts/settings/": {"display_name": "Somebody", "language": "ru", "age_band": "", "gender": "", "region": ""},
    "accounts/email/": {"email": "new@example.org", "action_add": "1"},
    "accounts/password/change/": {"oldpassword": PASSWORD, "password1": "another-Password-7"},
}
API = {
    ("post", "api/v1/comments/"): {"text": "A new school.", "language": "en", "stance": "for"},
    ("post", "api/v1/comments/{id}/vote/"): {"value": 1},
    ("post", "api/v1/comments/{id}/report/"): {"rule": "spam", "note": "Look."},
    ("post", "api/v1/comments/{id}/withdraw/"): {},
    ("put", "api/v1/ratings/{measure}/{question}/"): {"value": 2, "edition": 1},
    ("delete", "api/v1/ratings/{measure}/{question}/"): {"edition": 1},
}


def other_value(field: models.Field):
    """What nobody would send in earnest: another's row, long ago, the other truth."""
    if isinstance(field, models.BooleanField):
        return True
    if isinstance(field, models.DateTimeField):
        return "1999-01-01T00:00:00Z"
    if isinstance(field, models.DateField):
        return "1999-01-01"
    if field.is_relation:
        row = field.related_model._default_manager.order_by("pk").last()
        return str(row.pk) if row else "1"
    if field.choices:
        return str(list(field.flatchoices)[-1][0])
    return "7" if isinstance(field, models.IntegerField | models.FloatField | models.DecimalField) else "Qextraq"


def every_field() -> dict:
    """A value for every column of every model, and for what is no column and gives powers."""
    columns = {
        name: other_value(field)
        for model in apps.get_models()
        if model._meta.app_label in {"accounts", "feedback", "principles", "account"}
        for field in model._meta.concrete_fields
        for name in {field.name, field.attname}
    }
    return columns | {"groups": "1", "user_permissions": "1", "state": "published", "channel": "paper", "author": "1"}


def compared(model: type[models.Model]) -> list[models.Field]:
    """Its columns without what is random, and without the database's own clock."""
    random = RANDOM | ({"code"} if model._meta.label in RANDOM_CODES else set())
    return [each for each in model._meta.concrete_fields if each.name not in random and not each.has_db_default()]


def tables() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label not in APART and model._meta.managed]


def keys() -> dict[str, set]:
    """The keys of every row, by table."""
    return {model._meta.label: set(models.QuerySet(model).values_list("pk", flat=True)) for model in tables()}


def rows(known: dict[str, set]) -> dict[str, list[tuple]]:
    """Every row of every table, what is random left out; a key that is not among the `known` ones is `new`."""

    def told(row: models.Model, field: models.Field) -> str:
        value = getattr(row, field.attname)
        about = row if field.primary_key and not field.is_relation else field.related_model
        is_new = about is not None and value is not None and value not in known.get(about._meta.label, {value})
        return "new" if is_new else str(value)

    return {
        model._meta.label: sorted(
            tuple(told(row, field) for field in compared(model)) for row in models.QuerySet(model)
        )
        for model in tables()
    }


def changes(send, before: dict, known: dict[str, set]) -> tuple[int, dict]:
    """The status of what `send` sends, and the rows that came and went by it; nothing of it stays."""
    start = transaction.savepoint()
    status = send().status_code
    after = rows(known)
    transaction.savepoint_rollback(start)
    found = {}
    for label, table in after.items():
        came = [row for row in table if row not in before[label]]
        gone = [row for row in before[label] if row not in table]
        if came or gone:
            found[label] = (came, gone)
    return status, found


def differing(one: tuple[int, dict], other: tuple[int, dict]) -> list:
    """The statuses if they differ, and what one of the two changed and the other did not."""
    labels = one[1].keys() | other[1].keys()
    rows_of = [
        {(label, *row) for label in labels for part in found.get(label, ()) for row in part}
        for _status, found in (one, other)
    ]
    return [(one[0], other[0])] * (one[0] != other[0]) + sorted(rows_of[0] ^ rows_of[1])


def test_every_form_of_the_table_of_addresses_is_among_those_sent_here():
    """What answers an empty form of the author's by a page, a refusal or a way on, and is nobody's own machinery."""
    table = expected()
    takes_forms = {
        route
        for route, row in table.items()
        if route.startswith(("measures/", "programmes/", "profile/", "appeals/", "unsubscribe/"))
        and row["post"][2] in {200, 302, 422}
        and row["get"][2] != row["post"][2]
        or route in PAGES
    }
    assert takes_forms - PAGES.keys() == {"profile/receipts/again/"}  # takes one text, which the portal signed


@pytest.mark.parametrize("route", PAGES)
@time_machine.travel(NOW, tick=False)
def test_a_form_of_a_page_changes_no_more_with_every_field_in_it(route):
    call_command("load_regions", verbosity=0)
    world = make_world()
    browser, address = world.browsers["author"], address_of(route, world)
    if route.endswith(("vote/", "report/")):
        address = address.replace(str(world.comment.pk), str(make_comment(world.measure).pk))
    own = PAGES[route]
    before = rows(known := keys())
    alone = changes(lambda: browser.post(address, own), before, known)
    extra = {name: value for name, value in every_field().items() if name not in {"token"}}
    full = changes(lambda: browser.post(address, extra | own), before, known)
    assert alone[0] in {200, 302}
    assert alone[1] or route in WRITE_NO_ROW
    assert differing(alone, full) == []


@pytest.mark.parametrize(("method", "route"), API)
@time_machine.travel(NOW, tick=False)
def test_a_write_of_the_api_changes_nothing_with_a_field_that_is_not_its_own(method, route):
    world = make_world()
    address = address_of(route, world)
    if route.endswith(("vote/", "report/")):
        address = address.replace(str(world.comment.pk), str(make_comment(world.measure).pk))
    secret = make_token(world.author.user, name="script", scope="write")[1]
    headers = {"authorization": f"Bearer {secret}"}
    own = API[method, route] | ({"measure": world.measure.slug} if route == "api/v1/comments/" else {})

    def send(body):
        return getattr(Client(), method)(address, json.dumps(body), content_type="application/json", headers=headers)

    before = rows(known := keys())
    alone = changes(lambda: send(own), before, known)
    full = changes(lambda: send(every_field() | own), before, known)
    assert alone[0] in {200, 201, 204}
    assert alone[1]
    assert full[0] == 422
    assert set(full[1]) <= {"feedback.RequestCount", "feedback.ApiToken"}  # that it was used, and counted

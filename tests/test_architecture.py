"""The shape of the code: which way imports point, and what the database always holds."""

import ast
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from feedback.ledger import triggers
from feedback.ledger.sequencer import sequence
from feedback.models import Decision, LedgerEntry
from tests.builders import hide, make_comment
from tests.programme_builders import make_measure

ROOT = Path(__file__).resolve().parent.parent
# Lower rooms never import higher ones; within a row, anything goes.
ROOMS = [
    [
        "portal.clients",
        "portal.faults",
        "portal.logs",
        "portal.limit_settings",
        "portal.metrics",
        "portal.long_lists",
        "portal.page_store",
        "portal.replica",
        "portal.localized",
        "portal.formats",
        "portal.mail",
        "portal.accounts",
        "portal.settings",
    ],
    ["principles"],
    ["feedback"],
    ["portal.urls"],
]
FLOORS = [
    [
        "feedback.models",
        "feedback.text",
        "feedback.translation",
        "feedback.agreement",
        "feedback.addresses",
        "feedback.erasures",
    ],
    ["feedback.ledger", "feedback.search", "feedback.limits"],
    ["feedback.signals"],
    ["feedback.export"],
    ["feedback.actions", "feedback.mail", "feedback.results", "feedback.moderation_figures", "feedback.versions"],
    ["feedback.own_data"],
    ["feedback.own_data_page"],
    ["feedback.forms", "feedback.demo", "feedback.social_card"],
    [
        "feedback.views",
        "feedback.shared_pages",
        "feedback.page_limits",
        "feedback.api",
        "feedback.dumps",
        "feedback.safekeeping",
        "feedback.admin",
    ],
    ["feedback.management", "feedback.templatetags"],
    ["feedback.urls"],
]


def modules():
    """Every module of ours → the names of the modules that it imports."""
    found = {}
    for package in ("portal", "principles", "feedback"):
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            imports = set()
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom):
                    assert node.level == 0, f"{name} imports relatively"
                    imports.add(node.module)
                    imports.update(f"{node.module}.{alias.name}" for alias in node.names)
                elif isinstance(node, ast.Import):
                    imports.update(alias.name for alias in node.names)
            found[name] = imports
    return found


def floor_of(name: str, floors: list[list[str]]) -> int | None:
    return next(
        (
            level
            for level, floor in enumerate(floors)
            if any(name == part or name.startswith(f"{part}.") for part in floor)
        ),
        None,
    )


@pytest.mark.parametrize("floors", [ROOMS, FLOORS], ids=["rooms", "floors of feedback"])
def test_imports_point_downwards(floors):
    reversed_arrows = [
        f"{name} → {imported}"
        for name, imports in modules().items()
        for imported in imports
        if floor_of(name, floors) is not None
        and floor_of(imported, floors) is not None
        and floor_of(imported, floors) > floor_of(name, floors)
        # Settings name their apps' parts; migrations are history.
        and ".migrations" not in name
        and not name.endswith(".apps")
    ]
    assert reversed_arrows == []


def test_principles_know_nothing_of_feedback():
    assert [
        name
        for name, imports in modules().items()
        if name.startswith("principles") and any(imported.startswith("feedback") for imported in imports)
    ] == []


def test_accounts_are_a_leaf():
    assert [
        f"{name} → {imported}"
        for name, imports in modules().items()
        for imported in imports
        if name.startswith("portal.accounts") and imported.split(".")[0] in {"principles", "feedback"}
    ] == []


def test_feedback_reaches_accounts_only_through_the_user_model():
    assert [
        f"{name} → {imported}"
        for name, imports in modules().items()
        for imported in imports
        if name.split(".")[0] in {"feedback", "principles"} and imported.startswith("portal.accounts")
    ] == []


def test_nothing_is_called_utils_helpers_or_services():
    assert [name for name in modules() if name.split(".")[-1] in {"utils", "helpers", "services"}] == []


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


@pytest.mark.django_db
def test_every_append_only_trigger_is_there_after_the_migrations():
    assert triggers.existing(connection) == set(triggers.trigger_names(connection.vendor))


@pytest.mark.django_db
def test_a_missing_trigger_is_found_by_the_system_check_and_put_back_by_migrate():
    triggers.lift(connection)
    found = run_checks(databases=["default"])
    missing = set(triggers.trigger_names(connection.vendor))
    assert {warning.msg.split()[2] for warning in found if warning.id == "feedback.W001"} == missing
    call_command("migrate", verbosity=0)
    assert triggers.existing(connection) == missing
    assert [warning for warning in run_checks(databases=["default"]) if warning.id == "feedback.W001"] == []


@pytest.mark.django_db
@pytest.mark.parametrize("model", [LedgerEntry, Decision])
def test_append_only_rows_are_neither_changed_nor_deleted(model):
    hide(make_comment(make_measure()))
    sequence()
    rows = list(model.objects.values())
    field = "kind" if model is LedgerEntry else "role"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        model.objects.update(**{field: "forged"})
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        model.objects.all()._raw_delete(model.objects.db)
    assert list(model.objects.values()) == rows


@pytest.mark.django_db
@pytest.mark.parametrize("model", [LedgerEntry, Decision])
def test_append_only_rows_are_not_replaced_by_an_insert_under_their_key(model):
    hide(make_comment(make_measure()))
    sequence()
    rows = list(model.objects.values())
    table, key = model._meta.db_table, model._meta.pk.column
    columns = ", ".join(field.column for field in model._meta.local_concrete_fields)
    statement = {
        "sqlite": f"INSERT OR REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table}",
        "postgresql": f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table} "
        f"ON CONFLICT ({key}) DO UPDATE SET {key} = EXCLUDED.{key}",
    }[connection.vendor]
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert list(model.objects.values()) == rows


@pytest.mark.django_db
def test_the_ledger_is_gapless_from_one():
    measure = make_measure()
    for _ in range(3):
        make_comment(measure)
        sequence()
    seqs = list(LedgerEntry.objects.order_by("seq").values_list("seq", flat=True))
    assert seqs[0] == 1
    assert all(later == earlier + 1 for earlier, later in pairwise(seqs))

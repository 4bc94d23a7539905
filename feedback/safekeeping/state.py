"""What a database holds, in few numbers, so that a copy can be compared with what it is a copy of."""

import hashlib
import json

from django.apps import apps
from django.db import models

from feedback.ledger.tree import Growing
from feedback.models import LedgerEntry, Log, Tally

# Rows that come and go by themselves: sessions, counts of requests, pages that were kept.
FLEETING = {"sessions.session", "feedback.requestcount", "accounts.usedchallenge"}


def kept_models() -> list[type[models.Model]]:
    """Every table of rows that a copy must have, those between two others included."""
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if model._meta.managed and not model._meta.proxy]


def rows_of(model: type[models.Model], using: str) -> models.QuerySet:
    """All rows of a table as they stand: no manager of the model, which may translate or leave out."""
    return models.QuerySet(model=model, using=using)


def state(using: str = "default") -> dict:
    """{"rows": {model: number}, "tallies": digest, "ledger": {"log", "head", "root"}}."""
    rows = {
        model._meta.label_lower: rows_of(model, using).count()
        for model in kept_models()
        if model._meta.label_lower not in FLEETING
    }
    columns = [field.attname for field in Tally._meta.concrete_fields]
    tallies = list(rows_of(Tally, using).order_by("pk").values_list(*columns))
    growing, head = Growing(), 0
    for leaf in rows_of(LedgerEntry, using).order_by("seq").values_list("leaf_hash", flat=True).iterator(2000):
        head += 1
        for _node in growing.add(bytes(leaf)):
            pass
    log = rows_of(Log, using).order_by("-pk").values_list("name", flat=True).first()
    return {
        "rows": {name: number for name, number in rows.items() if number},
        "tallies": hashlib.sha256(json.dumps(tallies, default=str).encode()).hexdigest(),
        "ledger": {"log": log, "head": head, "root": growing.root().hex() if head else None},
    }


def differences(before: dict, after: dict) -> list[str]:
    """What differs between two states, a line each; empty where nothing does."""
    names = sorted({*before["rows"], *after["rows"]})
    found = [
        f"{name}: {before['rows'].get(name, 0)} rows, and {after['rows'].get(name, 0)} in the copy"
        for name in names
        if before["rows"].get(name, 0) != after["rows"].get(name, 0)
    ]
    found += [f"{part}: {before[part]}, and {after[part]} in the copy" for part in ("tallies", "ledger")
              if before[part] != after[part]]  # fmt: skip
    return found

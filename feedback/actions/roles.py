"""What each role of the staff may do in the admin: the least that its work takes, and the one list of it.

`docs/roles.md` shows every page of the admin for every role; tests hold the pages against it.
"""

from django.contrib.auth.models import Group, Permission
from django.db import transaction


def _permissions(*rows: str) -> frozenset[str]:
    """ "app.model: what, what" → {"app.what_model"}; a line without a colon is a permission as it stands."""
    names = set()
    for row in rows:
        target, _colon, what = row.partition(": ")
        app, _point, model = target.partition(".")
        names |= {f"{app}.{verb}_{model}" for verb in what.split(", ")} if what else {row}
    return frozenset(names)


_MODERATOR = _permissions(
    "feedback.decide",
    "feedback.enter_paper",
    "feedback.comment: view, change",
    "feedback.report: view",
    "feedback.decision: view",
    "feedback.rule: view",
    "feedback.savedexplanation: view",
    "feedback.watchword: view",
    "feedback.bulkdecision: view",
    "feedback.brigade: view",
    "feedback.appeal: view",
    "feedback.sanction: view",
    "feedback.ledgerentry: view",
    "feedback.export: view",
    "feedback.code_comments",
    "feedback.theme: view",
)
_SENIOR_MODERATOR = _MODERATOR | _permissions(
    "feedback.decide_as_senior",
    "feedback.rule: add, change",
    "feedback.theme: add, change",
    "feedback.savedexplanation: add, change, delete",
    "feedback.watchword: add, change, delete",
)
_EDITOR = _permissions(
    "feedback.make_report",
    "feedback.resultsreport: view",
    "feedback.enter_paper",
    "feedback.comment: view",
    "feedback.rule: view",
    "feedback.answer: view, add, change, delete",
    "feedback.closingstatement: view, add, change",
    "feedback.ledgerentry: view",
    "feedback.export: view",
    "feedback.code_comments",
    "feedback.theme: view, add, change",
    "principles.programme: view, add, change",
    "principles.principle: view, add, change",
    "principles.measure: view, add, change",
    "principles.edition: view",
    "principles.target: view, change",
    "principles.reading: view, add, change, delete",
    "principles.question: view, add, change",
    "principles.area: view, add, change",
    "principles.unit: view, add, change",
)
_ANALYST = _permissions(
    "feedback.make_report",
    "feedback.resultsreport: view",
    "feedback.comment: view",
    "feedback.decision: view",
    "feedback.rule: view",
    "feedback.answer: view",
    "feedback.closingstatement: view",
    "feedback.ledgerentry: view",
    "feedback.export: view",
    "feedback.code_comments",
    "feedback.theme: view, add, change",
    "feedback.participant: view",
    "feedback.rating: view",
    "principles.programme: view",
    "principles.principle: view",
    "principles.measure: view",
    "principles.edition: view",
    "principles.target: view",
    "principles.reading: view",
    "principles.question: view",
    "principles.area: view",
    "principles.unit: view",
)
# `create_staff` makes administrators superusers; the group holds what the portal's pages ask for by name, people's
# accounts included, which no other role sees.
_ADMINISTRATOR = (
    _SENIOR_MODERATOR
    | _EDITOR
    | _ANALYST
    | _permissions(
        "accounts.user: view, change",
        "accounts.consent: view",
        "accounts.region: view, add, change",
        "feedback.staffmember: view, change",
        "feedback.exportrecord: view",
    )
)
PERMISSIONS: dict[str, frozenset[str]] = {
    "administrator": _ADMINISTRATOR,
    "senior-moderator": _SENIOR_MODERATOR,
    "moderator": _MODERATOR,
    "editor": _EDITOR,
    "analyst": _ANALYST,
}


@transaction.atomic
def sync_roles() -> int:
    """Make the groups of the roles hold exactly the permissions above; returns how many groups changed.

    Other groups are left alone. A name that no model declares is a `LookupError`.
    """
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    changed = 0
    for role, names in PERMISSIONS.items():
        if missing := names - known.keys():
            raise LookupError(f"{role}: no such permission: {', '.join(sorted(missing))}")
        group, made = Group.objects.get_or_create(name=role)
        wanted = {known[name].pk for name in names}
        if made or wanted != set(group.permissions.values_list("pk", flat=True)):
            group.permissions.set(wanted)
            changed += 1
    return changed

"""Texts that explain decisions, ready for the staff."""

from django.db import transaction

from feedback.models import Rule, SavedExplanation
from principles.models import LANGUAGES


@transaction.atomic
def add_explanations(texts: list[dict]) -> int:
    """Add `texts` ({rule: its code, name, text}, the latter two per language) to rules in force that have none.

    From then on they are the staff's: what they changed or deleted does not come back while the rule has any.
    Returns how many were added.
    """
    bare = {rule.code: rule for rule in Rule.objects.in_force().filter(saved_explanations=None)}
    added = [
        SavedExplanation(
            rule=bare[text["rule"]],
            order=order,
            **{f"{field}_{language}": text[field][language] for field in ("name", "text") for language in LANGUAGES},
        )
        for order, text in enumerate(texts)
        if text["rule"] in bare
    ]
    SavedExplanation.objects.bulk_create(added)
    return len(added)

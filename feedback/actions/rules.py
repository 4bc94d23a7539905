"""Writing down the rules of participation."""

from django.db import transaction

from feedback.models import Rule, RuleVersion
from principles.models import LANGUAGES


@transaction.atomic
def set_rules(wordings: list[dict]) -> int:
    """Make the rules in force equal `wordings` ({code, title, text}, the latter two per language), in their order.

    A changed wording becomes a new version; a rule that is gone is retired. Returns how many rules changed.
    """
    changed = 0
    for order, wording in enumerate(wordings):
        rule, made = Rule.objects.select_related("current_version").get_or_create(
            code=wording["code"], defaults={"order": order}
        )
        texts = {
            f"{field}_{language}": wording[field][language] for field in ("title", "text") for language in LANGUAGES
        }
        current = rule.current_version
        if current is None or any(getattr(current, field) != text for field, text in texts.items()):
            number = current.number + 1 if current else 1
            rule.current_version = RuleVersion.objects.create(rule=rule, number=number, **texts)
            changed += 1
        if made or rule.retired or rule.order != order or rule.current_version is not current:
            rule.order, rule.retired = order, False
            rule.save()
    changed += (
        Rule.objects.exclude(code__in=[wording["code"] for wording in wordings])
        .filter(retired=False)
        .update(retired=True)
    )
    return changed

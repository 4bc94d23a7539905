"""Writing down the rules of participation."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from feedback.actions.access import role_of
from feedback.actions.decisions import NotAllowed
from feedback.actions.refusals import Invalid, Refused
from feedback.actions.transitions import SENIORS
from feedback.models import Rule, RuleVersion
from portal.plain_text import clean_text
from principles.models import LANGUAGES

LONGEST = {"title": 120, "text": 2000}


class RuleChanged(Refused):
    """Somebody else gave the rule a new wording after this person opened it."""

    status = 409
    message = _("Somebody else has changed this rule meanwhile. Please read it again, then save your change.")


@transaction.atomic
def set_rules(wordings: list[dict]) -> int:
    """Make the rules in force equal `wordings` ({code, title, text}, the latter two per language), in their order.

    A changed wording becomes a new version; a rule that is gone is retired. Rules that staff have written or changed
    are theirs and stay as they are. Returns how many rules changed.
    """
    changed = 0
    for order, wording in enumerate(wordings):
        rule, made = Rule.objects.select_related("current_version").get_or_create(
            code=wording["code"], defaults={"order": order}
        )
        if rule.by_staff:
            continue
        before = rule.current_version
        changed += _reword(rule, {field: wording[field] for field in LONGEST})
        if made or rule.retired or rule.order != order or rule.current_version is not before:
            rule.order, rule.retired = order, False
            rule.save()
    changed += (
        Rule.objects.exclude(code__in=[wording["code"] for wording in wordings])
        .filter(retired=False, by_staff=False)
        .update(retired=True)
    )
    return changed


@transaction.atomic
def write_rule(
    rule: Rule | None,
    *,
    by: AbstractBaseUser,
    title: dict[str, str],
    text: dict[str, str],
    order: int,
    retired: bool = False,
    code: str = "",
    version: int | None = None,
) -> Rule:
    """Add the rule `code` (where `rule` is None), or change one: its wording, its place, whether it is in force.

    `title` and `text` are {language: text} with every language. A new wording is a new version: decisions stay under
    the wording of their day. `version` is the number of the one that the person saw.
    """
    if role_of(by) not in SENIORS:
        raise NotAllowed
    if rule is None:
        rule, made = Rule.objects.get_or_create(code=code, defaults={"order": order})
        if not made:
            raise Invalid(_("There is a rule with this code already."))
    else:
        Rule.objects.select_for_update(no_key=True).filter(pk=rule.pk).values_list("pk").get()
        rule = Rule.objects.select_related("current_version").get(pk=rule.pk)
        if (rule.current_version.number if rule.current_version else None) != version:
            raise RuleChanged
    _reword(rule, {"title": title, "text": text})
    rule.order, rule.retired, rule.by_staff = order, retired, True
    rule.save()
    return rule


def _reword(rule: Rule, wording: dict[str, dict[str, str]]) -> bool:
    """Give `rule` a new version where `wording` ({field: {language: text}}) is new; the caller saves the rule."""
    texts = {}
    for field, longest in LONGEST.items():
        for language in LANGUAGES:
            words = clean_text(wording[field][language])
            if not words or len(words) > longest:
                raise Invalid(_("A rule needs a title and a text in every language, of the length that fits."))
            texts[f"{field}_{language}"] = words
    current = rule.current_version
    if current is not None and all(getattr(current, name) == words for name, words in texts.items()):
        return False
    number = current.number + 1 if current else 1
    rule.current_version = RuleVersion.objects.create(rule=rule, number=number, **texts)
    return True

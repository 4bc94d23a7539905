"""Warnings, and suspensions from writing for a time. Nothing that was written disappears by them."""

from datetime import timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.actions.access import role_of, staff_member_of
from feedback.actions.decisions import NotAllowed, checked_explanation
from feedback.actions.notices import tell_lifting, tell_sanction
from feedback.actions.refusals import Invalid
from feedback.actions.transitions import MODERATORS, SENIORS
from feedback.models import Comment, Participant, Rule, Sanction

LONGEST_SUSPENSION = timedelta(days=90)


@transaction.atomic
def warn_participant(
    participant: Participant, *, by: AbstractBaseUser, rule: Rule, explanation: str, comment: Comment | None = None
) -> Sanction:
    """Warn a participant under a rule; they are told, and may appeal."""
    return _sanction(participant, Sanction.Kind.WARNING, MODERATORS, by, rule, explanation, comment, None)


@transaction.atomic
def suspend_participant(
    participant: Participant,
    *,
    by: AbstractBaseUser,
    rule: Rule,
    explanation: str,
    days: int,
    comment: Comment | None = None,
) -> Sanction:
    """Keep a participant from writing for `days` (1 to 90), under a rule; rating stays possible. They may appeal."""
    if isinstance(days, bool) or not 1 <= days <= LONGEST_SUSPENSION.days:
        raise Invalid(_("A suspension lasts 1 to 90 days."))
    until = timezone.now() + timedelta(days=days)
    return _sanction(participant, Sanction.Kind.SUSPENSION, SENIORS, by, rule, explanation, comment, until)


@transaction.atomic
def lift_suspension(sanction: Sanction, *, by: AbstractBaseUser) -> Sanction:
    """End a suspension before its time; its participant is told. One that is over stays as it is."""
    if role_of(by) not in SENIORS:
        raise NotAllowed
    ended = Sanction.objects.in_force().filter(pk=sanction.pk).update(lifted_at=timezone.now())
    sanction.refresh_from_db()
    if ended:
        tell_lifting(sanction)
    return sanction


def _sanction(participant, kind, roles, by, rule, explanation, comment, until) -> Sanction:
    role = role_of(by)
    if role not in roles:
        raise NotAllowed
    explanation = checked_explanation(explanation)
    if rule is None or rule.retired or not explanation:
        raise Invalid(_("This needs a rule and an explanation."))
    sanction = Sanction.objects.create(
        participant=participant,
        kind=kind,
        comment=comment,
        rule_version=rule.current_version,
        explanation=explanation,
        by=staff_member_of(by),
        role=role,
        until=until,
    )
    tell_sanction(sanction)
    return sanction

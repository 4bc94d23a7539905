"""One decision about many comments: previewed, confirmed, and then made comment by comment.

Each comment gets a decision of its own through the ordinary action, under what the moderator saw in the preview: what
changed since is refused and listed, never overwritten. A comment's decision and its mark are one transaction, so that
work which was killed goes on where it stopped, and does nothing twice.
"""

from datetime import datetime, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_tasks import task

from feedback.actions.access import role_of, staff_member_of
from feedback.actions.decisions import NotAllowed, checked_explanation
from feedback.actions.moderation import hide_comment, keep_comment, publish_comment
from feedback.actions.refusals import Invalid, NotPossibleNow, Refused
from feedback.actions.transitions import MODERATORS, NEEDS_EXPLANATION, NEEDS_RULE, SENIORS
from feedback.models import BulkDecision, BulkTarget, Comment, Decision, Rule
from feedback.models.comment import CommentQuerySet, Language

Action, Outcome = Decision.Action, BulkTarget.Outcome
ACTIONS = {Action.PUBLISH: publish_comment, Action.HIDE: hide_comment, Action.KEEP: keep_comment}
MOST, AT_ONCE = 10_000, 100
READ, BATCH = 1000, 25
FORGOTTEN_AFTER = timedelta(days=1)  # a preview that nobody confirmed
STALLED_AFTER = timedelta(minutes=2)  # many times longer than a batch takes
LONGEST_MESSAGE = 300


@transaction.atomic
def preview_bulk(comments: CommentQuerySet, *, by: AbstractBaseUser) -> BulkDecision:
    """Write down `comments` as they are now, the newest first, for a decision about all of them; decides nothing.

    Refuses where there are none, more than 10,000, or more than 100 and `by` is no senior moderator.
    """
    role = role_of(by)
    if role not in MODERATORS:
        raise NotAllowed
    keys = list(comments.order_by("-created_at", "-pk").values_list("pk", flat=True)[: MOST + 1])
    if not keys:
        raise Invalid(_("Nothing is selected."))
    if len(keys) > MOST:
        raise Invalid(_("More than 10,000 comments are selected. Narrow the list down with its filters."))
    _require_role(role, len(keys))
    BulkDecision.objects.previewed().filter(created_at__lt=timezone.now() - FORGOTTEN_AFTER).delete()
    bulk = BulkDecision.objects.create(by=staff_member_of(by), total=len(keys))
    for start in range(0, len(keys), READ):
        part = keys[start : start + READ]
        versions = dict(Comment.objects.filter(pk__in=part).values_list("pk", "latest__number"))
        last = Decision.objects.filter(comment__in=part).order_by().values_list("comment").annotate(Max("pk"))
        decided = dict(last)
        BulkTarget.objects.bulk_create(
            BulkTarget(bulk=bulk, comment_id=key, version=versions[key] or 0, after=decided.get(key)) for key in part
        )
    return bulk


def confirm_bulk(
    bulk: BulkDecision, *, by: AbstractBaseUser, action: str, rule: Rule | None, explanations: dict[str, str]
) -> BulkDecision:
    """Decide about all comments of a preview; up to 100 now, more of them in the background.

    `explanations` holds a text per language; each author gets the one in the language of the comment. Confirming
    again changes nothing.
    """
    with transaction.atomic():
        bulk = BulkDecision.objects.select_for_update(no_key=True).get(pk=bulk.pk)
        if bulk.by_id != staff_member_of(by).pk:
            raise NotAllowed
        if bulk.confirmed_at:
            return bulk
        role = role_of(by)
        if role not in MODERATORS:
            raise NotAllowed
        _require_role(role, bulk.total)
        if action not in ACTIONS:
            raise Invalid(_("Choose what to decide."))
        if action in NEEDS_RULE and (rule is None or rule.retired):
            raise Invalid(_("This decision needs a rule."))
        texts = {language: checked_explanation(explanations.get(language, "")) for language in Language.values}
        _require_texts(bulk, action, texts)
        bulk.action, bulk.rule, bulk.confirmed_at, bulk.moved_at = action, rule, timezone.now(), timezone.now()
        for language, text in texts.items():
            setattr(bulk, f"explanation_{language}", text)
        bulk.save()
        if bulk.total > AT_ONCE:
            run_bulk.enqueue(bulk.pk)
    if bulk.total <= AT_ONCE:
        while advance_bulk(bulk.pk):
            pass
    bulk.refresh_from_db()
    return bulk


def _require_role(role: str, number: int) -> None:
    if number > AT_ONCE and role not in SENIORS:
        raise NotAllowed(_("Decisions about more than 100 comments at once are for senior moderators."))


def _require_texts(bulk: BulkDecision, action: str, texts: dict[str, str]) -> None:
    """Refuse where somebody would get no explanation of a decision that needs one."""
    if action not in NEEDS_EXPLANATION:
        return
    for language, number in languages_of(bulk).items():
        if not texts[language]:
            raise Invalid(
                ngettext(
                    "There is no explanation in %(language)s, in which %(number)d comment is written.",
                    "There is no explanation in %(language)s, in which %(number)d comments are written.",
                    number,
                )
                % {"language": Language(language).label, "number": number}
            )


def languages_of(bulk: BulkDecision) -> dict[str, int]:
    """How many of its comments are in which language, those without a text left out."""
    rows = bulk.targets.exclude(comment__latest=None).order_by().values_list("comment__latest__language")
    return dict(rows.annotate(number=Count("pk")).order_by("comment__latest__language"))


def progress_of(bulk: BulkDecision) -> dict[str, int]:
    """How many of its comments wait, are done, and were refused."""
    counts = dict(bulk.targets.order_by().values_list("outcome").annotate(number=Count("pk")))
    return {outcome.name.lower(): counts.get(outcome.value, 0) for outcome in Outcome}


@task()
def run_bulk(bulk_id: int) -> None:
    """Do a part of a bulk decision and queue the next one, so that urgent mail need not wait for all of it."""
    if advance_bulk(bulk_id):
        run_bulk.enqueue(bulk_id)


def advance_bulk(bulk_id: int, *, most: int = BATCH) -> bool:
    """Decide about the next `most` comments of a confirmed bulk decision; whether more wait."""
    bulk = (
        BulkDecision.objects.select_related("by__user", "rule__current_version")
        .prefetch_related("by__user__groups")
        .get(pk=bulk_id)
    )
    if bulk.confirmed_at is None or bulk.finished_at is not None:
        return False
    waiting = bulk.targets.filter(outcome=Outcome.WAITING).order_by("pk").values_list("pk", flat=True)
    if bulk.by.user is not None:
        bulk.by.user.staff_member = bulk.by  # known, so that no decision of the batch asks
    with translation.override(getattr(bulk.by.user, "language", "") or translation.get_language()):
        for key in list(waiting[:most]):
            _decide_about(bulk, key)
    now = timezone.now()
    more = bulk.targets.filter(outcome=Outcome.WAITING).exists()
    unfinished = BulkDecision.objects.filter(pk=bulk.pk, finished_at=None)
    unfinished.update(moved_at=now, **({} if more else {"finished_at": now}))
    return more


@transaction.atomic
def _decide_about(bulk: BulkDecision, key: int) -> None:
    """Decide about one comment and note what came of it, or neither."""
    targets = BulkTarget.objects.select_for_update(no_key=True, of=("self",)).filter(pk=key, outcome=Outcome.WAITING)
    target = targets.first()
    if target is None:  # somebody else's while this one waited for the row
        return
    target.comment = Comment.objects.select_related("latest").get(pk=target.comment_id)
    try:
        with transaction.atomic():
            _act(bulk, target)
        target.outcome = Outcome.DONE
    except Refused as refusal:
        target.outcome, target.message = Outcome.REFUSED, str(refusal.message)[:LONGEST_MESSAGE]
    target.save(update_fields=["outcome", "message"])


def _act(bulk: BulkDecision, target: BulkTarget) -> Decision:
    comment = target.comment
    if bulk.by.user is None:
        raise NotAllowed(_("The account of whoever decided is gone."))
    if comment.latest is None:
        raise NotPossibleNow
    return ACTIONS[bulk.action](
        comment,
        by=bulk.by.user,
        version=target.version,
        after=target.after,
        rule=bulk.rule,
        explanation=getattr(bulk, f"explanation_{comment.latest.language}") or "",
    )


def is_stalled(bulk: BulkDecision, now: datetime | None = None) -> bool:
    """Whether nothing has happened for so long that whoever worked on it must have been stopped."""
    now = now or timezone.now()
    if bulk.confirmed_at is None or bulk.finished_at is not None:
        return False
    return (bulk.moved_at or bulk.confirmed_at) < now - STALLED_AFTER


def resume_bulks(now: datetime | None = None) -> bool:
    """Queue what was stopped in between once more; each by one of those who ask at once. Part of the due work."""
    now = now or timezone.now()
    stalled = BulkDecision.objects.unfinished().filter(moved_at__lt=now - STALLED_AFTER)
    for key in list(stalled.values_list("pk", flat=True)):
        if stalled.filter(pk=key).update(moved_at=now):
            run_bulk.enqueue(key)
    return False


def describe(bulk: BulkDecision) -> str:
    """What was decided, in the active language."""
    name = Action(bulk.action).label if bulk.action else _t("not decided yet")
    return f"{name} · {bulk.rule}" if bulk.rule else str(name)

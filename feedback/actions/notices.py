"""Telling people: one notice per thing and person, in the profile and by mail (`feedback.actions.mailing`)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet, Subquery
from django.utils import timezone

from feedback.models import (
    Answer,
    Appeal,
    ClosingStatement,
    Comment,
    Decision,
    Notice,
    Participant,
    Rating,
    Sanction,
    SequencedEdition,
)
from feedback.models.notice import NoticeQuerySet
from principles.models import Edition, Measure

Kind = Notice.Kind
# A decision is told once it can no longer be undone.
UNDO_IS_OVER = timedelta(seconds=36)
# What the author is told of; keeping a comment and passing it on change nothing for them.
TOLD = {
    Decision.Action.HIDE,
    Decision.Action.REDACT,
    Decision.Action.ASK,
    Decision.Action.DEMAND,
    Decision.Action.PUBLISH,
}
BATCH = 1000
PEOPLE_PER_PASS = 500


def tell_decision(decision: Decision, comment: Comment) -> None:
    """Tell the author of a decision about their comment, where there is an account to tell."""
    author = comment.author
    if decision.action not in TOLD or author is None or author.user_id is None:
        return
    Notice.objects.create(
        participant=author,
        kind=Kind.DECISION,
        comment=comment,
        decision=decision,
        due_at=timezone.now() + UNDO_IS_OVER,
    )


def untell_decision(decision: Decision) -> None:
    """Take back the notice of a decision that was undone before anybody was told."""
    Notice.objects.filter(decision=decision, mailed_at=None).delete()


def tell_ruling(appeal: Appeal) -> None:
    comment = appeal.decision.comment if appeal.decision_id else appeal.sanction.comment
    _tell(appeal.participant, Kind.RULING, appeal=appeal, comment=comment)


def tell_sanction(sanction: Sanction) -> None:
    _tell(sanction.participant, Kind.SANCTION, sanction=sanction, comment=sanction.comment)


def tell_lifting(sanction: Sanction) -> None:
    """Tell a participant whose suspension ends before its time that they can write again."""
    if sanction.until > timezone.now():
        _tell(sanction.participant, Kind.LIFTED, sanction=sanction)


def _tell(participant: Participant, kind: str, **about) -> None:
    if participant.user_id is not None:
        Notice.objects.create(participant=participant, kind=kind, **about)


def tell_reply(reply: Comment) -> None:
    """Tell whose comment was replied to, once the reply is public; nobody of a reply of their own."""
    if reply.parent_id is None:
        return
    people = Participant.objects.filter(comments=reply.parent_id, user__isnull=False).exclude(pk=reply.author_id)
    _tell_many(people.values_list("pk", flat=True), Kind.REPLY, comment=reply)


@transaction.atomic
def tell_answer(answer: Answer) -> None:
    """Tell of a published answer: the authors of the comments that it answers, and who follows its measure.

    Once each, however often it is called; an author whose comments it answers hears of the first one.
    """
    answered = answer.answered.filter(comment__withdrawn_at=None, comment__author__user__isnull=False)
    firsts: dict[int, Notice] = {}
    for author, comment in answered.order_by("comment__created_at", "comment").values_list(
        "comment__author", "comment"
    ):
        firsts.setdefault(author, Notice(participant_id=author, kind=Kind.ANSWERED, answer=answer, comment_id=comment))
    notices = [firsts[author] for author in sorted(firsts)]
    Notice.objects.bulk_create(notices, ignore_conflicts=True, batch_size=BATCH)
    _tell_many(followers_of(answer.measure).values_list("pk", flat=True), Kind.ANSWER, answer=answer)


def tell_closing(statement: ClosingStatement) -> None:
    """Tell of a published closing statement who follows the programme or a measure of it, once each."""
    programme = statement.programme
    follow = Q(follows__programme=programme) | Q(follows__measure__principle__programme=programme)
    people = Participant.objects.filter(follow, user__isnull=False).distinct()
    _tell_many(people.values_list("pk", flat=True), Kind.CLOSING, programme=programme)


def followers_of(measure: Measure) -> QuerySet[Participant]:
    """Who follows `measure`, or the programme that it is part of."""
    follow = Q(follows__measure=measure) | Q(follows__programme=measure.principle.programme_id)
    return Participant.objects.filter(follow, user__isnull=False).distinct()


def _tell_many(people: Iterable[int], kind: str, **about) -> None:
    """A notice for each of `people` (keys) who has none about this yet.

    In the order of their keys: two that tell the same people at once then wait for each other and never in a circle.
    """
    notices = [Notice(participant_id=pk, kind=kind, **about) for pk in sorted(people)]
    Notice.objects.bulk_create(notices, ignore_conflicts=True, batch_size=BATCH)


def tell_editions(now: datetime) -> bool:
    """Tell of new substantive editions who follows the measure, and who rated an earlier wording of it.

    `principles` knows nobody to tell, so the sequencer's record of editions is read. Some people per call; whether
    more wait. A first edition and a correction are news for nobody.
    """
    waiting = SequencedEdition.objects.filter(told=False)
    no_news = waiting.filter(Q(edition__number=1) | ~Q(edition__series=F("edition__number")))
    if keys := list(no_news.values_list("pk", flat=True)):
        SequencedEdition.objects.filter(pk__in=keys).update(told=True)
    row = waiting.select_related("edition__measure__principle").order_by("seq").first()
    if row is None:
        return False
    people = list(_to_be_told_of(row.edition).values_list("pk", flat=True)[:PEOPLE_PER_PASS])
    with transaction.atomic():
        _tell_many(people, Kind.EDITION, edition=row.edition)
        if len(people) < PEOPLE_PER_PASS:
            SequencedEdition.objects.filter(pk=row.pk).update(told=True)
    return True


def _to_be_told_of(edition: Edition) -> QuerySet[Participant]:
    raters = Rating.objects.filter(
        edition__measure=edition.measure, edition__number__lt=edition.number, value__isnull=False
    )
    told = Notice.objects.filter(edition=edition)
    people = Q(pk__in=followers_of(edition.measure)) | Q(pk__in=raters.values("participant"))
    return Participant.objects.filter(people, user__isnull=False).exclude(pk__in=told.values("participant"))


def notices_of(participant: Participant) -> NoticeQuerySet:
    """What the profile shows: the newest first."""
    return Notice.objects.of(participant).ready().tellable().order_by("-pk")


def unread_of(participant, now: datetime | None = None) -> NoticeQuerySet:
    """Notices of a participant (or of an expression that is the key of one) that wait to be read."""
    return Notice.objects.filter(participant=participant, read_at=None).ready(now).tellable().order_by()


def number_unread(user_id: int, most: int = 100) -> int:
    """How many notices of an account wait to be read; beyond `most` no further ones are counted."""
    return unread_of(Subquery(Participant.objects.filter(user=user_id).values("pk")))[:most].count()


def mark_read(participant: Participant, *, until: int) -> int:
    """Mark as read what the participant has seen, up to the notice with the key `until`. How many were new."""
    now = timezone.now()
    return Notice.objects.of(participant).ready(now).filter(pk__lte=until, read_at=None).update(read_at=now)

"""Rating a measure. One row is written, nothing shared: tallies are the sequencer's."""

from django.db import transaction
from django.utils import timezone

from feedback.actions.access import measure_for_writing
from feedback.actions.refusals import Invalid
from feedback.compiled import Compiled
from feedback.models import Participant, Rating
from principles.models import Edition, Question

# `waiting` is the database's to say, and after the write: it is read where somebody asks for it.
MINE = Compiled(
    lambda participant, question, edition: Rating.objects.filter(
        participant=participant, question=question, edition=edition
    ).defer("waiting"),
    participant=2_000_000_001,
    question=2_000_000_002,
    edition=2_000_000_003,
)


@transaction.atomic
def rate(
    participant: Participant,
    *,
    measure: str,
    question: str,
    edition: int,
    value: int,
    channel: str = "web",
    given: dict[str, str] | None = None,
) -> Rating:
    """Give or change a rating. The same value again writes nothing; of parallel writes one row results.

    `measure` and `question` are slugs, `edition` the number that the person saw, `value` 1-5. `given` holds region
    code, age band and gender of somebody without an account; those of an account are its own.
    """
    if isinstance(value, bool) or value not in (1, 2, 3, 4, 5):
        raise Invalid
    asked, series = _asked(measure, question, edition)
    return _set(participant, asked, series, value, channel, given)


@transaction.atomic
def withdraw_rating(participant: Participant, *, measure: str, question: str, edition: int) -> Rating | None:
    """Take a rating back; the row, or None where there never was one."""
    asked, series = _asked(measure, question, edition)
    if not Rating.objects.filter(participant=participant, question=asked, edition=series).exists():
        return None
    return _set(participant, asked, series, None, None, None)


def _asked(measure_slug: str, question_slug: str, edition: int) -> tuple[Question, Edition]:
    measure, series = measure_for_writing(measure_slug, edition=edition, question=question_slug)
    if measure.asked_id is None:
        raise Question.DoesNotExist
    programme = measure.principle.programme
    return Question(pk=measure.asked_id, programme=programme, slug=question_slug), series


def _set(participant: Participant, question: Question, series: Edition, value: int | None, channel, given) -> Rating:
    key = {"participant": participant.pk, "question": question.pk, "edition": series.pk}
    now = timezone.now()
    row = MINE.first(**key)
    if row is None:
        given = given or _given_by(participant.user)
        row = Rating(participant=participant, question=question, edition=series, channel=channel, **given)
        row.value, row.created_at, row.changed_at = value, now, now
        Rating.objects.bulk_create(
            [row],
            update_conflicts=True,
            unique_fields=["participant", "question", "edition"],
            update_fields=["value", "changed_at"],
        )
        return MINE.first(**key)  # of parallel first ones this may be another's row
    if row.value != value:
        row.value, row.changed_at = value, now
        Rating.objects.filter(pk=row.pk, participant=participant).update(value=value, changed_at=now)
    return row


def _given_by(user) -> dict[str, str]:
    """What an account says of its owner, blank where it says nothing."""
    return {
        "region": user.region.code if user.region else "",
        "age_band": user.age_band,
        "gender": user.gender,
    }

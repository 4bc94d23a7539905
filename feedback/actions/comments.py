"""What an author does with a comment: submit, edit, withdraw."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from feedback.actions.access import locked, measure_for_writing, require_may_write, require_open
from feedback.actions.desk import enter_desk, refresh_desk
from feedback.actions.notices import tell_reply
from feedback.actions.refusals import Invalid, NotPossibleNow, NotYours
from feedback.actions.signals import keep_signals, read_signals
from feedback.actions.submissions import AlreadyDone, claim
from feedback.ledger.canonical import comment_commitment, new_salt
from feedback.ledger.leaves import record_comment, record_departure
from feedback.models import Appeal, Comment, CommentVersion, Decision, Participant, TextPrint
from feedback.models.comment import Language, Moderation, Stance, State
from feedback.search.index import index_comment
from feedback.text import LONGEST_COMMENT, detect_language, has_words
from portal.plain_text import clean_text

QUIET_MINUTES = timedelta(minutes=15)


def submit_comment(
    participant: Participant,
    *,
    measure: str,
    edition: int,
    text: str,
    language: str = "",
    stance: str = "",
    parent: Comment | None = None,
    channel: str = "web",
    key: str = "",
) -> Comment:
    """Publish a comment, or put it in the queue where the programme moderates first or a signal of it holds.

    `language` is detected where it is blank. `key` makes the write happen once: the same key again returns the
    comment that the first write made.
    """
    body = {"measure": measure, "text": text, "parent": parent and str(parent.pk), "stance": stance}
    try:
        with transaction.atomic():
            submission = claim(participant, route="comments", key=key, body=body) if key else None
            comment = _submit(participant, measure, edition, text, language, stance, parent, channel)
            if submission:
                submission.resource = str(comment.pk)
                submission.save(update_fields=["resource"])
            return comment
    except AlreadyDone as earlier:
        return Comment.objects.select_related("measure", "shown", "latest").get(pk=earlier.submission.resource)


def _submit(participant, measure_slug, edition, text, language, stance, parent, channel) -> Comment:
    measure, _series = measure_for_writing(measure_slug, edition=edition)
    require_may_write(participant)
    text, language = checked(text, language, stance)
    if parent is not None:
        parent = locked(parent)
        if parent.measure_id != measure.pk or parent.parent_id or not parent.is_visible:
            raise NotPossibleNow
    now = timezone.now()
    reading = read_signals(text, measure=measure, author=participant, at=now)
    waits = measure.principle.programme.moderation == "before" or reading.holds
    comment = Comment(
        measure=measure,
        edition=edition,
        parent=parent,
        author=participant,
        channel=channel,
        moderation=Moderation.PENDING if waits else Moderation.PUBLISHED,
        language=language,
        stance=stance,
        created_at=now,
    )
    comment.save(force_insert=True)
    version = new_version(comment, participant, 1, text, language, stance, public=not waits, at=now)
    comment.latest = version
    comment.shown = None if waits else version
    comment.save(update_fields=["latest", "shown"])
    if parent is not None and not waits:
        count_reply(comment, +1)
    if not waits:
        tell_reply(comment)
    keep_signals(reading, comment, version)
    index_comment(comment, new=True)
    enter_desk(comment, reading.kinds)
    record_comment(comment, version, edited=False, moderation=comment.moderation, count_to=comment.moderation, at=now)
    return comment


@transaction.atomic
def edit_comment(comment: Comment, *, by: Participant, text: str, language: str = "", stance: str = "") -> Comment:
    """Replace the text. Within 15 minutes quietly; afterwards visibly, and the old version stays readable.

    Where the programme moderates first or a signal of the new text holds, the edit waits and the old version stays
    public. The same text again changes nothing.
    """
    comment = locked(comment)
    if comment.author_id != by.pk:
        raise NotYours
    require_open(comment.measure)
    require_may_write(by)
    if comment.state not in {State.PENDING, State.PUBLISHED}:
        raise NotPossibleNow
    text, language = checked(text, language, stance)
    latest = comment.latest
    if (latest.text, latest.language, latest.stance) == (text, language, stance):
        return comment
    now = timezone.now()
    reading = read_signals(text, measure=comment.measure, author=by, at=now, edited=comment)
    # Staff look before a removed part could come back.
    waits = (
        comment.measure.principle.programme.moderation == "before"
        or comment.moderation == Moderation.PENDING
        or latest.redaction_id is not None
        or reading.holds
    )
    # The latest one need not be the last: undoing a redaction goes back to the one before it.
    number = comment.versions.aggregate(Max("number"))["number__max"] + 1
    version = new_version(comment, by, number, text, language, stance, public=not waits, at=now)
    comment.latest = version
    if not waits:
        show_version(comment, version, at=now)
    elif comment.shown_id is None:
        comment.language, comment.stance = language, stance
    comment.save(update_fields=["latest", "shown", "language", "stance", "edited_at"])
    keep_signals(reading, comment, version)
    index_comment(comment)
    refresh_desk(comment)
    record_comment(
        comment,
        version,
        edited=True,
        moderation=Moderation.PENDING if waits else Moderation.PUBLISHED,
        count_to="",
        at=now,
    )
    return comment


@transaction.atomic
def withdraw_comment(comment: Comment, *, by: Participant) -> Comment:
    """Take a comment back: a placeholder stays, replies stay, and nothing un-withdraws. Possible at any time."""
    comment = locked(comment)
    if comment.author_id != by.pk:
        raise NotYours
    if comment.state in {State.WITHDRAWN, State.ERASED}:
        return comment
    before = comment.state
    comment.withdrawn_at = timezone.now()
    comment.save(update_fields=["withdrawn_at"])
    if before == State.PUBLISHED:
        count_reply(comment, -1)
    Appeal.objects.open().filter(decision__comment=comment).update(outcome=Appeal.Outcome.CLOSED)
    # Sent again it is no repetition; a hidden one keeps its print, so that one is found.
    TextPrint.objects.filter(comment=comment).delete()
    index_comment(comment)
    refresh_desk(comment)
    record_departure(comment, kind="comment_withdrawn", count_from=before, at=comment.withdrawn_at)
    comment.refresh_from_db(fields=["state"])
    return comment


def checked(text: str, language: str, stance: str) -> tuple[str, str]:
    """The cleaned text and its language, or `Invalid` with what is wrong."""
    text = clean_text(text)
    if not text or not has_words(text) or len(text) > LONGEST_COMMENT:
        raise Invalid
    if stance not in {"", *Stance.values} or language not in {"", *Language.values}:
        raise Invalid
    return text, language or detect_language(text)


def new_version(
    comment, author, number, text, language, stance, *, public: bool, at, redaction: Decision | None = None
) -> CommentVersion:
    """Write one version of `comment` with a fresh salt and its commitment."""
    salt = new_salt()
    return CommentVersion.objects.create(
        comment=comment,
        number=number,
        text=text,
        language=language,
        stance=stance,
        salt=salt,
        commitment=comment_commitment(
            text=text, author=author.pseudonym if author else "", language=language, stance=stance, salt=salt
        ),
        public=public,
        redaction=redaction,
        created_at=at,
    )


def show_version(comment: Comment, version: CommentVersion, *, at) -> None:
    """Make `version` the one that readers see; the caller saves the comment.

    A version that is replaced within the quiet minutes leaves the public history; a later one stays in it.
    """
    before = comment.shown
    if before is not None and before.pk != version.pk:
        if at - comment.created_at <= QUIET_MINUTES:
            CommentVersion.objects.filter(pk=before.pk).update(public=False)
        else:
            comment.edited_at = at
    comment.shown = version
    comment.language, comment.stance = version.language, version.stance


def count_reply(comment: Comment, by: int) -> None:
    """Move the count of published replies of the parent of `comment`, if it has one."""
    if comment.parent_id:
        Comment.objects.filter(pk=comment.parent_id).update(reply_count=F("reply_count") + by)

"""The leaves of the ledger in their final form, one function per kind.

Every leaf holds v, kind, programme (null where it concerns the log itself), measure (null where it concerns the whole
programme) and hour; numbers are integers below 2^53. `docs/ledger.md` lists every kind and field; a test holds that
table against this module.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from feedback.ledger.canonical import canonical, digest, hour
from feedback.models import Answer, Comment, CommentVersion, Decision, OutboxEntry, Rating, SigningKey, Tally
from principles.models import LANGUAGES, Edition, Measure, Programme

VERSION = 1


def _leaf(kind: str, programme: Programme | None, measure: Measure | None, at: datetime, **fields) -> dict:
    return {
        "v": VERSION,
        "kind": kind,
        "programme": programme.slug if programme else None,
        "measure": measure.slug if measure else None,
        "hour": hour(at),
        **fields,
    }


def wording_digest(edition: Edition) -> str:
    """SHA-256 of the canonical wording: titles and summaries in each language, and the target figures in order."""
    figures = [
        {
            "target": figure.target.slug,
            "label": {language: getattr(figure, f"label_{language}") or "" for language in LANGUAGES},
            "comparison": figure.comparison,
            "value": format(figure.value.normalize(), "f"),
            "unit": figure.unit.slug,
            "due": figure.due,
        }
        for figure in edition.figures.select_related("target", "unit")
    ]
    return digest(
        {
            "title": {language: getattr(edition, f"title_{language}") or "" for language in LANGUAGES},
            "summary": {language: getattr(edition, f"summary_{language}") or "" for language in LANGUAGES},
            "figures": figures,
        }
    )


def edition_leaf(edition: Edition) -> dict:
    measure = edition.measure
    return _leaf(
        "edition",
        measure.principle.programme,
        measure,
        edition.created_at,
        edition=edition.number,
        substantive=edition.substantive,
        digest=wording_digest(edition),
    )


def programme_leaf(programme: Programme, *, opened: bool, at: datetime) -> dict:
    return _leaf("programme_opened" if opened else "programme_closed", programme, None, at)


def key_leaf(key: SigningKey, *, previous: str | None, signature: str | None, at: datetime) -> dict:
    """A key that signs from now on; `signature` is that of the previous key over this change, where it was at hand."""
    fields = {"role": key.role, "key": key.public_key, "previous": previous, "signature": signature}
    return _leaf("key_rotation", None, None, at, **fields)


def reopened_leaf(*, log: str, previous: str, checkpoint: str, kept: int, lost: list[int] | None, at: datetime) -> dict:
    """A log that goes on under another name: the last checkpoint of the previous one, how many entries stay, and the
    first and last number of those that are lost, None where that is not known."""
    fields = {"log": log, "previous": previous, "checkpoint": checkpoint, "kept": kept, "lost": lost}
    return _leaf("log_reopened", None, None, at, **fields)


def rating_leaf(rating: Rating, at: datetime) -> dict:
    """A released rating, or its withdrawal; carries the release's hour, never the rating's own."""
    measure = rating.edition.measure
    fields = {"question": rating.question.slug, "edition": rating.edition.number, "who": rating.who.hex}
    kind = "rating_withdrawn"
    if rating.value is not None:
        kind, fields["value"] = "rating", rating.value
    return _leaf(kind, measure.principle.programme, measure, at, **fields)


def tally_released_leaf(tally: Tally, *, pool: str, counts: list[int], at: datetime) -> dict:
    """`counts` are the tally's counts after the release; `pool` is "first" or "change"."""
    return _tally_leaf("tally_released", tally, at, pool=pool, counts=counts)


def tally_withheld_leaf(tally: Tally, *, pool: str, n: int, at: datetime) -> dict:
    """`n` ratings of `pool` stayed out for good, fewer than a group."""
    return _tally_leaf("tally_withheld", tally, at, pool=pool, n=n)


def _tally_leaf(kind: str, tally: Tally, at: datetime, **fields) -> dict:
    measure = tally.edition.measure
    return _leaf(
        kind,
        measure.principle.programme,
        measure,
        at,
        question=tally.question.slug,
        edition=tally.edition.number,
        **fields,
    )


def _comment_leaf(kind: str, comment: Comment, at: datetime, **fields) -> dict:
    return _leaf(kind, comment.measure.principle.programme, comment.measure, at, id=str(comment.pk), **fields)


def record_comment(
    comment: Comment, version: CommentVersion, *, edited: bool, moderation: str, count_to: str, at: datetime
) -> None:
    """Leave `comment` or `comment_edited` in the outbox; `moderation` says whether the version went public at once."""
    leaf = _comment_leaf(
        "comment_edited" if edited else "comment",
        comment,
        at,
        edition=comment.edition,
        parent=str(comment.parent_id) if comment.parent_id else None,
        channel=comment.channel,
        moderation=moderation,
        commitment=version.commitment,
    )
    _to_outbox(comment, leaf, count_to=count_to)


def record_decision(decision: Decision, comment: Comment, *, count_from: str, count_to: str) -> None:
    """Leave `comment_moderated` in the outbox; equal states move no count."""
    rule_version = decision.rule_version
    leaf = _comment_leaf(
        "comment_moderated",
        comment,
        decision.created_at,
        version=decision.commitment,
        to=decision.to_state,
        rule=rule_version.rule.code if rule_version else None,
        decision=decision.pk,
        role=decision.role,
    )
    _to_outbox(comment, leaf, count_from=count_from, count_to=count_to)


def record_redaction(
    decision: Decision, comment: Comment, version: CommentVersion, *, count_from: str, count_to: str
) -> None:
    """Leave `comment_redacted` in the outbox; `version` is the one with parts removed that readers see from now on."""
    leaf = _comment_leaf(
        "comment_redacted", comment, decision.created_at, decision=decision.pk, commitment=version.commitment
    )
    _to_outbox(comment, leaf, count_from=count_from, count_to=count_to)


def record_appeal(kind: str, decision: Decision, *, outcome: str | None, at: datetime) -> None:
    """Leave `appeal` (outcome null) or `appeal_decided` in the outbox."""
    comment = decision.comment
    leaf = _leaf(
        kind,
        comment.measure.principle.programme,
        comment.measure,
        at,
        comment=str(comment.pk),
        decision=decision.pk,
        outcome=outcome,
    )
    _to_outbox(comment, leaf)


def record_departure(comment: Comment, *, kind: str, count_from: str, at: datetime) -> None:
    """Leave `comment_withdrawn` or `comment_erased` in the outbox."""
    _to_outbox(comment, _comment_leaf(kind, comment, at), count_from=count_from, count_to=kind.split("_")[1])


def answer_digest(answer: Answer) -> str:
    """SHA-256 of the canonical JSON of what an answer says: its text and body in each language, date, link, outcome."""
    return digest(
        {
            "text": {language: getattr(answer, f"text_{language}") or "" for language in LANGUAGES},
            "body": {language: getattr(answer, f"body_{language}") or "" for language in LANGUAGES},
            "date": answer.answered_on.isoformat(),
            "link": answer.link,
            "outcome": answer.outcome,
        }
    )


def answer_leaf(answer: Answer, comments: Iterable[UUID], at: datetime) -> dict:
    """An answer that was published or corrected at `at`; an answer to the measure names no comments (null)."""
    measure = answer.measure
    return _leaf(
        "answer",
        measure.principle.programme,
        measure,
        at,
        answer=answer.code,
        comments=sorted(map(str, comments)) or None,
        outcome=answer.outcome,
        digest=answer_digest(answer),
    )


def record_answer(answer: Answer, comments: Iterable[UUID], *, at: datetime) -> None:
    """Leave `answer` in the outbox: at its publication, and with each correction."""
    _leave(answer_leaf(answer, comments, at), key=answer.code)


def _to_outbox(comment: Comment, leaf: dict, **counts: str) -> None:
    _leave(leaf, key=str(comment.pk), **counts)


def _leave(leaf: dict, *, key: str, count_from: str = "", count_to: str = "") -> None:
    if count_from == count_to:
        count_from = count_to = ""
    OutboxEntry.objects.create(
        kind=leaf["kind"],
        programme=leaf["programme"],
        measure=leaf["measure"] or "",
        key=key,
        leaf=canonical(leaf),
        count_from=count_from,
        count_to=count_to,
    )

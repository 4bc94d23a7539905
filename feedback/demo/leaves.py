"""Leaves of the ledger by template, many times faster than building and canonicalising dictionaries.

Keys stand in the order of RFC 8785, and every value is a number, a slug or hex digits that need no escaping. A test
holds each line against `feedback.ledger.leaves`.
"""

from typing import NamedTuple


class Line(NamedTuple):
    """One ledger entry without its place."""

    kind: str
    measure: str
    key: str
    leaf: str


def rating_line(
    *, programme: str, measure: str, question: str, edition: int, who: str, value: int | None, hour: str
) -> Line:
    """`rating`, or `rating_withdrawn` where `value` is None; `who` as 32 hex digits."""
    kind = "rating_withdrawn" if value is None else "rating"
    number = "" if value is None else f'"value":{value},'
    leaf = (
        f'{{"edition":{edition},"hour":"{hour}","kind":"{kind}","measure":"{measure}","programme":"{programme}",'
        f'"question":"{question}","v":1,{number}"who":"{who}"}}'
    )
    return Line(kind, measure, who, leaf)


def tally_line(
    *, programme: str, measure: str, question: str, edition: int, pool: str, counts: list[int], hour: str
) -> Line:
    """`tally_released` of the pool "first" or "change", with the counts after it."""
    leaf = (
        f'{{"counts":[{",".join(map(str, counts))}],"edition":{edition},"hour":"{hour}","kind":"tally_released",'
        f'"measure":"{measure}","pool":"{pool}","programme":"{programme}","question":"{question}","v":1}}'
    )
    return Line("tally_released", measure, f"{measure}/{question}/{edition}", leaf)


def comment_line(
    *,
    programme: str,
    measure: str,
    id_: str,
    edition: int,
    parent: str | None,
    channel: str,
    moderation: str,
    commitment: str,
    hour: str,
    edited: bool = False,
) -> Line:
    """`comment` or `comment_edited`."""
    kind = "comment_edited" if edited else "comment"
    above = f'"{parent}"' if parent else "null"
    leaf = (
        f'{{"channel":"{channel}","commitment":"{commitment}","edition":{edition},"hour":"{hour}","id":"{id_}",'
        f'"kind":"{kind}","measure":"{measure}","moderation":"{moderation}","parent":{above},'
        f'"programme":"{programme}","v":1}}'
    )
    return Line(kind, measure, id_, leaf)


def decision_line(
    *,
    programme: str,
    measure: str,
    id_: str,
    version: str,
    to: str,
    rule: str | None,
    decision: int,
    role: str,
    hour: str,
) -> Line:
    """`comment_moderated`; `version` is the commitment of what was judged."""
    under = f'"{rule}"' if rule else "null"
    leaf = (
        f'{{"decision":{decision},"hour":"{hour}","id":"{id_}","kind":"comment_moderated","measure":"{measure}",'
        f'"programme":"{programme}","role":"{role}","rule":{under},"to":"{to}","v":1,"version":"{version}"}}'
    )
    return Line("comment_moderated", measure, id_, leaf)


def departure_line(*, programme: str, measure: str, id_: str, kind: str, hour: str) -> Line:
    """`comment_withdrawn` or `comment_erased`."""
    leaf = f'{{"hour":"{hour}","id":"{id_}","kind":"{kind}","measure":"{measure}","programme":"{programme}","v":1}}'
    return Line(kind, measure, id_, leaf)


def answer_line(
    *, programme: str, measure: str, code: str, comments: list[str], outcome: str, digest: str, hour: str
) -> Line:
    """`answer`; `comments` are sorted ids, none for an answer to the measure."""
    quoted = ",".join(f'"{pk}"' for pk in comments)
    ids = f"[{quoted}]" if comments else "null"
    leaf = (
        f'{{"answer":"{code}","comments":{ids},"digest":"{digest}","hour":"{hour}","kind":"answer",'
        f'"measure":"{measure}","outcome":"{outcome}","programme":"{programme}","v":1}}'
    )
    return Line("answer", measure, code, leaf)

"""What changed: the ledger's entries in order, each with the public state of what it is about as it is now."""

import json
from collections import defaultdict

from feedback.api.answers import answer_body, published_answers
from feedback.api.comments import COLUMNS, comment_body, completed
from feedback.api.parameters import PAGE_SIZE, ROWS, whole
from feedback.api.programme import Measures, Programmes
from feedback.api.reading import Reading
from feedback.api.tallies import tally_body
from feedback.ledger import store
from feedback.models import Comment, LedgerEntry, Log, Rating, Tally
from feedback.models.comment import State
from principles.models import Measure, Programme

RESOURCES = {
    "edition": "measures",
    "rating": "ratings",
    "rating_withdrawn": "ratings",
    "tally_released": "tallies",
    "tally_withheld": "tallies",
    "answer": "answers",
    "programme_opened": "programmes",
    "programme_closed": "programmes",
    "key_rotation": "ledger",
    "log_reopened": "ledger",
}
COMMENT = "comments"  # of every other kind: a test holds that against the ledger's kinds


class Changes(Reading):
    """Entries after `after`, oldest first. Follow `next_after` until it equals `head`; then ask again later."""

    shape = "Changes"
    speaks = False
    fresh = 1
    filters = (
        whole("after", "The seq of the last entry that you have; 0 to begin.", most=2**62),
        PAGE_SIZE,
    )

    def get(self, request):
        after, size = self.values.get("after", 0), self.values.get("page_size", ROWS)
        head = store.head()
        entries = list(LedgerEntry.objects.filter(seq__gt=after, seq__lte=head).order_by("seq")[:size])
        log = Log.objects.order_by("-pk").values_list("name", flat=True).first()
        return self.answer(
            request,
            {
                "log": log,
                "results": changes_of(entries),
                "next_after": entries[-1].seq if entries else after,
                "head": head,
            },
        )


def changes_of(entries: list[LedgerEntry]) -> list[dict]:
    """Changes for ledger entries, with a fixed number of queries whatever their number."""
    wanted: dict[str, set] = defaultdict(set)
    for entry in entries:
        wanted[RESOURCES.get(entry.kind, COMMENT)].add(_key(entry))
    states = {resource: STATES[resource](keys) for resource, keys in wanted.items()}
    changes = []
    for entry in entries:
        resource, key = RESOURCES.get(entry.kind, COMMENT), _key(entry)
        data, reason = states[resource].get(key, (None, None))
        changes.append(
            {
                "seq": entry.seq,
                "hour": json.loads(entry.leaf)["hour"],
                "kind": entry.kind,
                "resource": resource,
                "key": key,
                "measure": entry.measure or None,
                "data": data,
                "reason": reason,
            }
        )
    return changes


def _key(entry: LedgerEntry) -> str:
    """The natural key of what an entry is about, as the resource's own list has it."""
    resource = RESOURCES.get(entry.kind, COMMENT)
    if resource == "measures":
        return entry.measure
    if resource == "tallies":
        leaf = json.loads(entry.leaf)
        return f"{leaf['measure']}/{leaf['question']}/{leaf['edition']}"
    return entry.key


def _comments(keys: set[str]) -> dict:
    rule = "hiding_decision__rule_version__rule__code"
    rows = completed(list(Comment.objects.public().filter(pk__in=keys).values(*COLUMNS, rule)))
    return {str(row["id"]): (comment_body(row), row[rule] if row["state"] == State.HIDDEN else None) for row in rows}


def _ratings(keys: set[str]) -> dict:
    """Released ratings by their random name; one that was taken back has no state any more."""
    rows = Rating.objects.filter(who__in=keys, released_value__isnull=False).select_related(
        "question", "edition__measure"
    )
    return {
        row.who.hex: (
            {
                "who": row.who.hex,
                "measure": row.edition.measure.slug,
                "question": row.question.slug,
                "edition": row.edition.number,
                "value": row.released_value,
            },
            None,
        )
        for row in rows
    }


def _tallies(keys: set[str]) -> dict:
    measures = {key.split("/")[0] for key in keys}
    rows = Tally.objects.filter(edition__measure__slug__in=measures).select_related("question", "edition__measure")
    bodies = (tally_body(row) for row in rows)
    return {f"{body['measure']}/{body['question']}/{body['edition']}": (body, None) for body in bodies}


def _measures(keys: set[str]) -> dict:
    rows = Measure.objects.with_wording().select_related("comment_count").filter(slug__in=keys)
    return {row.slug: (Measures.measure(row, None), None) for row in rows}


def _programmes(keys: set[str]) -> dict:
    view = Programmes()
    view.values = {}
    return {body["slug"]: (body, None) for body in view.present(Programme.objects.filter(slug__in=keys))}


def _answers(keys: set[str]) -> dict:
    rows = published_answers().filter(pk__in=[int(key[1:]) for key in keys])
    return {row.code: (answer_body(row), None) for row in rows}


STATES = {
    COMMENT: _comments,
    "ledger": lambda keys: {},  # what is said of the ledger itself has no list of its own
    "ratings": _ratings,
    "tallies": _tallies,
    "measures": _measures,
    "programmes": _programmes,
    "answers": _answers,
}

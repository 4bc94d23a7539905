"""Checking a receipt against the ledger: one of a few verdicts, for a page to say in plain words."""

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from feedback.ledger import store
from feedback.ledger.canonical import canonical, comment_commitment, leaf_hash
from feedback.ledger.notes import verifies
from feedback.ledger.receipts import signed_text
from feedback.models import Comment, CommentVersion, LedgerEntry, Rating, SigningKey
from feedback.models.comment import State

LONGEST = 100_000  # characters
ISSUED = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class Verdict:
    """What became of a receipt's promise.

    `kind` is one of unreadable, forged, elsewhere (another log), lost (of a log that was reopened without it), counted,
    changed, replaced (changed or taken back while it waited), entered (a comment), waits, due (a comment with time
    left), misquoted (words beside a comment's receipt that are not the ones it was given for), withheld, broken. `seq`
    is the entry of `size`.
    """

    kind: str
    receipt: dict | None = None
    seq: int | None = None
    size: int | None = None
    state: str = ""

    @property
    def is_good(self) -> bool:
        return self.kind in {"counted", "changed", "entered", "waits", "due", "withheld", "replaced"}

    @property
    def shows_words(self) -> bool:
        """Whether the receipt holds the words, which were then compared."""
        return bool(self.receipt and "opening" in self.receipt)

    @property
    def state_label(self) -> str:
        return State(self.state).label if self.state else ""


def check_receipt(text: str) -> Verdict:
    """Read a receipt and say what became of it, by a few reads whatever the size of the log."""
    try:
        if len(text) > LONGEST:
            raise ValueError
        receipt = json.loads(text)
        key, signature = (base64.b64decode(receipt[name], validate=True) for name in ("key", "signature"))
        signed, kind, leaf = signed_text(receipt), receipt["kind"], receipt["leaf"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return Verdict("unreadable")
    known = SigningKey.objects.filter(role=SigningKey.Role.RECEIPTS, public_key=receipt["key"]).exists()
    if not known or not verifies(key, signature, signed):
        return Verdict("forged")
    logs = store.log_names() or [store.current_name()]
    if receipt["log"] not in logs:
        return Verdict("elsewhere", receipt)
    verdict = (_rating if kind == "rating" else _comment)(receipt, leaf)
    if verdict.kind in {"broken", "due", "waits", "replaced"} and receipt["log"] != logs[-1] and _was_lost(receipt):
        return Verdict("lost", receipt)
    return verdict


def _was_lost(receipt: dict) -> bool:
    """Whether a loss took what the receipt is for: its log was reopened after it was given, and what it was given for
    is not there, be it the row or its latest change."""
    leaf = receipt["leaf"]
    if "who" in leaf:
        later = Q(changed_at__gte=datetime.strptime(receipt["issued"], ISSUED).replace(tzinfo=UTC))
        there = Rating.objects.filter(Q(value=leaf["value"]) | later, who=leaf["who"]).exists()
    else:
        there = CommentVersion.objects.filter(comment=leaf["id"], commitment=leaf["commitment"]).exists()
        there = there or Comment.objects.filter(pk=leaf["id"]).exclude(erased_at=None).exists()
    if there:
        return False
    reopened = LedgerEntry.objects.filter(kind="log_reopened").order_by("-seq").values_list("leaf", flat=True).first()
    return reopened is not None and receipt["issued"][:13] <= json.loads(reopened)["hour"][:13]


def _opens(opening: object, commitment: str) -> bool:
    """Whether the words and the salt in a receipt's `opening` are those that its leaf commits to."""
    names = ("text", "author", "language", "stance", "salt")
    if not isinstance(opening, dict) or not all(isinstance(opening.get(name), str) for name in names):
        return False
    return comment_commitment(**{name: opening[name] for name in names}) == commitment


def _comment(receipt: dict, leaf: dict) -> Verdict:
    if "opening" in receipt and not _opens(receipt["opening"], leaf["commitment"]):
        return Verdict("misquoted", receipt)
    hash_ = leaf_hash(canonical(leaf))
    seq = LedgerEntry.objects.filter(leaf_hash=hash_).order_by("seq").values_list("seq", flat=True).first()
    if seq is not None:
        state = Comment.objects.filter(pk=leaf["id"]).values_list("state", flat=True).first()
        return Verdict("entered", receipt, seq, store.head(), state or "")
    issued = datetime.strptime(receipt["issued"], ISSUED).replace(tzinfo=UTC)
    late = timezone.now() - issued > timedelta(hours=receipt["promise"]["within_hours"])
    return Verdict("broken" if late else "due", receipt)


def _rating(receipt: dict, leaf: dict) -> Verdict:
    """By the entries under the receipt's `who`, then by the releases of its pool since."""
    after, pool = receipt["promise"]["after_seq"], receipt["promise"]["pool"]
    entries = LedgerEntry.objects.filter(key=leaf["who"]).order_by("seq").values_list("seq", "leaf")
    found = [(seq, json.loads(text).get("value")) for seq, text in entries]
    same = [seq for seq, value in found if value == leaf["value"]]
    if same:
        kind = "counted" if found[-1][1] == leaf["value"] else "changed"
        return Verdict(kind, receipt, same[-1] if kind == "counted" else found[-1][0], store.head())
    later = [seq for seq, _value in found if seq > after]
    if later:
        return Verdict("changed", receipt, later[-1], store.head())
    key = f"{leaf['measure']}/{leaf['question']}/{leaf['edition']}"
    releases = LedgerEntry.objects.filter(key=key, kind__in=["tally_released", "tally_withheld"], seq__gt=after)
    kinds = [
        released["kind"]
        for released in map(json.loads, releases.order_by("seq").values_list("leaf", flat=True))
        if released["pool"] == pool
    ]
    if "tally_withheld" in kinds:
        return Verdict("withheld", receipt)
    if len(kinds) >= receipt["promise"]["groups"]:
        return Verdict("broken", receipt)
    waits = Rating.objects.filter(who=leaf["who"], value=leaf["value"]).exists()
    return Verdict("waits" if waits else "replaced", receipt)

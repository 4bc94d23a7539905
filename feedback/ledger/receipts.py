"""Receipts: what an author gets for a rating or a comment, signed by the web server's own key.

A receipt is JSON. Its signature covers "receipt/v1", a line break, and the RFC 8785 JSON of everything but `signature`
and `opening`; `opening` holds what opens a comment's commitment. `docs/ledger.md` says what it promises.
"""

import base64
import json
from datetime import UTC

from django.utils import timezone

from feedback.ledger import store, vault
from feedback.ledger.canonical import canonical
from feedback.models import Comment, CommentVersion, LedgerEntry, OutboxEntry, Rating, SigningKey, Tally

VERSION = 1
HOURS = 24  # within which a comment's entry is in the log
GROUPS = 2  # of its pool, with which a rating is in the log at the latest
PREFIX = b"receipt/v1\n"
UNSIGNED = ("signature", "opening")
POOLS = {False: "first", True: "change"}
SUBMISSIONS = ("comment", "comment_edited")


def comment_receipt(comment: Comment) -> dict | None:
    """The receipt for the latest version of a comment; None once it is erased."""
    version = comment.latest
    leaf = version and leaf_of(version)
    if not leaf:
        return None
    issued = version.created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    opening = {
        "salt": version.salt,
        "text": version.text,
        "author": comment.author.pseudonym if comment.author else "",
        "language": version.language,
        "stance": version.stance,
    }
    return _signed("comment", leaf, issued, {"within_hours": HOURS}) | {"opening": opening}


def leaf_of(version: CommentVersion) -> dict | None:
    """The leaf that holds a version's commitment, from the ledger or from what waits for it."""
    for rows in (LedgerEntry.objects.order_by("seq"), OutboxEntry.objects.order_by("pk")):
        leaves = rows.filter(key=str(version.comment_id), kind__in=SUBMISSIONS).values_list("leaf", flat=True)
        for text in leaves:
            leaf = json.loads(text)
            if leaf["commitment"] == version.commitment:
                return leaf
    return None


def rating_receipt(rating: Rating) -> dict | None:
    """The receipt for a rating as it stands; None for one that was taken back.

    Its leaf has no hour yet: that will be the release's. The tally is read after the rating was written, so the group
    that is being released at this moment may be the first one, and the rating is in the second at the latest.
    """
    if rating.value is None:
        return None
    measure = rating.edition.measure
    leaf = {
        "v": VERSION,
        "kind": "rating",
        "programme": measure.principle.programme.slug,
        "measure": measure.slug,
        "question": rating.question.slug,
        "edition": rating.edition.number,
        "who": rating.who.hex,
        "value": rating.value,
    }
    tally = Tally.objects.filter(question=rating.question_id, edition=rating.edition_id).values_list("seq", flat=True)
    promise = {"pool": POOLS[rating.released_once], "after_seq": tally.first() or 0, "groups": GROUPS}
    issued = timezone.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return _signed("rating", leaf, issued, promise)


def _signed(kind: str, leaf: dict, issued: str, promise: dict) -> dict:
    key = vault.receipt_key()
    public = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    if not SigningKey.objects.filter(public_key=public).exists():  # the sequencer then names it in the ledger
        row = SigningKey(public_key=public, role=SigningKey.Role.RECEIPTS)
        SigningKey.objects.bulk_create([row], ignore_conflicts=True)
    receipt = {
        "v": VERSION,
        "kind": kind,
        "log": store.current_name(),
        "leaf": leaf,
        "issued": issued,
        "promise": promise,
        "key": public,
    }
    return receipt | {"signature": base64.b64encode(key.sign(signed_text(receipt))).decode()}


def signed_text(receipt: dict) -> bytes:
    """The bytes that a receipt's signature covers."""
    return PREFIX + canonical({name: value for name, value in receipt.items() if name not in UNSIGNED}).encode()

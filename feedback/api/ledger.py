"""The ledger to check: signed checkpoints, keys, leaves, and proofs (RFC 9162)."""

import hashlib
import json
import re

from django.http import Http404, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from feedback.actions.witnessing import accept_cosignature, with_newest
from feedback.api.labels import moment
from feedback.api.parameters import Parameter, whole
from feedback.api.problems import bad
from feedback.api.reading import Reading
from feedback.api.schemata import ref
from feedback.ledger import store, tree
from feedback.ledger.checkpoints import newest_checkpoint
from feedback.ledger.notes import LONGEST
from feedback.models import Checkpoint, LedgerEntry, SigningKey, Witness

MOST_LEAVES = 1000
HASH = re.compile(r"[0-9a-f]{64}")


def hash_parameter(name: str, description: str) -> Parameter:
    def read(text: str) -> bytes:
        if not HASH.fullmatch(text.lower()):
            raise ValueError(_("it is a SHA-256 of 64 hex digits"))
        return bytes.fromhex(text)

    schema = {"type": "string", "pattern": f"^{HASH.pattern}$"}
    return Parameter(name, read, description, schema, example="0" * 64)


class LedgerReading(Reading):
    """What is read of the ledger; `published` is the newest checkpoint, to which proofs lead."""

    speaks = False
    fresh = 1

    def published(self) -> Checkpoint:
        checkpoint = newest_checkpoint()
        if checkpoint is None:
            raise Http404
        return checkpoint

    def needed(self, name: str):
        if name not in self.values:
            raise bad(name, _("it is needed here"))
        return self.values[name]


class TheCheckpoint(LedgerReading):
    """The newest signed checkpoint of the ledger, a C2SP tlog-checkpoint, with cosignatures where it has any."""

    shape = "LedgerCheckpoint"
    media = ("text/plain",)
    missing = True

    def get(self, request):
        checkpoint = self.published()
        lines = checkpoint.cosignatures.order_by("witness__name").values_list("line", flat=True)
        return text_answer(request, checkpoint.note + "".join(lines), fresh=self.fresh)


def text_answer(request, text: str, *, fresh: int) -> HttpResponse:
    """Plain text, or 304 where the client has it."""
    content = text.encode()
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response = get_conditional_response(request._request, etag=etag) or HttpResponse(
        content, content_type="text/plain; charset=utf-8"
    )
    response["ETag"], response["Cache-Control"] = etag, f"public, max-age={fresh}"
    return response


class TheKey(LedgerReading):
    """The public key of checkpoints, under the name that their signature lines carry."""

    shape = "LedgerKey"
    missing = True

    def get(self, request):
        key = SigningKey.objects.filter(role=SigningKey.Role.LOG).last()
        if key is None:
            raise Http404
        return self.answer(
            request, {"name": store.current_name(), "algorithm": "Ed25519", "public_key": key.public_key}
        )


class Keys(LedgerReading):
    """Every key that ever signed checkpoints or receipts, oldest first."""

    shape = "LedgerKeys"

    def get(self, request):
        rows = SigningKey.objects.values_list("role", "public_key", "announced")
        names = ("role", "algorithm", "public_key", "seq")
        keys = [dict(zip(names, (role, "Ed25519", key, seq), strict=True)) for role, key, seq in rows]
        return self.answer(request, {"results": keys})


class Entries(LedgerReading):
    """Leaves from `start` to before `end`, at most 1000 of them, each with its hash."""

    shape = "LedgerEntries"
    filters = (
        whole("start", "Index of the first leaf; 0 unless said.", most=2**53),
        whole("end", "Index behind the last leaf; so many as there are unless said.", most=2**53),
    )

    def get(self, request):
        start = self.values.get("start", 0)
        end = self.values.get("end", start + MOST_LEAVES)
        if end < start:
            raise bad("end", _("it comes before the start"))
        rows = LedgerEntry.objects.filter(seq__gt=start, seq__lte=min(end, start + MOST_LEAVES)).order_by("seq")
        entries = [
            {"index": seq - 1, "leaf": json.loads(leaf), "leaf_hash": bytes(hash_).hex()}
            for seq, leaf, hash_ in rows.values_list("seq", "leaf", "leaf_hash")
        ]
        return self.answer(request, {"entries": entries})


class Inclusion(LedgerReading):
    """The proof that a leaf is in the tree of `tree_size` leaves, from the leaf's side upwards."""

    shape = "LedgerInclusion"
    missing = True
    filters = (
        hash_parameter("leaf_hash", "The leaf's hash, in hex."),
        whole("tree_size", "Size of a published checkpoint, or less; the newest one's unless said.", most=2**53),
    )

    def get(self, request):
        leaf, newest = self.needed("leaf_hash"), self.published().size
        size = self.values.get("tree_size", newest)
        if size > newest:
            raise bad("tree_size", _("no checkpoint is that large yet"))
        entry = LedgerEntry.objects.filter(leaf_hash=leaf, seq__lte=size).order_by("seq").values_list("seq", flat=True)
        seq = entry.first()
        if seq is None:
            raise bad("leaf_hash", _("no leaf of this tree has it"), status=404)
        hashes = [hash_.hex() for hash_ in tree.inclusion(seq - 1, size)]
        return self.answer(request, {"index": seq - 1, "tree_size": size, "hashes": hashes})


class Consistency(LedgerReading):
    """The proof that the tree of `first` leaves is the beginning of the tree of `second`."""

    shape = "LedgerConsistency"
    missing = True
    filters = (
        whole("first", "Size of the earlier checkpoint.", most=2**53),
        whole("second", "Size of the later checkpoint; the newest one's unless said.", most=2**53),
    )

    def get(self, request):
        first, newest = self.needed("first"), self.published().size
        second = self.values.get("second", newest)
        if second > newest:
            raise bad("second", _("no checkpoint is that large yet"))
        if first > second:
            raise bad("first", _("it is larger than the second"))
        hashes = [hash_.hex() for hash_ in tree.consistency(first, second)]
        return self.answer(request, {"first": first, "second": second, "hashes": hashes})


class Witnesses(LedgerReading):
    """The witnesses with the last checkpoint that each has cosigned, as a note with its line; POST sends one in."""

    http_method_names = ["get", "head", "options", "post"]
    shape = "LedgerWitnesses"
    summaries = {"POST": "Send a checkpoint that a witness has cosigned."}
    takes = {
        "POST": {
            "schema": ref("CosignedCheckpoint"),
            "example": {"checkpoint": "example.org/ledger\n0\n…\n\n— example.org/ledger …\n— witness.example.net …\n"},
            "answer": (200, "LedgerWitnesses"),
        }
    }

    def get(self, request):
        return self.answer(request, {"results": self.witnesses()})

    def post(self, request):
        text = request.data.get("checkpoint") if isinstance(request.data, dict) else None
        if not isinstance(text, str) or len(text) > LONGEST:
            raise bad("checkpoint", _("it is needed here"), status=422)
        accept_cosignature(text)
        response = self.answer(request, {"results": self.witnesses()})
        response["Cache-Control"] = "no-store"
        return response

    @staticmethod
    def witnesses() -> list[dict]:
        return [
            {
                "name": witness.name,
                "public_key": witness.public_key,
                "size": witness.newest.checkpoint.size if witness.newest else None,
                "signed": moment(witness.newest.signed_at) if witness.newest else None,
                "checkpoint": witness.newest.checkpoint.note + witness.newest.line if witness.newest else None,
            }
            for witness in with_newest(list(Witness.objects.filter(active=True)))
        ]

"""Consultations for `script/verify_consultation.py` to check: as a portal shows them, and as a copy to doctor."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client

from feedback.ledger.canonical import comment_commitment, leaf_hash
from feedback.ledger.notes import checkpoint_body, signature_line
from script import verify_consultation as verifier

ORIGIN = "example.org/ledger"


KNOWN: dict[int, tuple[bytes, bytes, dict]] = {}


def bytes_of(leaf: dict) -> tuple[bytes, bytes]:
    """The canonical bytes of a leaf and their hash. Those of the same object are made once, since a thousand doctored
    logs share most of theirs; nothing changes a leaf, and what is kept here keeps the object.
    """
    if id(leaf) not in KNOWN:
        text = verifier.canonical(leaf)
        KNOWN[id(leaf)] = (text, leaf_hash(text.decode()), leaf)
    return KNOWN[id(leaf)][:2]


class Portal(verifier.Site):
    """The portal under test, read as a stranger would; `meanwhile` happens before the second checkpoint is read."""

    pause = 0

    def __init__(self, meanwhile: Callable[[], object] = lambda: None):
        super().__init__("http://testserver")
        self.client, self.meanwhile, self.checkpoints = Client(), meanwhile, 0

    def text(self, path, **query):
        if path == "ledger/checkpoint":
            self.checkpoints += 1
            if self.checkpoints == 2:
                self.meanwhile()
        address = path.removeprefix("http://127.0.0.1:8000") if path.startswith("http") else f"/api/v1/{path}"
        answer = self.client.get(address, query)
        if answer.status_code != 200:
            raise verifier.Unreadable(f"{path} answers {answer.status_code}")
        return answer.content.decode()


@dataclass
class Copy:
    """A log and what is shown beside it, in memory; whoever doctors it may sign again."""

    leaves: list[dict]
    tallies: list[dict] = field(default_factory=list)
    comments: list[dict] = field(default_factory=list)
    measures: list[dict] = field(default_factory=list)
    private: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    note: str = ""
    live = False
    package: dict = field(default_factory=dict)

    def sign(self, *, size: int | None = None, key: Ed25519PrivateKey | None = None) -> "Copy":
        hashes = [bytes_of(leaf)[1] for leaf in self.leaves]
        body = checkpoint_body(ORIGIN, len(self.leaves) if size is None else size, verifier.tree_hash(hashes))
        self.note = f"{body}\n{signature_line(body, ORIGIN, key or self.private)}"
        return self

    def doctored(self) -> "Copy":
        """Another copy with the same key; its rows are to be replaced, not changed."""
        parts = (list(part) for part in (self.leaves, self.tallies, self.comments, self.measures))
        return Copy(*parts, self.private, self.note)

    def checkpoint(self) -> str:
        return self.note

    def key(self) -> str:
        return base64.b64encode(self.private.public_key().public_bytes_raw()).decode()

    def leaves_between(self, start: int, end: int):
        for place in range(start, len(self.leaves)):
            if place >= end:
                raise verifier.Unreadable("entries beyond the checkpoint")
            yield bytes_of(self.leaves[place])[0]

    def rows(self, name: str):
        return iter(getattr(self, name))


class Reading:
    """What `verify_consultation` takes as its source: a `Copy`, whose field of leaves has the name of a method."""

    live = False

    def __init__(self, log: Copy):
        self.log, self.package = log, log.package
        self.checkpoint, self.key, self.rows, self.leaves = log.checkpoint, log.key, log.rows, log.leaves_between


def fault_of(log, **more) -> str | None:
    """What the verifier finds wrong, or None where everything holds."""
    source = Reading(log) if isinstance(log, Copy) else log
    try:
        verifier.Check(source, say=lambda _line: None, **more).run()
    except (verifier.Fault, verifier.Unreadable) as fault:
        return str(fault)
    return None


def common(kind: str, **fields) -> dict:
    return {"v": 1, "kind": kind, "programme": "p", "measure": "m", "hour": "2026-11-24T07Z"} | fields


def history(size: int) -> Copy:
    """An honest consultation of exactly `size` entries: an opening, an edition, then groups of ratings, first and
    changed ones by turns, and comments in every state."""
    log = Copy([common("programme_opened", measure=None), common("edition", edition=1, substantive=True, digest="0")])
    counts, whos = [0] * 5, {}
    asked = {"question": "support", "edition": 1}
    while len(log.leaves) < size:
        number, left = len(log.leaves), size - len(log.leaves)
        if left >= 40:
            changing = len(whos) >= 10 and number % 3 == 0
            group = list(whos)[-10:] if changing else [f"{number:028x}{place:04x}" for place in range(10)]
            for place, who in enumerate(group):
                value = (number + place * place) % 5 + 1
                if who in whos:
                    counts[whos[who] - 1] -= 1
                counts[value - 1] += 1
                whos[who] = value
                log.leaves.append(common("rating", who=who, value=value, **asked))
            pool = "change" if changing else "first"
            log.leaves.append(common("tally_released", pool=pool, counts=list(counts), **asked))
            seq = len(log.leaves)
        add_comment(log, ("published", "hidden", "withdrawn", "erased", "pending")[number % 5], number)
    del log.leaves[size:]
    if whos:
        row = {"measure": "m", "counts": list(counts), "n": sum(counts), "seq": seq, **asked}
        log.tallies.append(row)
    show_counts(log, size)
    return log.sign()


def add_comment(log: Copy, state: str, number: int) -> None:
    """A comment, with a second entry where its state needs one; shown unless it is pending."""
    name, salt, text = f"00000000-0000-4000-8000-{number:012x}", f"{number:064x}", f"Comment {number}"
    fields = {"text": text, "author": "aa", "language": "en", "stance": "for", "salt": salt}
    commitment = comment_commitment(**fields)
    first = "pending" if state == "pending" else "published"
    leaf = {"id": name, "edition": 1, "parent": None, "channel": "web", "moderation": first, "commitment": commitment}
    log.leaves.append(common("comment", **leaf))
    if state == "hidden":
        decided = {"version": commitment, "to": "hidden", "rule": "spam", "decision": number, "role": "moderator"}
        log.leaves.append(common("comment_moderated", id=name, **decided))
    elif state in {"withdrawn", "erased"}:
        log.leaves.append(common(f"comment_{state}", id=name))
    shown = state == "published"
    if state != "pending":
        log.comments.append(
            {"id": name, "measure": "m", "state": state, "commitment": commitment, "language": "en"}
            | {"text": text if shown else None, "salt": salt if shown else None, "stance": "for" if shown else None}
            | {"author": {"name": "A", "pseudonym": "aa"} if shown else None, "created": "2026-11-24T07:00:00Z"}
        )


def show_counts(log: Copy, size: int) -> None:
    """Bring what is shown to what the first `size` entries say."""
    read = verifier.Log(())
    read.extend(bytes_of(leaf)[0] for leaf in log.leaves)
    replay = read.replay
    states = {name: replay.state(comment) for name, comment in replay.comments.items()}
    log.comments = [row for row in log.comments if row["id"] in states]
    for row in log.comments:
        if row["state"] != states[row["id"]]:  # its second entry fell off the end
            row["state"] = states[row["id"]]
            number = int(row["id"][-12:], 16)
            row |= {"text": f"Comment {number}", "salt": f"{number:064x}", "stance": "for"}
            row |= {"author": {"name": "A", "pseudonym": "aa"}}
    shown = dict.fromkeys(("pending", "published", "hidden", "withdrawn", "erased"), 0)
    shown |= replay.states().get("m", {})
    log.measures = [{"slug": "m", "comments": {"submitted": sum(shown.values())} | shown}]

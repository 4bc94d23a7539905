#!/usr/bin/env python3
"""Check a public consultation from outside, trusting nobody who runs it.

  verify_consultation.py https://consultation.example.org
  verify_consultation.py FOLDER                    a dump's folder, as downloaded
  verify_consultation.py SOURCE --key KEY          the log's public key that you noted earlier, or got from a witness
  verify_consultation.py SOURCE --checkpoint FILE  a checkpoint that you kept: the log must still begin with it
  verify_consultation.py SOURCE --receipt FILE     a receipt of yours: the log must hold what it promises
  verify_consultation.py SOURCE --save FILE        keep the checkpoint that was verified, for the next time

It reads every entry and checks: the checkpoint's signature; that the entries give its root; that each earlier
checkpoint is the beginning of this log; that each released tally equals the recount of its entries, in groups of at
least ten, nobody counted twice; that submitted = published + pending + hidden + withdrawn + erased, by entries and by
what the portal shows; that each hidden comment has its decision; that the published texts match their commitments; and
that receipts are kept. It prints what it checked, and ends with status 1 at the first thing that does not hold, with
status 2 where it could not read what it needs.

What no such check can prove: that one account is one human; that an erased person does not return under another name;
that participants were not invented; that nobody edited or changed a contribution in its author's name; that one rating
was not held back; that no submission was dropped before its receipt; votes on comments and reports of them, which are
not in the ledger; that everybody is shown the same log, unless witnesses compare (--witness); and n, the number of
people who rated, beyond those who are released.

Needs Python 3.9 and the package cryptography. Python's standard library has no Ed25519.
"""

import argparse
import base64
import gzip
import hashlib
import json
import os
import re
import sys
import time
import urllib.error
import urllib.request
from datetime import datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import urlencode

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
except ImportError:
    sys.exit("The package cryptography is needed: pip install cryptography")

GROUP = 10  # ratings that join the results together, at least
CHUNK = 4096  # leaves hashed at a time; a power of two
TAIL = len('4,"who":"0123456789abcdef0123456789abcdef"}')  # what differs between the ratings of a group
HEADS = 1 << 14  # beginnings of ratings that are remembered
tail_of = re.compile(rb'([1-5]),"who":"([0-9a-f]{32})"\}').fullmatch
WHO = re.compile(rb"[0-9a-f]{32}").fullmatch
EMPTY = hashlib.sha256(b"").digest()
sha256 = hashlib.sha256


class Fault(Exception):
    """Something does not hold."""


class Unreadable(Exception):
    """Something that is needed cannot be read."""


def need(holds, what):
    if not holds:
        raise Fault(what)


# Canonical JSON, hashes and the tree of RFC 9162

canonical_text = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


def canonical(value):
    """RFC 8785 bytes of what the ledger holds: strings, whole numbers, true, false, null, lists and objects."""
    return canonical_text(value).encode()


def no_fraction(text):
    raise ValueError(text)


scan = json.JSONDecoder(parse_float=no_fraction).scan_once
orders = set()  # of the members of leaves that were canonical


def parsed(text):
    """The value of one leaf's bytes, which must be canonical; the scanner itself, since a log has millions of them.

    Bytes without escapes, blanks and negative numbers are canonical where their members stand, once each, in an order
    that was canonical before; all others are written anew and compared.
    """
    try:
        string = text.decode()
        value, end = scan(string, 0)
        members = tuple(value)
        plain = end == len(string) and len(string.split(None, 1)) == 1 and "\\" not in string and ":-" not in string
        if not plain or members not in orders or string.count('":') != len(members):
            if canonical(value) != text:
                raise Fault(f"an entry is not in its canonical form: {text[:80]!r}")
            orders.add(members)
    except (ValueError, TypeError, StopIteration, RecursionError):
        raise Fault(f"an entry is no JSON: {text[:80]!r}") from None
    return value


def node(left, right):
    return sha256(b"\x01" + left + right).digest()


def tree_hash(hashes):
    """The root over a list of leaf hashes; a lone one at the end of a level waits for the level above."""
    if not hashes:
        return EMPTY
    while len(hashes) > 1:
        pairs = iter(hashes)
        raised = [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs)]
        hashes = raised + hashes[-1:] if len(hashes) % 2 else raised
    return hashes[0]


def included(leaf, index, size, hashes, root):
    """Whether a proof of inclusion leads from a leaf's hash to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    first, last, result = index, size - 1, leaf
    for hash_ in hashes:
        if last == 0:
            return False
        if first & 1 or first == last:
            result = node(hash_, result)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            result = node(result, hash_)
        first, last = first >> 1, last >> 1
    return last == 0 and result == root


def consistent(first, second, hashes, first_root, second_root):
    """Whether a proof shows that the tree of `first` leaves begins that of `second` (RFC 9162, 2.1.4.2)."""
    if first == second:
        return not hashes and first_root == second_root
    if first == 0:
        return not hashes and first_root == EMPTY
    if not 0 < first < second:
        return False
    hashes = list(hashes) if first & (first - 1) else [first_root, *hashes]
    if not hashes:
        return False
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = hashes[0]
    for hash_ in hashes[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node(hash_, fr), node(hash_, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, hash_)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == first_root and sr == second_root


# Signed notes (c2sp.org/signed-note, tlog-checkpoint, tlog-cosignature)


class Note:
    """A checkpoint with its signature lines, not yet verified."""

    def __init__(self, text, what="the checkpoint"):
        self.text = text
        body, blank, signatures = text.rpartition("\n\n")
        self.body = body + "\n"
        parts = self.body.split("\n")
        need(blank and len(parts) >= 4 and signatures.endswith("\n"), f"{what} is no signed checkpoint")
        need(parts[1].isascii() and parts[1].isdigit() and str(int(parts[1])) == parts[1], f"{what} has no size")
        self.origin, self.size, self.root = parts[0], int(parts[1]), unbase64(parts[2], what)
        need(len(self.root) == 32 and self.origin, f"{what} has no root")
        self.lines = [line.split(" ") for line in signatures[:-1].split("\n")]
        need(all(len(line) == 3 and line[0] == "—" for line in self.lines), f"{what} has a malformed signature line")

    def signatures(self, name, public_key, kind):
        wanted = sha256(name.encode() + b"\n" + bytes([kind]) + public_key).digest()[:4]
        found = [unbase64(line[2], "a signature") for line in self.lines if line[1] == name]
        return [one[4:] for one in found if one[:4] == wanted]

    def signed_by(self, public_key):
        found = self.signatures(self.origin, public_key, 1)[:1]
        return any(verifies(public_key, one, self.body.encode()) for one in found)

    def cosigned_by(self, name, public_key):
        """The Unix time at which a witness says that it cosigned this, or None."""
        for one in self.signatures(name, public_key, 4):
            seconds = int.from_bytes(one[:8], "big")
            text = f"cosignature/v1\ntime {seconds}\n{self.body}".encode()
            if verifies(public_key, one[8:], text):
                return seconds
        return None


def unbase64(text, what):
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise Fault(f"{what} is no Base64") from None


def verifies(public_key, signature, text):
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True


# What the log says, replayed entry by entry


class Replay:
    """Everything that follows from the entries read so far; an entry that contradicts them is a Fault."""

    def __init__(self):
        self.size = 0
        self.keys = []  # (measure, question, edition) by number
        self.numbers = {}
        self.values = {}  # who, as bytes -> number of its key * 8 + value; 0 for one that was taken back
        self.heads = {}  # bytes of a rating before its value -> number of its key
        self.counts = []  # by number of the key
        self.group = {}  # of the release that is being read: who -> whether it was known before
        self.group_key = None
        self.releases = {}  # (key, pool) -> seqs of its releases
        self.withheld = set()  # (key, pool)
        self.history = {}  # seq of a release -> (key, counts)
        self.comments = {}  # id -> [moderation, withdrawn, erased, measure, commitments, seq of the last entry]
        self.decisions = {}  # number -> comment
        self.editions = {}  # measure -> number of the last one
        self.open = {}  # programme -> whether
        self.rotations = []  # key_rotation leaves
        self.reopenings = []
        self.wanted_whos, self.found_whos = set(), {}  # of receipts: who, as bytes -> [(seq, value or None)]
        self.wanted_leaves, self.found_leaves = set(), {}  # hash of a leaf -> seq
        self.acts = {
            "edition": self.edition, "programme_opened": self.opened, "programme_closed": self.closed,
            "tally_withheld": self.tally_withheld, "comment": self.comment, "comment_edited": self.edited,
            "comment_moderated": self.moderated, "comment_redacted": self.redacted,
            "comment_withdrawn": self.left, "comment_erased": self.left, "appeal": self.appeal,
            "appeal_decided": self.appeal, "answer": self.answer, "key_rotation": self.rotations_add,
            "log_reopened": self.reopened,
        }  # fmt: skip

    def read(self, text):
        """What a leaf says, from its bytes."""
        leaf = parsed(text)
        try:
            if leaf["v"] != 1:
                raise Fault(f"entry {self.size} is of an unknown version")
            kind = leaf["kind"]
            if kind == "rating":
                self.rating(leaf)
                if tail_of(text, len(text) - TAIL):
                    self.heads[text[:-TAIL]] = self.group_key
                    if len(self.heads) > HEADS:
                        self.heads.clear()
            elif kind == "tally_released":
                self.tally_released(leaf)
            elif kind == "rating_withdrawn":
                self.rating(leaf)
            elif self.group:
                raise Fault(f"entry {self.size} stands between ratings and their tally")
            elif kind in self.acts:
                self.acts[kind](leaf)
            else:
                raise Fault(f"entry {self.size} is of an unknown kind: {kind}")
        except (KeyError, TypeError, AttributeError, ValueError, IndexError) as fault:
            raise Fault(f"entry {self.size} lacks what its kind must have: {fault!r}") from None

    def number_of(self, leaf):
        key = (leaf["measure"], leaf["question"], leaf["edition"])
        number = self.numbers.get(key)
        if number is None:
            number = self.numbers[key] = len(self.keys)
            self.keys.append(key)
            self.counts.append([0] * 5)
        return number

    def rating(self, leaf):
        """A rating, or its withdrawal, that was parsed."""
        value, who = leaf.get("value"), leaf["who"].encode()
        if leaf["kind"] == "rating" and (type(value) is not int or not 1 <= value <= 5):
            raise Fault(f"entry {self.size} has no value of 1 to 5")
        if not WHO(who):
            raise Fault(f"entry {self.size} names nobody in 32 hex digits: {who.decode()}")
        self.count(self.number_of(leaf), who, value or 0)

    def count(self, number, who, value):
        """Count a rating for a key; 0 takes it back. The path of most entries: nothing is put into words unless wrong."""
        group, before = self.group, self.values.get(who)
        if group and self.group_key != number:
            raise Fault(f"entry {self.size} stands between ratings and their tally")
        if who in group:
            raise Fault(f"entry {self.size} counts a rating twice: {who.decode()}")
        if before is not None:
            if before >> 3 != number:
                raise Fault(f"entry {self.size} uses {who.decode()} for another question or measure")
            if before & 7:
                self.counts[number][(before & 7) - 1] -= 1
        elif not value:
            raise Fault(f"entry {self.size} takes back a rating that never was: {who.decode()}")
        if value:
            self.counts[number][value - 1] += 1
        self.values[who] = number << 3 | value
        self.group_key = number
        group[who] = before is not None
        if who in self.wanted_whos:
            self.found_whos.setdefault(who, []).append((self.size, value or None))

    def tally_released(self, leaf):
        number, seq, pool = self.number_of(leaf), self.size, leaf["pool"]
        if self.group_key != number or not self.group:
            raise Fault(f"entry {seq} is a tally without ratings before it")
        if len(self.group) < GROUP:
            raise Fault(f"entry {seq} releases a group of {len(self.group)}, fewer than {GROUP}")
        if pool not in ("first", "change"):
            raise Fault(f"entry {seq} names no pool")
        known = self.group.values()
        if any(known) if pool == "first" else not all(known):
            raise Fault(f"entry {seq} mixes first ratings with changed ones, or counts a rating twice")
        if leaf["counts"] != self.counts[number]:
            raise Fault(
                f"entry {seq} says {leaf['counts']} for {self.keys[number]}; its entries give {self.counts[number]}"
            )
        self.releases.setdefault((self.keys[number], leaf["pool"]), []).append(seq)
        self.history[seq] = (self.keys[number], tuple(leaf["counts"]))
        self.group, self.group_key = {}, None

    def tally_withheld(self, leaf):
        need(0 < leaf["n"] < GROUP, f"entry {self.size} withholds {leaf['n']}, a whole group")
        self.withheld.add(((leaf["measure"], leaf["question"], leaf["edition"]), leaf["pool"]))

    def edition(self, leaf):
        last = self.editions.get(leaf["measure"], 0)
        need(leaf["edition"] == last + 1, f"entry {self.size} is edition {leaf['edition']}, after edition {last}")
        self.editions[leaf["measure"]] = leaf["edition"]

    def opened(self, leaf):
        need(not self.open.get(leaf["programme"]), f"entry {self.size} opens what is open: {leaf['programme']}")
        self.open[leaf["programme"]] = True

    def closed(self, leaf):
        need(self.open.get(leaf["programme"]), f"entry {self.size} closes what is not open: {leaf['programme']}")
        self.open[leaf["programme"]] = False

    def known(self, name, leaf):
        need(name in self.comments, f"entry {self.size} is about a comment that no entry submitted: {name}")
        comment = self.comments[name]
        need(not comment[2], f"entry {self.size} changes an erased comment: {name}")
        comment[5] = self.size
        return comment

    def comment(self, leaf):
        name, parent = leaf["id"], leaf["parent"]
        if name in self.comments:
            raise Fault(f"entry {self.size} submits a comment a second time: {name}")
        if parent is not None and parent not in self.comments:
            raise Fault(f"entry {self.size} replies to no comment")
        if leaf["moderation"] not in ("pending", "published"):
            raise Fault(f"entry {self.size} has no state to begin with")
        self.comments[name] = [
            leaf["moderation"], False, False, leaf["measure"], (leaf["commitment"],), self.size,
        ]  # fmt: skip

    def edited(self, leaf):
        comment = self.known(leaf["id"], leaf)
        need(not comment[1], f"entry {self.size} edits a withdrawn comment: {leaf['id']}")
        comment[4] += (leaf["commitment"],)

    def moderated(self, leaf):
        comment = self.known(leaf["id"], leaf)
        need(leaf["to"] in ("pending", "published", "hidden"), f"entry {self.size} leads to no state")
        self.decide(leaf)
        need(leaf["version"] in comment[4], f"entry {self.size} judges a text that no entry submitted")
        comment[0] = leaf["to"]

    def redacted(self, leaf):
        comment = self.known(leaf["id"], leaf)
        self.decide(leaf)
        comment[4] += (leaf["commitment"],)
        comment[0] = "published"

    def decide(self, leaf):
        need(type(leaf["decision"]) is int, f"entry {self.size} names no decision")
        need(leaf["decision"] not in self.decisions, f"entry {self.size} repeats the decision {leaf['decision']}")
        self.decisions[leaf["decision"]] = leaf["id"]

    def left(self, leaf):
        comment = self.known(leaf["id"], leaf)
        need(leaf["kind"] == "comment_erased" or not comment[1], f"entry {self.size} withdraws a second time")
        comment[1 if leaf["kind"] == "comment_withdrawn" else 2] = True

    def appeal(self, leaf):
        need(
            self.decisions.get(leaf["decision"]) == leaf["comment"],
            f"entry {self.size} is about a decision that no entry holds: {leaf['decision']}",
        )

    def answer(self, leaf):
        for name in leaf["comments"] or []:
            need(name in self.comments, f"entry {self.size} answers a comment that no entry submitted: {name}")

    def rotations_add(self, leaf):
        self.rotations.append(leaf)

    def reopened(self, leaf):
        need(leaf["kept"] == self.size - 1, f"entry {self.size} reopens the log elsewhere than where it ended")
        note = Note(leaf["checkpoint"], f"the checkpoint in entry {self.size}")
        need(note.origin == leaf["previous"], f"entry {self.size} reopens another log than its checkpoint is of")
        need(leaf["lost"] is None or leaf["lost"][1] == note.size, f"entry {self.size} names another loss")
        self.reopenings.append((self.size, leaf))

    def end(self):
        need(not self.group, "the log ends within a group of ratings")

    @staticmethod
    def state(comment):
        return "erased" if comment[2] else "withdrawn" if comment[1] else comment[0]

    def states(self):
        """How many comments of each measure are in each state."""
        found = {}
        for comment in self.comments.values():
            states = found.setdefault(comment[3], {})
            state = self.state(comment)
            states[state] = states.get(state, 0) + 1
        return found


class Log:
    """Leaves in order: their tree and what they say."""

    def __init__(self, sizes):
        self.replay = Replay()
        self.roots = {0: EMPTY} if 0 in sizes else {}
        self.wanted_sizes = frozenset(sizes)
        self.watches = bool(sizes)  # whether some leaf or size is waited for
        self.edge = []  # (height over chunks, hash) of complete subtrees
        self.chunk = []

    def extend(self, leaves):
        """Take the next leaves, as their bytes: the loop in which a run spends its time."""
        replay, heads, chunk = self.replay, self.replay.heads, self.chunk
        for leaf in leaves:
            hash_ = sha256(b"\x00" + leaf).digest()
            chunk.append(hash_)
            replay.size += 1
            number = heads.get(leaf[:-TAIL])
            tail = None if number is None else tail_of(leaf, len(leaf) - TAIL)
            if tail:  # as a rating before it but for value and who: what these bytes say is known
                value, who = tail.groups()
                replay.count(number, who, int(value))
            else:
                replay.read(leaf)
            if self.watches:
                self.watch(hash_)
            if len(chunk) == CHUNK:
                self.raise_chunk()

    def watch(self, hash_):
        replay = self.replay
        if hash_ in replay.wanted_leaves:
            replay.found_leaves.setdefault(hash_, replay.size)
        if replay.size in self.wanted_sizes:
            self.roots[replay.size] = self.root()

    def raise_chunk(self):
        height, hash_ = 0, tree_hash(self.chunk)
        while self.edge and self.edge[-1][0] == height:
            height, hash_ = height + 1, node(self.edge.pop()[1], hash_)
        self.edge.append((height, hash_))
        self.chunk.clear()

    def root(self):
        """The root over everything that was added."""
        parts = [hash_ for _height, hash_ in self.edge] + ([tree_hash(self.chunk)] if self.chunk else [])
        if not parts:
            return EMPTY
        result = parts.pop()
        while parts:
            result = node(parts.pop(), result)
        return result


# Where it all is read from


class Site:
    """A portal, by its API."""

    live = True
    pause = 2  # seconds

    def __init__(self, address):
        self.api = address.rstrip("/").split("/api/")[0] + "/api/v1/"

    def text(self, path, **query):
        url = path if path.startswith("http") else self.api + path + ("?" + urlencode(query) if query else "")
        for _try in range(6):
            try:
                request = urllib.request.Request(url, headers={"User-Agent": "verify_consultation"})  # noqa: S310
                with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                    return answer.read().decode()
            except urllib.error.HTTPError as fault:
                if fault.code not in (429, 503):
                    raise Unreadable(f"{url} answers {fault.code}") from None
                time.sleep(min(60, int(fault.headers.get("Retry-After") or 5)))
            except OSError as fault:
                raise Unreadable(f"{url} cannot be read: {fault}") from None
        raise Unreadable(f"{url} does not answer")

    def send(self, note):
        """Hand in a cosigned checkpoint."""
        body = json.dumps({"checkpoint": note}).encode()
        headers = {"User-Agent": "verify_consultation", "Content-Type": "application/json"}
        try:
            request = urllib.request.Request(self.api + "ledger/witnesses", body, headers)  # noqa: S310
            urllib.request.urlopen(request, timeout=60).close()  # noqa: S310
        except OSError as fault:
            raise Unreadable(f"the portal does not take the signature ({fault}): has it entered your key?") from None

    def checkpoint(self):
        return self.text("ledger/checkpoint")

    def key(self):
        return json.loads(self.text("ledger/key"))["public_key"]

    def keys(self):
        return json.loads(self.text("ledger/keys"))["results"]

    def leaves(self, start, end):
        while start < end:
            entries = json.loads(self.text("ledger/entries", start=start, end=end))["entries"]
            if not entries:
                return
            for entry in entries:
                need(entry["index"] == start, f"entry {start + 1} is missing")
                yield canonical(entry["leaf"])
                start += 1

    def rows(self, name):
        page = json.loads(self.text(f"{name}/", page_size=500))
        while True:
            yield from page["results"]
            if not page["next"]:
                return
            page = json.loads(self.text(page["next"]))


class Dump:
    """The folder of a dump."""

    live = False

    def __init__(self, folder):
        self.folder = Path(folder)
        try:
            self.package = json.loads((self.folder / "datapackage.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as fault:
            raise Unreadable(f"{folder} is no dump: {fault}") from None
        if not self.package.get("checkpoint"):
            raise Unreadable("the dump holds no checkpoint: it was made before the first one")

    def send(self, note):
        print(note)  # there is nobody to send it to

    def checkpoint(self):
        return self.package["checkpoint"]

    def key(self):
        return [key for key in self.keys() if key["role"] == "log"][-1]["public_key"]

    def keys(self):
        return self.package["ledger_keys"]

    def lines(self, name):
        try:
            with gzip.open(self.folder / f"{name}.jsonl.gz") as lines:
                yield from lines
        except (OSError, EOFError) as fault:
            raise Unreadable(f"{name}.jsonl.gz cannot be read: {fault}") from None

    def leaves(self, start, end):
        for place, line in enumerate(self.lines("ledger")):
            if place >= end:
                raise Unreadable(f"the dump has entries beyond the {end} that its checkpoint signs: take another one")
            if place >= start:
                yield line[line.index(b'"leaf":') + 7 : -2]

    def rows(self, name):
        return (json.loads(line) for line in self.lines(name))


# The checks themselves


class Check:
    """One run: what to check against, and a line for each thing that was found to hold."""

    def __init__(self, source, key=None, earlier=(), receipts=(), witnesses=(), say=print):
        self.source, self.say = source, say
        self.key = unbase64(key or source.key(), "the key")
        self.pinned = bool(key)
        self.earlier = [Note(text, f"the kept checkpoint {name}") for name, text in earlier]
        self.receipts, self.witnesses = list(receipts), list(witnesses)

    def run(self):
        note = Note(self.source.checkpoint())
        self.log = Log({one.size for one in self.earlier})
        for _name, receipt in self.receipts:
            self.want(receipt)
        self.extend(note)
        shown = self.read_shown()
        if self.source.live:
            time.sleep(self.source.pause)  # what was shown is in the log a second later
            later = Note(self.source.checkpoint())
            need(later.size >= note.size, f"the log shrank from {note.size} to {later.size} while it was read")
            self.extend(later)
            newest = later
        else:
            newest = note
        self.say(f"The {newest.size:,} entries give the root of the checkpoint.")
        self.check_keys(newest)
        self.check_earlier(newest)
        self.check_tallies(shown["tallies"])
        self.check_comments(shown["comments"], note.size)
        self.check_sums(shown["measures"], note.size)
        self.check_witnesses(newest)
        for name, receipt in self.receipts:
            self.check_receipt(name, receipt, newest)
        return newest

    def extend(self, note):
        """Read the log up to a checkpoint, and check that it gives the signed root."""
        replay = self.log.replay
        self.log.watches = bool(self.log.wanted_sizes or replay.wanted_leaves)
        self.log.extend(self.source.leaves(replay.size, note.size))
        need(replay.size == note.size, f"the log has {replay.size} entries, its checkpoint says {note.size}")
        need(self.log.root() == note.root, f"the {note.size} entries do not give the root that was signed")
        replay.end()

    def read_shown(self):
        return {name: list(self.source.rows(name)) for name in ("tallies", "comments", "measures")}

    def check_keys(self, note):
        """The key that signs, or one that it handed over to within the log."""
        trusted = {self.key}
        for leaf in self.log.replay.rotations:
            if leaf["role"] != "log":
                continue
            previous, key = unbase64(leaf["previous"] or "", "a key"), unbase64(leaf["key"], "a key")
            statement = {"kind": "key_rotation", "key": leaf["key"], "previous": leaf["previous"]}
            if leaf["signature"] is None:
                self.say("  One key was lost and replaced: compare the new one with what the operator says elsewhere.")
                continue
            signature = unbase64(leaf["signature"], "a signature")
            need(verifies(previous, signature, canonical(statement)), "a key was replaced without the old key's word")
            if previous in trusted:
                trusted.add(key)
        need(
            any(note.signed_by(key) for key in trusted),
            "the checkpoint is not signed by the " + ("key that you gave" if self.pinned else "log's key"),
        )
        named = {leaf["key"] for leaf in self.log.replay.rotations if leaf["role"] == "receipts"}
        self.receipt_keys = {unbase64(key, "a key") for key in named}
        whose = "the key that you gave" if self.pinned else "the key that the site names"
        self.say(f"The checkpoint of {note.origin} is signed by {whose}.")

    def check_earlier(self, note):
        for earlier in self.earlier:
            names = {note.origin} | {leaf["previous"] for _seq, leaf in self.log.replay.reopenings}
            need(earlier.origin in names, f"the kept checkpoint is of another log: {earlier.origin}")
            need(earlier.signed_by(self.key) or not self.pinned, "the kept checkpoint is not signed by that key")
            if earlier.origin != note.origin and earlier.size > self.kept(earlier.origin):
                self.say(f"  {earlier.origin} was reopened: its entries after {self.kept(earlier.origin)} are lost.")
                continue
            need(earlier.size <= note.size, f"the log is shorter than the kept checkpoint of {earlier.size} entries")
            need(
                self.log.roots.get(earlier.size) == earlier.root,
                f"the first {earlier.size} entries are not those of the kept checkpoint",
            )
            self.say(f"The log still begins with the kept checkpoint of {earlier.size:,} entries.")

    def kept(self, origin):
        """How many entries of a log survived its reopening, by the log's own word."""
        found = [leaf for _seq, leaf in self.log.replay.reopenings if leaf["previous"] == origin]
        return min(leaf["lost"][0] - 1 if leaf["lost"] else leaf["kept"] for leaf in found)

    def check_tallies(self, tallies):
        replay, checked = self.log.replay, 0
        for tally in tallies:
            key = (tally["measure"], tally["question"], tally["edition"])
            if tally["seq"] is None:
                need(tally["counts"] is None, f"{key} shows counts that no entry released")
                continue
            found = replay.history.get(tally["seq"])
            need(found is not None, f"{key} shows counts of entry {tally['seq']}, which releases none")
            need(found == (key, tuple(tally["counts"])), f"{key} shows {tally['counts']}, its entries give {found[1]}")
            need(tally["n"] >= sum(tally["counts"]), f"{key} shows fewer people than released ratings")
            checked += 1
        shown = {(tally["measure"], tally["question"], tally["edition"]) for tally in tallies if tally["seq"]}
        lost = {key for key, _pool in replay.releases} - shown
        need(not lost or self.source.live, f"{min(lost, default='')} was released and is not shown")
        self.say(f"{len(replay.history):,} releases equal the recount of their ratings; {checked} tallies show them.")

    def check_comments(self, comments, size):
        """What readers see of each comment, against its entries; those that changed meanwhile are left out."""
        replay, texts, hidden, taken, seen = self.log.replay, 0, 0, 0, set()
        cleared = not self.source.live and bool(self.source.package.get("cleared"))
        waiting = set(() if self.source.live else self.source.package.get("waiting", ()))
        for row in comments:
            name = row["id"]
            comment = replay.comments.get(name)
            if name in waiting or (comment is None and self.is_new(row)):
                continue
            need(comment is not None, f"the comment {name} is shown, and no entry submitted it")
            need(name not in seen, f"the comment {name} is shown twice")
            seen.add(name)
            if comment[5] > size:
                continue
            state = replay.state(comment)
            if cleared and (row["state"] != state or row["commitment"] not in comment[4]):
                taken += 1  # out of the dump, by an entry that is later than it
                continue
            if row["state"] == "hidden":
                need(state == "hidden", f"the comment {name} is hidden, and no decision says so")
                hidden += 1
            need(row["state"] == state, f"the comment {name} is shown as {row['state']}, its entries say {state}")
            need(row["measure"] == comment[3], f"the comment {name} is shown under another measure")
            if row["commitment"] is not None:
                need(row["commitment"] in comment[4], f"the comment {name} shows a commitment of no entry of its")
            if row["state"] == "published":
                need(
                    commitment_of(row) == row["commitment"], f"the text of the comment {name} is not what was committed"
                )
                texts += 1
        lost = {
            name
            for name, comment in replay.comments.items()
            if comment[5] <= size and comment[0:3] != ["pending", False, False] and name not in seen | waiting
        }
        need(not lost, f"the comment {min(lost, default='')} has entries and is not shown")
        self.say(f"{len(seen):,} comments are shown as their entries say; {texts:,} texts match their commitments.")
        self.say(f"{hidden:,} hidden comments have their decisions.")
        if taken:
            self.say(
                f"  {taken} comments were taken out of this dump later: check them at the portal, or by a newer dump."
            )

    def is_new(self, row):
        if not self.source.live:
            return False
        at = datetime.strptime(row["created"][:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc)
        return datetime.now(timezone.utc) - at < timedelta(minutes=2)

    def check_sums(self, measures, size):
        """submitted = published + pending + hidden + withdrawn + erased, as shown and by the entries."""
        replay, total = self.log.replay, 0
        by_entries = replay.states()
        moved = {comment[3] for comment in replay.comments.values() if comment[5] > size}
        for row in measures:
            shown = dict(row["comments"])
            submitted = shown.pop("submitted")
            need(submitted == sum(shown.values()), f"{row['slug']}: {submitted} submitted are not the sum of {shown}")
            counted = by_entries.get(row["slug"], {})
            if row["slug"] not in moved:
                for state, number in shown.items():
                    need(
                        number == counted.get(state, 0) or self.has_waiting(row["slug"]),
                        f"{row['slug']}: {number} comments {state} are shown, the entries give {counted.get(state, 0)}",
                    )
            total += submitted
        self.say(
            f"{total:,} comments submitted = published + pending + hidden + withdrawn + erased, measure by measure."
        )

    def has_waiting(self, measure):
        return not self.source.live and measure in self.source.package.get("waiting_measures", ())

    def check_witnesses(self, note):
        for name, key in self.witnesses:
            at = note.cosigned_by(name, unbase64(key, "a witness's key"))
            need(at is not None, f"the checkpoint is not cosigned by {name}")
            self.say(f"{name} cosigned the checkpoint.")

    # Receipts

    def want(self, receipt):
        if receipt["kind"] == "rating":
            self.log.replay.wanted_whos.add(receipt["leaf"]["who"].encode())
        else:
            self.log.replay.wanted_leaves.add(sha256(b"\x00" + canonical(receipt["leaf"])).digest())

    def check_receipt(self, name, receipt, note):
        what = f"the receipt {name}"
        key = unbase64(receipt["key"], what)
        signed = {part: value for part, value in receipt.items() if part not in ("signature", "opening")}
        need(
            verifies(key, unbase64(receipt["signature"], what), b"receipt/v1\n" + canonical(signed)),
            f"{what} is not signed by its key",
        )
        need(key in self.receipt_keys, f"{what} is signed by a key that the log does not name")
        names = {note.origin} | {leaf["previous"] for _seq, leaf in self.log.replay.reopenings}
        need(receipt["log"] in names, f"{what} is of another log: {receipt['log']}")
        if "opening" in receipt:
            need(opened(receipt["opening"]) == receipt["leaf"]["commitment"], f"{what} does not open its commitment")
        (self.check_rating if receipt["kind"] == "rating" else self.check_written)(what, receipt)

    def check_written(self, what, receipt):
        seq = self.log.replay.found_leaves.get(sha256(b"\x00" + canonical(receipt["leaf"])).digest())
        if seq is None:
            issued = datetime.strptime(receipt["issued"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
            late = datetime.now(timezone.utc) - issued > timedelta(hours=receipt["promise"]["within_hours"])
            need(not late, f"{what} promised an entry within {receipt['promise']['within_hours']} hours; there is none")
            self.say(f"  {what[4:]}: not yet in the log, and has until a day after {receipt['issued']}.")
        else:
            self.say(f"  {what[4:]}: entry {seq:,} of {self.log.replay.size:,}.")

    def check_rating(self, what, receipt):
        leaf, promise, replay = receipt["leaf"], receipt["promise"], self.log.replay
        found = replay.found_whos.get(leaf["who"].encode(), [])
        same = [seq for seq, value in found if value == leaf["value"]]
        key = (leaf["measure"], leaf["question"], leaf["edition"])
        if same:
            current = found[-1][1] == leaf["value"]
            self.say(
                f"  {what[4:]}: entry {same[-1]:,} of {replay.size:,}, "
                + ("and is counted." if current else "and was changed since.")
            )
            return
        later = [seq for seq, _value in found if seq > promise["after_seq"]]
        if later:
            self.say(f"  {what[4:]}: its author changed it before it was released; entry {later[-1]:,} counts.")
            return
        passed = [seq for seq in replay.releases.get((key, promise["pool"]), []) if seq > promise["after_seq"]]
        if (key, promise["pool"]) in replay.withheld:
            self.say(f"  {what[4:]}: withheld, since its group stayed below ten, or changed by its author.")
            return
        need(
            len(passed) < promise["groups"],
            f"{what}: {len(passed)} groups of its pool were released since, and it was in none; "
            "unless you changed it or took it back, it was held back",
        )
        self.say(f"  {what[4:]}: waits for the next group of its pool.")


def commitment_of(row):
    author = row["author"]["pseudonym"] if row["author"] else ""
    return opened({"salt": row["salt"], "text": row["text"], "author": author,
                   "language": row["language"], "stance": row["stance"] or ""})  # fmt: skip


def opened(opening):
    """The commitment that salt and text give."""
    names = ("salt", "text", "author", "language", "stance")
    return sha256(canonical({"kind": "comment", **{name: opening[name] for name in names}})).hexdigest()


# Witnesses


def witness_key(path):
    """The private key in a file, made where there is none."""
    path = Path(path)
    if not path.exists():
        encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
        pem = Ed25519PrivateKey.generate().private_bytes(encoding, form, serialization.NoEncryption())
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
    try:
        return serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError) as fault:
        raise Unreadable(f"{path} holds no key: {fault}") from None


def cosigned(note, name, key, seconds):
    """The note with a witness's line (c2sp.org/tlog-cosignature)."""
    public = key.public_key().public_bytes_raw()
    identity = sha256(name.encode() + b"\n\x04" + public).digest()[:4]
    signature = key.sign(f"cosignature/v1\ntime {seconds}\n{note.body}".encode())
    line = base64.b64encode(identity + seconds.to_bytes(8, "big") + signature).decode()
    return f"{note.text}— {name} {line}\n"


def read_file(path):
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError as fault:
        raise Unreadable(f"{path} cannot be read: {fault.strerror}") from None


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", help="the address of a portal, or the folder of a dump")
    parser.add_argument("--key", help="the log's public key, Base64")
    parser.add_argument("--checkpoint", action="append", default=[], metavar="FILE", help="a checkpoint kept earlier")
    parser.add_argument("--receipt", action="append", default=[], metavar="FILE", help="a receipt, JSON")
    parser.add_argument("--witness", nargs=2, action="append", default=[], metavar=("NAME", "KEY"),
                        help="a witness whose cosignature the checkpoint must carry")  # fmt: skip
    parser.add_argument(
        "--cosign",
        nargs=2,
        metavar=("NAME", "KEYFILE"),
        help="as a witness, sign the checkpoint that was verified and send the signature to the portal; makes the key",
    )
    parser.add_argument("--save", metavar="FILE", help="write the verified checkpoint to this file")
    options = parser.parse_args(arguments)
    try:
        source = (Site if options.source.startswith(("http://", "https://")) else Dump)(options.source)
        earlier = [(path, read_file(path)) for path in options.checkpoint]
        receipts = [(path, json.loads(read_file(path))) for path in options.receipt]
        newest = Check(source, options.key, earlier, receipts, options.witness).run()
        if options.save:
            Path(options.save).write_text(newest.text, encoding="utf-8")
        if options.cosign:
            name, key = options.cosign[0], witness_key(options.cosign[1])
            print(f"The public key of {name}: {base64.b64encode(key.public_key().public_bytes_raw()).decode()}")
            source.send(cosigned(newest, name, key, int(time.time())))
            print(f"{name} cosigned the checkpoint of {newest.size:,} entries.")
    except Fault as fault:
        print(f"DOES NOT HOLD: {fault}")
        return 1
    except (Unreadable, KeyError, TypeError, ValueError) as fault:
        print(f"cannot be checked: {fault}")
        return 2
    print("Everything that was checked holds. What no check can prove: see --help.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

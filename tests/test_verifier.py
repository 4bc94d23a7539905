"""The stand-alone verifier: honest logs hold, doctored ones do not, and it says of itself what it cannot prove."""

import base64
import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.actions.comments import edit_comment, withdraw_comment
from feedback.actions.departure import delete_account
from feedback.actions.rating import withdraw_rating
from feedback.dumps.making import make_dump
from feedback.ledger import tree
from feedback.ledger.canonical import canonical
from feedback.ledger.checkpoints import publish
from feedback.ledger.sequencer import sequence
from feedback.models import Checkpoint, Comment, LedgerEntry, Tally
from script import verify_consultation as verifier
from tests.builders import hide, make_comment, make_participant, rate_as, rate_by_many
from tests.mutations import MUTATIONS, fork, shorten
from tests.programme_builders import make_measure
from tests.test_ledger import let_everything_happen
from tests.verifying import ORIGIN, Copy, Portal, fault_of, history

SCRIPT = Path(verifier.__file__)
SIZES = (0, 1, 2, 3, 150)
ENTRIES = int(os.environ.get("LEDGER_ENTRIES", "10000"))  # script/torture has 100,000, and doctors them 1,000 times
PARTS, DOCTORED = (50, 20) if ENTRIES >= 100_000 else (1, 2)  # so that one sees how far it has come


def earlier(log: Copy, size: int) -> list[tuple[str, str]]:
    """The checkpoint of an honest log's first entries, as somebody kept it."""
    return [("kept", Copy(log.leaves[:size], private=log.private).sign().note)]


@pytest.mark.parametrize("size", [*range(60), 150, 4095, 4096, 4097, 9000])
def test_honest_logs_hold(size):
    log = history(size)
    assert len(log.leaves) == size
    assert fault_of(log, earlier=earlier(log, size // 2) + earlier(log, size), key=log.key()) is None


def test_a_thousand_of_a_thousand_doctored_logs_are_refused():
    chance, refused = Random(9162), 0
    honest = {size: history(size) for size in SIZES}
    kept = {size: earlier(log, size) for size, log in honest.items()}
    while refused < 1000:
        size = chance.choice((*SIZES, SIZES[-1]))
        mutation = chance.choice(MUTATIONS)
        doctored = mutation(honest[size].doctored(), chance)
        if doctored is None:
            continue
        log = honest[size]
        keep = kept[size] if mutation in {fork, shorten} else ()
        fault = fault_of(doctored, key=log.key(), earlier=keep)
        assert fault is not None, (size, mutation.__name__)
        refused += 1


@pytest.fixture(scope="module")
def large():
    """An honest log of many entries, and its checkpoint as somebody kept it."""
    honest = history(ENTRIES)
    return honest, earlier(honest, ENTRIES)


@pytest.mark.parametrize("part", range(PARTS))
def test_a_large_log_holds_and_doctored_ones_do_not(large, part):
    (honest, kept), chance, refused = large, Random(part), 0
    assert fault_of(honest, key=honest.key(), earlier=kept) is None
    while refused < DOCTORED:
        mutation = MUTATIONS[(part * DOCTORED + refused) % len(MUTATIONS)]
        doctored = mutation(honest.doctored(), chance)
        keep = kept if mutation in {fork, shorten} else ()
        assert fault_of(doctored, key=honest.key(), earlier=keep) is not None, mutation.__name__
        refused += 1


NOT_CANONICAL = {
    "twice": b'{"edition":1,"edition":1,"hour":"h","kind":"rating","measure":"m","v":1,"value":4,"who":"%s"}',
    "disorder": b'{"hour":"h","edition":1,"kind":"rating","measure":"m","v":1,"value":4,"who":"%s"}',
    "blank": b'{"edition":1,"hour": "h","kind":"rating","measure":"m","v":1,"value":4,"who":"%s"}',
    "escape": b'{"edition":1,"hour":"\\u0068","kind":"rating","measure":"m","v":1,"value":4,"who":"%s"}',
    "zero": b'{"edition":-0,"hour":"h","kind":"rating","measure":"m","v":1,"value":4,"who":"%s"}',
    "fraction": b'{"edition":1.0,"hour":"h","kind":"rating","measure":"m","v":1,"value":4,"who":"%s"}',
    "more": b'{"edition":1,"hour":"h","kind":"rating","measure":"m","v":1,"value":4,"who":"%s"}}',
    "end": b'{"edition":1,"hour":"h","kind":"rating","measure":"m","v":1,"value":4,"who":"%s"',
    "list": b"[]",
    "letters": b"\xff",
}


@pytest.mark.parametrize("how", NOT_CANONICAL)
def test_an_entry_that_two_readers_could_read_differently_is_refused(how):
    whole = b'{"edition":1,"hour":"h","kind":"rating","measure":"m","v":1,"value":4,"who":"%032x"}' % 1
    assert verifier.parsed(whole)["value"] == 4  # so that the order of its members is known
    log = verifier.Log(())
    with pytest.raises(verifier.Fault, match="entry"):
        log.extend([NOT_CANONICAL[how].replace(b"%s", b"%032x" % 2)])


@pytest.mark.parametrize("end", [b'6,"who":"%032x"}', b'0,"who":"%032x"}', b'4,"who":"%031X"}', b'4,"hwo":"%032x"}'])
def test_a_rating_is_taken_unparsed_only_in_the_form_of_those_before_it(end):
    start = b'{"edition":1,"hour":"h","kind":"rating","measure":"m","programme":"p","question":"q","v":1,"value":'
    log = verifier.Log(())
    log.extend([start + b'4,"who":"%032x"}' % number for number in range(1, 4)])
    assert log.replay.counts == [[0, 0, 0, 3, 0]]
    with pytest.raises(verifier.Fault):
        log.extend([start + end % (0xABCDEF << 96)])


@pytest.mark.django_db
@given(sizes=st.tuples(st.integers(0, 70), st.integers(0, 70), st.integers(0, 70)))
def test_its_proofs_are_those_of_the_tree(sizes):
    index, first, size = sorted(sizes)
    hashes = [tree.sha256(bytes([0, place])).digest() for place in range(size)]
    growing = tree.Growing()
    roots = [tree.EMPTY]
    for hash_ in hashes:
        list(growing.add(hash_))
        roots.append(growing.root())
    assert verifier.tree_hash(hashes) == roots[size]

    def part(bounds):
        return verifier.tree_hash(hashes[bounds[0] : bounds[1]])

    proof = [part(bounds) for bounds in tree.consistency_ranges(first, size)]
    assert verifier.consistent(first, size, proof, roots[first], roots[size])
    if 0 < first < size:
        assert not verifier.consistent(first, size, proof, roots[first - 1], roots[size])
        assert not verifier.consistent(first, size, [*proof, proof[0]], roots[first], roots[size])
    if index < size:
        proof = [part(bounds) for bounds in tree.inclusion_ranges(index, size)]
        assert verifier.included(hashes[index], index, size, proof, roots[size])
        assert not verifier.included(hashes[index - 1], index, size, proof, roots[size]) or size == 1
        assert not verifier.included(hashes[index], index, size, [*proof, roots[size]], roots[size])


def everything():
    """A portal in which something of every kind has happened."""
    let_everything_happen()
    sequence()
    publish()


@pytest.mark.django_db
def test_a_portal_in_which_everything_happened_holds():
    everything()
    said = []
    verifier.Check(Portal(), say=said.append).run()
    assert len(said) >= 6
    assert f"The {LedgerEntry.objects.count():,} entries give the root of the checkpoint." in said


@pytest.mark.django_db
def test_what_happens_while_it_reads_is_no_fault():
    everything()
    measure = make_measure()
    comment = make_comment(measure)
    sequence()
    publish()

    def meanwhile():
        hide(comment)
        rate_by_many(measure, [2] * 10)
        make_comment(measure)
        sequence()
        publish()

    assert fault_of(Portal(meanwhile)) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("doctor", "said"),
    [
        (lambda: Tally.objects.filter(seq__isnull=False).update(count_5=99), "shows [0, 0, 0, 0, 99]"),
        (lambda: Comment.objects.filter(moderation="published").update(moderation="pending"), "are shown, the entries"),
        (lambda: Checkpoint.objects.update(note=Copy([]).sign().note), "is not signed by"),
    ],
    ids=["tally", "comment", "signature"],
)
def test_a_portal_that_shows_something_else_than_its_ledger_is_refused(doctor, said):
    measure = make_measure()
    rate_by_many(measure, [4] * 10)
    make_comment(measure)
    sequence()
    publish()
    assert fault_of(Portal()) is None
    doctor()
    assert fault_of(Portal()) is not None


@pytest.mark.django_db
def test_a_checkpoint_kept_earlier_begins_the_log_of_today():
    everything()
    kept = Checkpoint.objects.order_by("pk").last().note
    make_comment(make_measure())
    sequence()
    publish()
    assert fault_of(Portal(), earlier=[("kept", kept)]) is None
    other = Copy([{"kind": "edition"}]).sign().note.replace(ORIGIN, Checkpoint.objects.last().log)
    assert "not those of the kept checkpoint" in fault_of(Portal(), earlier=[("kept", other)])


@pytest.mark.django_db
def test_a_dump_is_checked_as_it_lies_there(tmp_path):
    everything()
    folder = tmp_path / "dumps" / make_dump().name
    done = run(folder, "--save", folder / "kept")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (
        0,
        "Everything that was checked holds. What no check can prove: see --help.",
    )
    assert (folder / "kept").read_text() == Checkpoint.objects.last().note
    wrong = base64.b64encode(bytes(32)).decode()
    assert run(folder, "--key", wrong).stdout.splitlines()[-1].startswith("DOES NOT HOLD: the checkpoint is not")
    assert run(folder, "--key", wrong).returncode == 1
    assert run(folder / "nowhere").returncode == 2


def run(*arguments) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-I", SCRIPT, *map(str, arguments)], capture_output=True, text=True)


def test_its_help_says_what_it_cannot_prove():
    said = " ".join(run("--help").stdout.split())
    for limit in (
        "one account is one human",
        "an erased person does not return",
        "participants were not invented",
        "in its author's name",
        "one rating was not held back",
        "dropped before its receipt",
        "votes on comments and reports",
        "unless witnesses compare",
        "and n, the number",
    ):
        assert limit in said


@pytest.mark.django_db
@settings(max_examples=8)
@given(
    steps=st.lists(
        st.sampled_from(["rate", "change", "comment", "edit", "hide", "leave", "erase", "pass"]), max_size=25
    )
)
def test_a_portal_with_any_history_holds_whatever_checkpoint_was_kept(steps):
    measure = make_measure()
    raters, comments, kept = [], [], []
    for place, step in enumerate(steps):
        if step == "rate":
            raters += rate_by_many(measure, [place % 5 + 1] * 10)
        elif step == "change" and raters:
            for rater in raters[-10:-1]:
                rate_as(rater, measure, (place + 2) % 5 + 1)
            withdraw_rating(raters[-1], measure=measure.slug, question="support", edition=1)
        elif step == "comment":
            comments.append(make_comment(measure, text=f"Comment {place}."))
        elif step == "edit" and comments and comments[-1].state == "published":
            edit_comment(comments[-1], by=comments[-1].author, text=f"Edited {place}.", language="en")
        elif step == "hide" and comments and comments[-1].state == "published":
            hide(comments[-1])
        elif step == "leave" and comments:
            comment = comments.pop()
            withdraw_comment(comment, by=comment.author)
        elif step == "erase":
            author = make_participant()
            make_comment(measure, by=author)
            delete_account(author.user, erase_comments=True)
        elif step == "pass":
            sequence()
            if checkpoint := publish():
                kept.append((str(checkpoint.size), checkpoint.note))
    sequence()
    publish()
    assert fault_of(Portal(), earlier=kept) is None


def test_canonical_bytes_are_those_of_rfc_8785():
    for value in ({"b": [1, None, True], "a": 'Ә\u2028\n"\\\x01\x7f😀'}, {"é": {}, "a": -5}):
        assert verifier.canonical(value) == canonical(value).encode()

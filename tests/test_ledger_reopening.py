"""After a loss: a log that goes on under another name and says so; and keys that hand over."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from feedback.ledger import vault
from feedback.ledger.checkpoints import publish
from feedback.ledger.receipts import comment_receipt, rating_receipt
from feedback.ledger.recount import recount
from feedback.ledger.sequencer import sequence
from feedback.models import (
    Checkpoint,
    Comment,
    CommentCount,
    LedgerEntry,
    Log,
    OutboxEntry,
    SigningKey,
    Tally,
    TreeNode,
)
from tests.builders import make_comment, make_participant, rate_as, rate_by_many
from tests.programme_builders import make_measure
from tests.test_ledger_checkpoints import busy_ledger, doctor
from tests.test_receipts import said_of
from tests.verifying import Portal, fault_of


def lose(entries: int) -> None:
    """Bring the database back to what it was so many comments ago, as an older backup would."""

    def change():
        for entry in LedgerEntry.objects.order_by("-seq")[:entries]:
            assert entry.kind == "comment"
            lost = Comment.objects.filter(pk=entry.key)
            CommentCount.objects.filter(measure__comments__in=lost).update(
                submitted=F("submitted") - 1, published=F("published") - 1
            )
            lost.update(latest=None, shown=None)
            lost.delete()
            entry.delete()

    doctor(change)


@pytest.mark.django_db
def test_a_log_that_lost_its_end_goes_on_under_another_name_and_says_what_was_lost(client):
    size = busy_ledger()
    old = Checkpoint.objects.get()
    lose(5)
    with pytest.raises(CommandError, match="are lost") as refused:
        call_command("sequence_ledger")
    assert refused.value.returncode == 3  # script/setup goes on then
    call_command("reopen_ledger", verbosity=0)
    leaf = json.loads(LedgerEntry.objects.last().leaf)
    assert {name: leaf[name] for name in ("kind", "previous", "checkpoint", "kept", "lost")} == {
        "kind": "log_reopened",
        "previous": old.log,
        "checkpoint": old.note,
        "kept": size - 5,
        "lost": [size - 4, size],
    }
    new = Checkpoint.objects.last()
    assert (new.log, new.size) == (f"{old.log}/2", size - 4)
    assert client.get("/api/v1/changes/").json()["log"] == new.log
    assert client.get("/api/v1/ledger/key").json()["name"] == new.log
    assert set(Tally.objects.exclude(seq=None).values_list("log", flat=True)) == {new.log}
    call_command("sequence_ledger", verbosity=0)


@pytest.mark.django_db
def test_whoever_kept_a_checkpoint_still_finds_what_survived_and_is_told_of_the_rest():
    measure = make_measure()
    rate_by_many(measure, [4] * 10)
    sequence()
    early = publish().note
    comment = make_comment(measure)
    receipt = comment_receipt(Comment.objects.get(pk=comment.pk))
    sequence()
    publish()  # names the key of receipts, too
    late = publish_with(measure)
    lose(3)
    call_command("reopen_ledger", name="example.org/again", verbosity=0)
    more = {"earlier": [("early", early), ("late", late)], "receipts": [("mine", receipt)]}
    assert fault_of(Portal(), **more) is None


def publish_with(measure) -> str:
    for _ in range(3):
        make_comment(measure)
    sequence()
    return publish().note


@pytest.mark.django_db
def test_a_receipt_of_the_lost_range_is_told_to_be_sent_again(client):
    measure = make_measure()
    rate_by_many(measure, [4] * 10)
    sequence()
    kept = rating_receipt(rate_as(make_participant(), measure, 3))
    publish()
    receipt = comment_receipt(Comment.objects.get(pk=make_comment(measure).pk))
    sequence()
    publish()
    lose(1)
    call_command("reopen_ledger", verbosity=0)
    assert said_of(client, receipt).startswith("The ledger was reopened after a loss")
    assert said_of(client, kept).startswith("The rating is in; it joins the results")


@pytest.mark.django_db
def test_a_log_that_differs_goes_on_from_what_is_proven():
    measure = make_measure()
    make_comment(measure)
    sequence()
    proven = publish().size
    make_comment(measure)
    sequence()
    publish()
    lose(1)
    for _ in range(3):
        make_comment(measure)
    sequence()
    call_command("reopen_ledger", verbosity=0)
    leaf = json.loads(LedgerEntry.objects.last().leaf)
    assert (leaf["kept"], leaf["lost"]) == (proven + 3, [proven + 1, proven + 1])
    assert recount() == []
    assert fault_of(Portal()) is None


@pytest.mark.django_db
def test_nodes_that_were_lost_are_made_anew():
    busy_ledger()
    TreeNode.objects.all().delete()
    call_command("reopen_ledger", verbosity=0)
    assert recount() == []


@pytest.mark.django_db
def test_a_lost_folder_is_a_new_log_with_a_new_key(settings, tmp_path):
    busy_ledger()
    old = SigningKey.objects.get(role="log")
    settings.LEDGER_DIR = str(tmp_path / "another")
    call_command("reopen_ledger", verbosity=0)
    assert SigningKey.objects.filter(role="log").last() != old
    assert Log.objects.count() == 2
    call_command("sequence_ledger", verbosity=0)
    assert fault_of(Portal()) is None


@pytest.mark.django_db
def test_a_log_that_is_whole_is_not_reopened():
    busy_ledger()
    with pytest.raises(CommandError, match="nothing to reopen"):
        call_command("reopen_ledger")


@pytest.mark.django_db
def test_an_entry_that_does_not_match_its_own_hash_is_no_surviving_one():
    busy_ledger()
    doctor(lambda: LedgerEntry.objects.filter(seq=5).update(leaf='{"kind":"edition"}'))
    with pytest.raises(CommandError, match="Entry 5 is missing or does not match"):
        call_command("reopen_ledger")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["a b", "a+b", "taken"])
def test_a_name_that_cannot_be_a_new_logs_is_refused(name):
    busy_ledger()
    vault.keep_checkpoint("taken", "whatever")
    lose(1)
    with pytest.raises(CommandError, match="cannot be the name"):
        call_command("reopen_ledger", name=name)
    assert Log.objects.count() == 1


@pytest.mark.django_db
def test_a_key_hands_over_to_the_next_one_within_the_log(capsys):
    busy_ledger()
    old = SigningKey.objects.get(role="log").public_key
    kept = Checkpoint.objects.get().note
    call_command("rotate_ledger_key")
    new = SigningKey.objects.filter(role="log").last().public_key
    assert capsys.readouterr().out == f"The new public key: {new}\n"
    assert old != new
    assert Checkpoint.objects.last().note.count("— ") == 2
    assert fault_of(Portal(), key=old, earlier=[("kept", kept)]) is None
    assert fault_of(Portal(), key=new) is None
    make_comment(make_measure())
    sequence()
    publish()
    assert Checkpoint.objects.last().note.count("— ") == 1
    assert fault_of(Portal(), key=old, earlier=[("kept", kept)]) is None
    assert not (vault.home() / vault.NEXT).exists()


@pytest.mark.django_db
def test_a_rotation_that_was_killed_before_it_signed_is_finished_by_the_next_checkpoint(monkeypatch):
    busy_ledger()
    old = SigningKey.objects.get(role="log").public_key
    with monkeypatch.context() as patch:
        patch.setattr(vault, "keep_checkpoint", killed)
        with pytest.raises(KeyboardInterrupt):
            call_command("rotate_ledger_key")
    assert publish().note.count("— ") == 2
    assert LedgerEntry.objects.filter(kind="key_rotation").count() == 1
    assert fault_of(Portal(), key=old) is None


def killed(*arguments, **more):
    raise KeyboardInterrupt


@pytest.mark.django_db
def test_a_lost_key_is_replaced_in_public_and_never_in_silence():
    busy_ledger()
    old = SigningKey.objects.get(role="log").public_key
    with pytest.raises(CommandError, match="without --lost"):
        call_command("rotate_ledger_key", "--lost")
    (vault.home() / vault.KEY).unlink()
    make_comment(make_measure())
    with pytest.raises(CommandError, match="rotate_ledger_key --lost"):
        call_command("sequence_ledger")
    with pytest.raises(CommandError, match="say so with --lost"):
        call_command("rotate_ledger_key")
    call_command("rotate_ledger_key", "--lost", verbosity=0)
    leaf = json.loads(LedgerEntry.objects.filter(kind="key_rotation").get().leaf)
    assert (leaf["previous"], leaf["signature"]) == (old, None)
    call_command("sequence_ledger", verbosity=0)
    assert fault_of(Portal()) is None
    assert "not signed by the key that you gave" in fault_of(Portal(), key=old)


@pytest.mark.django_db
def test_receipts_under_an_old_key_stay_good(client):
    old = comment_receipt(Comment.objects.get(pk=make_comment(make_measure()).pk))
    sequence()
    publish()
    call_command("rotate_ledger_key", "--receipts", verbosity=0)
    new = comment_receipt(Comment.objects.get(pk=make_comment(make_measure()).pk))
    sequence()
    publish()
    assert old["key"] != new["key"]
    assert "is entry" in said_of(client, old)
    assert "is entry" in said_of(client, new)
    assert fault_of(Portal(), receipts=[("old", old), ("new", new)]) is None


@pytest.mark.django_db
@pytest.mark.parametrize("step", ["store.append", "tree.grow", "vault.keep_checkpoint", "checkpoints._published"])
def test_a_sequencer_that_is_killed_at_any_step_goes_on_without_gap_loss_or_fork(monkeypatch, step):
    busy_ledger()
    kept = Checkpoint.objects.get().note
    made = [make_comment(make_measure()) for _ in range(20)]
    with monkeypatch.context() as patch:
        patch.setattr(f"feedback.ledger.{step}", killed)
        with pytest.raises(KeyboardInterrupt):
            call_command("sequence_ledger")
    call_command("sequence_ledger", verbosity=0)
    assert OutboxEntry.objects.count() == 0
    assert LedgerEntry.objects.filter(key__in=[str(one.pk) for one in made]).count() == 20
    assert recount() == []
    assert fault_of(Portal(), earlier=[("kept", kept)]) is None

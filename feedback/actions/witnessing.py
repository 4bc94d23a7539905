"""Witnesses of the ledger: entered by the operator, mailed the newest checkpoint daily, and their cosignatures kept."""

from datetime import datetime

from django.db import transaction

from feedback.actions.refusals import Invalid
from feedback.ledger.checkpoints import newest_checkpoint
from feedback.ledger.notes import decoded, read_note
from feedback.mail.letters import send_checkpoint
from feedback.models import Checkpoint, Cosignature, Witness


def enter_witness(name: str, public_key: str, *, email: str = "", active: bool = True) -> Witness:
    """Enter a witness, or change what is known of one. Raises ValueError for what no signature line can carry."""
    if not name or not name.isprintable() or {" ", "+"} & {*name}:
        raise ValueError("A witness's name has no blanks and no plus signs.")
    if len(decoded(public_key)) != 32:
        raise ValueError("A witness's key is 32 bytes of Base64.")
    fields = {"public_key": public_key, "email": email, "active": active}
    return Witness.objects.update_or_create(name=name, defaults=fields)[0]


@transaction.atomic
def accept_cosignature(text: str) -> list[Cosignature]:
    """Keep the cosignatures of known witnesses under a checkpoint that was published. Raises Invalid without any."""
    try:
        note = read_note(text)
    except ValueError:
        raise Invalid from None
    checkpoint = Checkpoint.objects.filter(log=note.origin, size=note.size).first()
    if checkpoint is None or read_note(checkpoint.note).body != note.body:
        raise Invalid
    kept = []
    for witness in Witness.objects.filter(active=True):
        signed_at = note.cosigned_by(witness.name, decoded(witness.public_key))
        if signed_at:
            fields = {"line": note.line_of(witness.name, decoded(witness.public_key)), "signed_at": signed_at}
            kept.append(
                Cosignature.objects.update_or_create(checkpoint=checkpoint, witness=witness, defaults=fields)[0]
            )
    if not kept:
        raise Invalid
    return kept


def mail_witnesses(now: datetime) -> bool:
    """Mail the newest checkpoint to each witness that has had none today; never more to do."""
    checkpoint = newest_checkpoint()
    if checkpoint is None:
        return False
    waiting = Witness.objects.filter(active=True).exclude(email="").exclude(mailed_on=now.date())
    for witness in waiting:
        with transaction.atomic():
            if Witness.objects.filter(pk=witness.pk).exclude(mailed_on=now.date()).update(mailed_on=now.date()):
                send_checkpoint(witness, checkpoint)
    return False


def with_newest(witnesses: list[Witness]) -> list[Witness]:
    """The witnesses, each with its `newest` cosignature or None, by one query."""
    newest: dict[int, Cosignature] = {}
    rows = Cosignature.objects.filter(witness__in=witnesses).order_by("signed_at", "pk").select_related("checkpoint")
    for cosignature in rows:
        newest[cosignature.witness_id] = cosignature
    for witness in witnesses:
        witness.newest = newest.get(witness.pk)
    return witnesses

"""Links in letters that do one thing without signing in: each holds a signed token that names whom and what."""

import re

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from feedback.addresses import absolute
from feedback.models import Decision, Participant, Sanction

# "." parts value and signature: mail programs take it for a part of the address, which a colon need not be.
APPEAL = Signer(salt="feedback.appeal", sep=".")
UNSUBSCRIBE = Signer(salt="feedback.unsubscribe", sep=".")
KINDS = {"d": Decision, "s": Sanction}


def decided_address(decided: Decision | Sanction) -> str:
    """The path of the page about what was decided, for its author who is signed in."""
    return reverse("decision" if isinstance(decided, Decision) else "sanction", args=[decided.pk])


def appeal_address(decided: Decision | Sanction, participant: Participant) -> str:
    """Where `participant` appeals without signing in; it lives as long as the appeal's deadline is not over."""
    kind = "d" if isinstance(decided, Decision) else "s"
    return absolute(reverse("appeal", args=[APPEAL.sign(f"{kind}{decided.pk}-{participant.pk}")]))


def read_appeal_token(token: str) -> tuple[Decision | Sanction, Participant] | None:
    """What a token of `appeal_address` names; None where it is forged, or its participant has left."""
    try:
        kind, decided, person = re.fullmatch(r"([ds])(\d+)-(\d+)", APPEAL.unsign(token)).groups()
    except BadSignature:
        return None
    decided = KINDS[kind].objects.filter(pk=decided).first()
    participant = Participant.objects.filter(pk=person, user__is_active=True).select_related("user").first()
    return (decided, participant) if decided and participant else None


def unsubscribe_address(participant: Participant) -> str:
    """Where one click ends the mail about what `participant` follows (RFC 8058)."""
    return absolute(reverse("unsubscribe", args=[UNSUBSCRIBE.sign(str(participant.pk))]))


def read_unsubscribe_token(token: str) -> Participant | None:
    try:
        return Participant.objects.filter(pk=UNSUBSCRIBE.unsign(token), user__isnull=False).first()
    except BadSignature:
        return None

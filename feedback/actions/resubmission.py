"""Submitting again what a loss of the ledger took, by the receipt that proves it had been submitted before.

It is a new act of whoever is signed in, under the name of nobody else: a comment's receipt binds its author's
pseudonym, and only that participant may use it. A rating's receipt names nobody, since `who` is a random number; so it
gives no more than what everybody can do, a rating of one's own.
"""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from feedback.actions.comments import edit_comment, submit_comment
from feedback.actions.rating import rate
from feedback.actions.refusals import NotPossibleNow, NotYours, Refused, StaleEdition
from feedback.ledger.receipt_check import Verdict, check_receipt
from feedback.models import Comment, CommentVersion, Participant, Rating
from principles.models import Measure


class NotLost(Refused):
    """The receipt is none, or what it is for was not lost; `verdict` says what it is."""

    status = 409

    def __init__(self, verdict: Verdict):
        super().__init__(_("This receipt is not of what a loss of the ledger took, so there is nothing to send again."))
        self.verdict = verdict


@transaction.atomic
def submit_again(participant: Participant, *, receipt: str) -> Comment | Rating:
    """Write anew the comment, its edit or the rating of a lost receipt, for the wording that it was given for."""
    verdict = check_receipt(receipt)
    if verdict.kind != "lost":
        raise NotLost(verdict)
    leaf = verdict.receipt["leaf"]
    if not Measure.objects.filter(slug=leaf["measure"]).exists():
        raise NotPossibleNow(_("The measure that this receipt is for is not here any more."))
    try:
        if "who" in leaf:
            return _rate(participant, leaf)
        return _write(participant, leaf, verdict.receipt.get("opening"))
    except StaleEdition:
        raise StaleEdition(
            _("The wording of this measure has changed since. Please read it, and send anew on the measure's page.")
        ) from None


def _rate(participant: Participant, leaf: dict) -> Rating:
    given = Rating.objects.filter(
        participant=participant,
        question__slug=leaf["question"],
        edition__measure__slug=leaf["measure"],
        edition__number=leaf["edition"],
    ).exclude(who=leaf["who"])
    if given.exclude(value=None).exists():
        raise NotPossibleNow(_("You have rated this anew already, and that rating stands."))
    names = {name: leaf[name] for name in ("measure", "question", "edition", "value")}
    return rate(participant, **names)


def _write(participant: Participant, leaf: dict, opening: dict | None) -> Comment:
    if opening is None:
        raise NotPossibleNow(_("This receipt does not hold the words. Please write them anew on the measure's page."))
    if opening["author"] != participant.pseudonym:
        raise NotYours(_("Only the account that wrote this comment can send it again. Please sign in with it."))
    words = {name: opening[name] for name in ("text", "language", "stance")}
    again = CommentVersion.objects.filter(comment__author=participant, comment__measure__slug=leaf["measure"], **words)
    if again.exists():
        raise NotPossibleNow(_("You have sent this comment again already."))
    kept = Comment.objects.filter(pk=leaf["id"]).first()
    if kept:  # the loss took an edit of it
        return edit_comment(kept, by=participant, **words)
    parent = Comment.objects.filter(pk=leaf["parent"]).first() if leaf["parent"] else None
    if leaf["parent"] and parent is None:
        raise NotPossibleNow(_("The comment that this one replied to was lost as well."))
    key = f"again-{leaf['commitment']}"
    return submit_comment(
        participant, measure=leaf["measure"], edition=leaf["edition"], parent=parent, key=key, **words
    )

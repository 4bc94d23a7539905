"""Letters: rendered in the language that their reader saved, and put into the queue of mail."""

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.urls import reverse
from django.utils.translation import override

from feedback.actions.refusals import Refused
from feedback.addresses import absolute
from feedback.mail.desk import DeskReport
from feedback.mail.facts import Facts
from feedback.mail.links import appeal_address, unsubscribe_address
from feedback.models import Answer, Checkpoint, Export, Notice, Participant, Witness
from portal.mail import render_letter, send_for_days

MOST_IN_A_DIGEST = 40


def send_notice(notice: Notice) -> None:
    """A letter about one notice."""
    user = notice.participant.user
    with override(user.language):
        facts = Facts(notice)
        names = {
            "facts": facts,
            "url": absolute(facts.path),
            "appeal_url": facts.deadline and appeal_address(facts.decided, notice.participant),
            "profile_url": absolute(reverse("profile")),
        }
        subject, body = render_letter("feedback/mail/notice", names)
    send_for_days(subject=subject, body=body, to=user.email)


def send_digest(participant: Participant, notices: list[Notice], *, number: int) -> None:
    """A letter with news of what `participant` follows: the first few of `number` pieces.

    One click ends such mail (RFC 2369, RFC 8058).
    """
    user = participant.user
    with override(user.language):
        unsubscribe = unsubscribe_address(participant)
        shown = [Facts(notice) for notice in notices]
        names = {
            "items": [{"facts": facts, "url": absolute(facts.path)} for facts in shown],
            "number": number,
            "more": number - len(shown),
            "profile_url": absolute(reverse("profile")),
            "unsubscribe_url": unsubscribe,
        }
        subject, body = render_letter("feedback/mail/digest", names)
    headers = {"List-Unsubscribe": f"<{unsubscribe}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    send_for_days(subject=subject, body=body, to=user.email, headers=headers)


def send_answer_held(answer: Answer, refusal: Refused) -> None:
    """A letter to whoever wrote `answer`: it could not be published at its time, and why. Nobody where they left."""
    user = answer.by.user
    if user is None or not user.is_active:
        return
    with override(user.language):
        names = {
            "answer": answer,
            "reason": str(refusal.message),
            "url": absolute(reverse("admin:feedback_answer_change", args=[answer.pk])),
        }
        subject, body = render_letter("feedback/mail/answer_held", names)
    send_for_days(subject=subject, body=body, to=user.email)


def send_desk_report(user: AbstractBaseUser, desk: DeskReport) -> None:
    """A letter with what waits on the moderation desk."""
    with override(user.language):
        subject, body = render_letter("feedback/mail/moderators", {"desk": desk})
    send_for_days(subject=subject, body=body, to=user.email)


def send_export_news(user: AbstractBaseUser, export: Export) -> None:
    """A letter that an export is ready, or that it failed. It holds a link, and nothing of the export."""
    with override(user.language):
        page = absolute(reverse("admin:feedback_export_change", args=[export.pk]))
        subject, body = render_letter("feedback/mail/export", {"export": export, "url": page})
    send_for_days(subject=subject, body=body, to=user.email)


def send_checkpoint(witness: Witness, checkpoint: Checkpoint) -> None:
    """The newest checkpoint of the ledger, for a witness to compare; in English, since no account stands behind it."""
    with override("en"):
        names = {"checkpoint": checkpoint, "url": f"{settings.SITE_URL}/api/v1/ledger/checkpoint"}
        subject, body = render_letter("feedback/mail/checkpoint", names)
    send_for_days(subject=subject, body=body, to=witness.email)

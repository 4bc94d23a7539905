"""What a participant was told, on pages of their own."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from feedback.actions.access import participant_of
from feedback.actions.notices import mark_read, notices_of
from feedback.mail.facts import Facts
from feedback.models import Participant

IN_PROFILE = 5
PER_PAGE = 30
LARGEST_KEY = 2**63 - 1


@login_required
def notices(request):
    """All of them, a page at a time, the newest first."""
    participant = Participant.objects.filter(user=request.user).first()
    before = key_of(request.GET.get("before"))
    return render(request, "feedback/notices.html", notices_context(participant, PER_PAGE, before))


@login_required
def read_notices(request):
    """Mark as read what the person has seen: everything up to the newest notice on their page."""
    until = key_of(request.POST.get("until"))
    if request.method == "POST" and until is not None:
        mark_read(participant_of(request.user), until=until)
    return HttpResponseRedirect(f"{reverse('profile')}#notices")


def notices_context(participant: Participant | None, number: int, before: int | None = None) -> dict:
    """`number` notices older than the one with the key `before`, with their words."""
    rows = notices_of(participant).with_facts() if participant else []
    rows = rows.filter(pk__lt=before) if participant and before is not None else rows
    rows = list(rows[: number + 1])
    shown = [Facts(notice) for notice in rows[:number]]
    return {
        "notices": shown,
        "newest": shown[0].notice.pk if shown and before is None else None,
        "any_new": any(facts.is_new for facts in shown),
        "older": rows[number - 1].pk if len(rows) > number else None,
    }


def key_of(text: str | None) -> int | None:
    """The key of a notice in an address or a form; None where it is none."""
    key = int(text) if text and text.isascii() and text.isdigit() and len(text) < 20 else None
    return key if key is not None and key <= LARGEST_KEY else None

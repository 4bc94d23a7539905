"""What was decided about a participant's words, and the way to object: for who is signed in, or has the link."""

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from feedback.actions.appeals import appeal_deadline, appeal_decision, appeal_sanction, can_appeal
from feedback.actions.notices import TOLD
from feedback.actions.refusals import Refused
from feedback.forms import AppealForm
from feedback.mail.facts import SANCTIONED, explanation_of, headline_of_decision
from feedback.mail.links import read_appeal_token
from feedback.models import Appeal, Decision, Participant, Sanction
from feedback.text import detect_language
from feedback.views.drafts import sign_in_first, take_draft

SHOWN = 20
ABOUT = ("comment__measure__current_edition", "comment__shown", "comment__author", "rule_version", "appeal")
DECISIONS = Decision.objects.filter(action__in=TOLD).select_related(*ABOUT, "explanation")
SANCTIONS = Sanction.objects.select_related(*ABOUT, "participant")


@never_cache
def decision(request, pk):
    """A decision about one's own comment."""
    return _own(request, DECISIONS.filter(pk=pk, comment__author__user=request.user.pk))


@never_cache
def sanction(request, pk):
    """A warning or a suspension of one's own."""
    return _own(request, SANCTIONS.filter(pk=pk, participant__user=request.user.pk))


def _own(request, rows):
    if not request.user.is_authenticated:
        return sign_in_first(request, request.path)
    decided = get_object_or_404(rows)
    return _page(request, decided, draft=take_draft(request, request.path))


@never_cache
def by_link(request, token):
    """The same page from a letter, without signing in; the link lives until the appeal's deadline."""
    named = read_appeal_token(token)
    if named is None:
        raise Http404
    decided, participant = named
    rows = DECISIONS if isinstance(decided, Decision) else SANCTIONS
    decided = get_object_or_404(rows, pk=decided.pk)
    if person_of(decided) != participant:
        raise Http404
    if timezone.now() > appeal_deadline(decided):
        return render(request, "feedback/link_expired.html", {"decided": decided}, status=410)
    return _page(request, decided, by_link=True)


def person_of(decided: Decision | Sanction) -> Participant | None:
    """About whose words it was decided."""
    return decided.comment.author if isinstance(decided, Decision) else decided.participant


def _page(request, decided: Decision | Sanction, *, by_link: bool = False, draft: dict | None = None):
    form = AppealForm(request.POST or None, initial=draft)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            appeal = appeal_decision if isinstance(decided, Decision) else appeal_sanction
            try:
                appeal(decided, by=person_of(decided), text=form.cleaned_data["text"])
                return HttpResponseRedirect(f"{request.path}#appeal")
            except Refused as refusal:
                form.add_error(None, refusal.message)
                status = refusal.status
    response = render(
        request, "feedback/appeal.html", _context(decided) | {"form": form, "by_link": by_link}, status=status
    )
    response["X-Robots-Tag"] = "noindex"
    return response


def _context(decided: Decision | Sanction) -> dict:
    comment, explanation = decided.comment, explanation_of(decided)
    of_comment = isinstance(decided, Decision)
    number = decided.version if of_comment else None
    return {
        "decided": decided,
        "headline": headline_of_decision(decided) if of_comment else SANCTIONED[decided.kind],
        "comment": comment,
        "version": comment and (comment.versions.filter(number=number).first() if of_comment else comment.shown),
        "explanation": explanation,
        "explanation_language": detect_language(explanation),
        "appeal": getattr(decided, "appeal", None),
        "may_appeal": can_appeal(decided),
        "deadline": appeal_deadline(decided),
        "now": timezone.now(),
    }


def standing_context(participant: Participant) -> dict:
    """Warnings, suspensions and appeals of a participant, the newest first, for the profile."""
    about = ("decision__comment__measure__current_edition", "sanction")
    return {
        "sanctions": [
            {"sanction": row, "headline": SANCTIONED[row.kind]}
            for row in Sanction.objects.filter(participant=participant).select_related("rule_version")[:SHOWN]
        ],
        "appeals": [
            {
                "appeal": row,
                "headline": headline_of_decision(row.decision) if row.decision else SANCTIONED[row.sanction.kind],
            }
            for row in Appeal.objects.filter(participant=participant).select_related(*about)[:SHOWN]
        ],
        "now": timezone.now(),
    }

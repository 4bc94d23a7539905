"""What a participant sees of their own: notices, ratings, comments and their state, and the way out."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from feedback.actions.departure import delete_account
from feedback.forms import DeleteAccountForm
from feedback.models import Comment, Participant, Rating, Tally
from feedback.views.appeals import standing_context
from feedback.views.cursor import cursor, place_of
from feedback.views.following import following_context
from feedback.views.notices import IN_PROFILE, notices_context
from portal.localized import localized

PER_PAGE = 50


@login_required
def profile(request):
    """My ratings with whether each has joined the results, and my comments with their state and reason."""
    participant = Participant.objects.filter(user=request.user).first()
    ratings, comments = [], []
    before = cursor(request.GET.get("before"))
    if participant:
        rows = Rating.objects.filter(participant=participant, value__isnull=False).order_by("-changed_at", "-pk")
        closed = Tally.objects.filter(question=OuterRef("question"), edition=OuterRef("edition"))
        rows = rows.annotate(left_out=Exists(closed.exclude(closed_at=None)) & Q(waiting=True))
        rows = rows.select_related("question", "edition__measure__current_edition")
        ratings = [{"rating": row, "label": localized(row.question, f"label_{row.value}")} for row in rows[:500]]
        rows = Comment.objects.by(participant).newest_first()
        rows = rows.before(*before) if before else rows
        rows = rows.select_related(
            "latest",
            "shown",
            "measure__current_edition",
            "measure__principle__programme",
            "hiding_decision__rule_version",
            "hiding_decision__explanation",
        )
        comments = list(rows[: PER_PAGE + 1])
    next_page = place_of(comments[PER_PAGE - 1]) if len(comments) > PER_PAGE else None
    context = {"ratings": ratings, "comments": comments[:PER_PAGE], "next_page": next_page}
    context |= notices_context(participant, IN_PROFILE) | following_context(participant)
    context |= standing_context(participant) if participant else {}
    return render(request, "feedback/profile.html", context)


@reauthentication_required
def leave(request):
    """Delete my account: comments are erased or left under "former participant", as the person chooses."""
    form = DeleteAccountForm(request.POST or None)
    if form.is_bound and form.is_valid():
        delete_account(request.user, erase_comments=form.cleaned_data["comments"] == "erase")
        logout(request)
        messages.success(request, _("Your account is deleted."))
        return HttpResponseRedirect(reverse("home"))
    status = 422 if form.is_bound else 200
    return render(request, "feedback/delete_account.html", {"form": form}, status=status)

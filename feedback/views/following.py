"""Following: the button on a page, the list in the profile, and the link in a letter that ends it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from feedback.actions.access import participant_of
from feedback.actions.following import follow, set_pace, unfollow
from feedback.forms import PaceForm
from feedback.mail.links import read_unsubscribe_token
from feedback.models import Follow, Participant
from feedback.models.person import Pace
from feedback.views.drafts import sign_in_first
from principles.models import Measure, Programme

MOST_SHOWN = 200


def follow_measure(request, slug):
    return _follow(request, get_object_or_404(Measure, slug=slug))


def follow_programme(request, slug):
    return _follow(request, get_object_or_404(Programme, slug=slug))


def _follow(request, what: Measure | Programme):
    """Follow, or with `unfollow` in the form end it; leads back to the page or to the profile's list."""
    page = what.get_absolute_url()
    if not request.user.is_authenticated:
        return sign_in_first(request, page)
    if request.method != "POST":
        return HttpResponseRedirect(page)
    if "unfollow" in request.POST:
        unfollow(participant_of(request.user), what)
        messages.success(request, _("You no longer follow it."))
    else:
        follow(participant_of(request.user), what)
        messages.success(request, _("You follow it now. How often we write to you, you choose in your profile."))
    if request.POST.get("back") == "profile":
        page = f"{reverse('profile')}#following"
    return HttpResponseRedirect(page)


@login_required
def change_pace(request):
    """Choose how often news is mailed."""
    form = PaceForm(request.POST)
    if request.method == "POST" and form.is_valid():
        set_pace(participant_of(request.user), form.cleaned_data["pace"])
        messages.success(request, _("Saved."))
    elif request.method == "POST":
        messages.error(request, form.errors["pace"][0])
    return HttpResponseRedirect(f"{reverse('profile')}#following")


@never_cache
@csrf_exempt  # the token in the address is the permission; mail programs send this form, and have no cookie (RFC 8058)
def unsubscribe(request, token):
    """End the mail about what somebody follows: a page with a button, and the button's POST, without signing in."""
    participant = read_unsubscribe_token(token)
    if participant is None:
        raise Http404
    if request.method == "POST":
        set_pace(participant, Pace.NEVER)
        participant.pace = Pace.NEVER
    response = render(request, "feedback/unsubscribe.html", {"done": participant.pace == Pace.NEVER})
    response["X-Robots-Tag"] = "noindex"
    return response


def following_context(participant: Participant | None) -> dict:
    """What the profile says of following; before their first contribution a person has no participant yet."""
    rows = Follow.objects.filter(participant=participant) if participant else Follow.objects.none()
    return {
        "follows": rows.select_related("measure__current_edition", "programme")[:MOST_SHOWN],
        "pace_form": PaceForm(initial={"pace": participant.pace if participant else Pace.DAILY}),
    }

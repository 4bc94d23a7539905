"""Appeals against warnings and suspensions: what hangs on no comment's item."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from feedback.actions.access import role_of
from feedback.actions.appeals import rule_on_appeal
from feedback.actions.refusals import Refused
from feedback.actions.transitions import SENIORS, Action
from feedback.admin.desk.door import desk_context, on_the_desk
from feedback.admin.desk.forms import RulingForm
from feedback.models import Appeal

SHOWN = 100


def open_appeals():
    """Appeals against warnings and suspensions that wait for a ruling, those due first."""
    return Appeal.objects.open().filter(sanction__isnull=False).order_by("due_at", "pk")


@on_the_desk
def appeals(request):
    """What waits for a ruling."""
    rows = open_appeals().select_related("sanction__rule_version", "sanction__by__user", "participant__user")
    context = desk_context(request, _t("Appeals against warnings and suspensions")) | {"appeals": rows[:SHOWN]}
    return render(request, "admin/desk/appeals.html", context)


@on_the_desk
@require_http_methods(["GET", "POST"])
def appeal(request, number):
    """One appeal with the original reasoning, and the ruling of somebody who did not make the decision."""
    found = get_object_or_404(
        Appeal.objects.select_related(
            "decision", "sanction__rule_version", "sanction__by__user", "participant__user", "ruled_by__user"
        ),
        pk=number,
    )
    if found.decision_id:
        return HttpResponseRedirect(reverse("desk:item", args=[found.decision.comment_id]))
    form, status = RulingForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            reverse_it, explanation = form.cleaned_data["act"] == Action.REVERSE, form.cleaned_data["explanation"]
            try:
                rule_on_appeal(found, by=request.user, reverse=reverse_it, explanation=explanation)
            except Refused as refusal:
                form.add_error(None, refusal.message)
                status = refusal.status
            else:
                messages.success(request, _("The appeal is ruled on, and the author is told."))
                return HttpResponseRedirect(reverse("desk:appeals"))
    own = found.sanction.by.user_id == request.user.pk
    context = desk_context(request, _t("An appeal")) | {
        "appeal": found,
        "form": form,
        "own": own,
        "may_rule": not found.outcome and not own and role_of(request.user) in SENIORS,
    }
    return render(request, "admin/desk/appeal.html", context, status=status)

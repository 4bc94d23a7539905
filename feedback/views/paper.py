"""What became of a paper sheet: its writer looks it up by the code on the slip."""

from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from feedback.models import PaperSheet
from feedback.models.comment import State

# What a writer reads who finds no comment of theirs to look at.
STATES = {
    State.PENDING: _("Your comment waits for the staff to read it before it is published."),
    State.HIDDEN: _("Your comment was hidden by the staff under a rule."),
    State.WITHDRAWN: _("Your comment was withdrawn."),
    State.ERASED: _("Your comment was erased."),
}


@never_cache
@require_safe
def paper(request):
    """A form for the code, and what is known of its sheet; nothing personal, whoever asks."""
    code = "".join(request.GET.get("code", "").upper().split()).replace("-", "")[:20]
    sheet = None
    if code:
        sheets = PaperSheet.objects.select_related(
            "measure__current_edition", "batch", "comment__hiding_decision__rule_version"
        )
        sheet = sheets.filter(code=code).first()
    context = {"code": code, "sheet": sheet, "unknown": bool(code and not sheet)}
    if sheet and sheet.comment:
        context["message"] = STATES.get(sheet.comment.state)
    return render(request, "feedback/paper.html", context, status=404 if context["unknown"] else 200)

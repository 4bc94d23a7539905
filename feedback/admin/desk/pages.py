"""The page of one item, and everything that is done on it."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from feedback.actions.claims import require_hold
from feedback.actions.decisions import DecidedMeanwhile, VersionChanged
from feedback.actions.desk import add_note, claim_item, release_item
from feedback.actions.moderation import redacted, undo_decision
from feedback.actions.refusals import NotPossibleNow, Refused
from feedback.actions.sanctions import lift_suspension, suspend_participant, warn_participant
from feedback.actions.transitions import UNDOABLE
from feedback.admin.desk.deciding import BUTTONS, carry_out, change_since, spans_to_remove
from feedback.admin.desk.door import on_the_desk
from feedback.admin.desk.forms import DecisionForm
from feedback.admin.desk.table import open_table
from feedback.admin.desk.view import View
from feedback.models import Comment, Decision, DeskItem, Sanction

TYPED = ("rule", "saved", "explanation", "phrases", "personal", "authority", "version", "after")


@on_the_desk
@require_http_methods(["GET", "POST"])
def item(request, pk):
    """Open an item, which claims it for whoever may decide; or do what a button of its form says."""
    if request.method == "GET":
        claim_item(DeskItem(pk=pk), by=request.user)
        table = open_table(request, pk)
        if not table.options.actions:  # who may only look keeps nobody from deciding
            release_item(table.comment, by=request.user)
        return table.page()
    does = {"fill": _fill, "preview": _preview, "take-over": _take_over, "release": _release, "skip": _skip}
    return does.get(request.POST.get("act"), _decide)(request, pk)


def _typed(request) -> dict:
    """What stands in the form, for showing it again without judging it."""
    return {name: request.POST[name] for name in TYPED if name in request.POST}


def _fill(request, pk):
    """The saved explanation goes into the form, without JavaScript too."""
    table = open_table(request, pk)
    return table.page(form=table.form(**_typed(request) | table.form().filled(request.POST.get("saved"))))


def _preview(request, pk):
    """How the text would read without its parts."""
    table = open_table(request, pk)
    form, preview = table.form(request.POST), ""
    if form.is_valid() and table.comment.latest:
        try:
            preview = redacted(table.sight.text, spans_to_remove(table.comment.latest.text, form))
        except Refused as refusal:
            form.add_error("phrases", refusal.message)
    shown = form if form.errors else table.form(**_typed(request))
    return table.page(form=shown, preview=preview, status=422 if form.errors else 200)


def _take_over(request, pk):
    """Hold what somebody else holds; what was typed stays."""
    claim_item(DeskItem(pk=pk), by=request.user, take_over=True)
    table = open_table(request, pk)
    return table.page(form=table.form(**_typed(request)))


def _release(request, pk):
    release_item(Comment(pk=pk), by=request.user)
    return HttpResponseRedirect(f"{reverse('desk:queue')}{View.of(request.GET).query()}")


def _skip(request, pk):
    waiting = DeskItem.objects.filter(pk=pk).first()
    release_item(Comment(pk=pk), by=request.user)
    return _next(request, pk, waiting)


def _decide(request, pk):
    """Make the decision and go on; or refuse, and show what changed and everything that was typed."""
    comment = get_object_or_404(Comment.objects.select_related("desk_item"), pk=pk)
    waiting = getattr(comment, "desk_item", None)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        table = open_table(request, pk)
        form.offer(**table.offered)
        return table.page(form=form, status=422)
    try:
        require_hold(comment, by=request.user)
        decision = carry_out(comment, form, by=request.user)
    except Refused as refusal:
        return _refused(request, pk, form, refusal)
    release_item(comment, by=request.user)
    if decision.action not in UNDOABLE:
        messages.success(request, _t("Done: %(what)s.") % {"what": BUTTONS[decision.action][0]})
    return _next(request, pk, waiting)


def _refused(request, pk, form: DecisionForm, refusal: Refused):
    table, change = open_table(request, pk), None
    form.offer(**table.offered)
    if isinstance(refusal, DecidedMeanwhile | VersionChanged):
        seen = {name: form.cleaned_data[name] for name in ("version", "after")}
        change = change_since(table.comment, **seen)
        form.renew(**table.seen)
    form.add_error(None, refusal.message)
    return table.page(form=form, status=refusal.status, change=change)


def _next(request, pk, waiting: DeskItem | None):
    """On to the next item of the same view; to the same one where it was not opened from the queue."""
    view = View.of(request.GET)
    if waiting is None:
        return HttpResponseRedirect(_item_address(request, pk))
    following = view.next_after(view.place_of(waiting), request.user, but=waiting.pk)
    if following is not None:
        return HttpResponseRedirect(_item_address(request, following.pk))
    messages.info(request, _("That was the last item of this view."))
    return HttpResponseRedirect(f"{reverse('desk:queue')}{view.query()}")


@on_the_desk
@require_POST
def undo(request, number):
    """Take back the decision that one has just made."""
    decision = get_object_or_404(Decision.objects.select_related("comment"), pk=number)
    try:
        undo_decision(decision.comment, by=request.user, after=decision.pk)
        messages.success(request, _("The decision is undone."))
    except Refused as refusal:
        messages.error(request, refusal.message)
    return HttpResponseRedirect(_item_address(request, decision.comment_id))


@on_the_desk
@require_POST
def note(request, pk):
    """Leave a private note for the other staff."""
    comment = get_object_or_404(Comment, pk=pk)
    text = request.POST.get("text", "")
    try:
        add_note(comment, by=request.user, text=text)
    except Refused as refusal:
        refused = {"text": text, "reason": refusal.message}
        return open_table(request, pk).page(refused_note=refused, status=refusal.status)
    return HttpResponseRedirect(f"{_item_address(request, pk)}#notes")


@on_the_desk
@require_POST
def sanction(request, pk):
    """Warn the author, or suspend them from writing."""
    table = open_table(request, pk)
    form = table.sanction(request.POST)
    author = table.comment.author
    if author is None or not form.is_valid():
        return table.page(sanction=form, status=422)
    values = form.cleaned_data
    about = {"rule": values["rule"], "explanation": values["explanation"], "comment": table.comment}
    try:
        if values["kind"] == "suspend":
            suspend_participant(author, by=request.user, days=values["days"], **about)
        else:
            warn_participant(author, by=request.user, **about)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return table.page(sanction=form, status=refusal.status)
    messages.success(request, _("The author is told of it, and may appeal."))
    return HttpResponseRedirect(_item_address(request, pk))


@on_the_desk
@require_POST
def lift(request, number):
    """End a suspension before its time."""
    found = get_object_or_404(Sanction, pk=number)
    try:
        if found.kind != Sanction.Kind.SUSPENSION:
            raise NotPossibleNow(_("There is no suspension to end."))
        lift_suspension(found, by=request.user)
        messages.success(request, _("The suspension has ended."))
    except Refused as refusal:
        messages.error(request, refusal.message)
    where = _item_address(request, found.comment_id) if found.comment_id else reverse("desk:appeals")
    return HttpResponseRedirect(where)


def _item_address(request, pk) -> str:
    return f"{reverse('desk:item', args=[pk])}{View.of(request.GET).query()}"

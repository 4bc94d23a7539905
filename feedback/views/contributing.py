"""What participants do: one short function per POST, each calling one action."""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from feedback.actions.access import participant_of
from feedback.actions.comments import edit_comment, submit_comment, withdraw_comment
from feedback.actions.rating import rate, withdraw_rating
from feedback.actions.reactions import report_comment, vote_on_comment
from feedback.actions.refusals import Refused
from feedback.actions.signals import why_held
from feedback.actions.submissions import page_key
from feedback.forms import CommentForm, RatingForm, ReplyForm, ReportForm
from feedback.models import Comment
from feedback.views.drafts import sign_in_first, take_draft
from feedback.views.measure import measure_context
from feedback.views.reading import public_comment
from feedback.views.thread import thread_context
from principles.models import Measure, Question


def contribution(view):
    """A POST about a measure, by somebody who is signed in; anything else is led to the measure's page."""

    @wraps(view)
    def wrapper(request, slug, **kwargs):
        if request.user.is_authenticated and request.method == "POST":
            return view(request, slug, **kwargs)
        measure = get_object_or_404(Measure, slug=slug)
        page = reverse("comment", args=[slug, kwargs["pk"]]) if "pk" in kwargs else measure.get_absolute_url()
        return HttpResponseRedirect(page) if request.user.is_authenticated else sign_in_first(request, page)

    return wrapper


def _measure(slug: str) -> Measure:
    return get_object_or_404(Measure.objects.with_wording(), slug=slug)


@contribution
def rate_measure(request, slug, question):
    """Give, change or take back a rating."""
    form = RatingForm(request.POST)
    take_back = "take_back" in request.POST
    error, status = None, 422
    if form.is_valid() or (take_back and "edition" in form.cleaned_data):
        names = {"measure": slug, "question": question, "edition": form.cleaned_data["edition"]}
        try:
            if take_back:
                withdraw_rating(participant_of(request.user), **names)
                messages.success(request, _("Your rating is taken back."))
            else:
                rate(participant_of(request.user), value=form.cleaned_data["value"], **names)
                messages.success(request, _("Your rating is in; it joins the results with the next group of ten."))
            return HttpResponseRedirect(f"{reverse('measure', args=[slug])}#{question}")
        except Refused as refusal:
            error, status = refusal.message, refusal.status
        except (Measure.DoesNotExist, Question.DoesNotExist):
            raise Http404 from None
    else:
        error = (
            form.errors["value"][0] if "value" in form.errors else _("This form is incomplete. Please choose again.")
        )
    measure = _measure(slug)
    asked = get_object_or_404(Question, programme=measure.principle.programme_id, slug=question)
    context = measure_context(request, measure, rating_error={"question": question, "message": error})
    for result in context["results"]:
        if result.question.pk == asked.pk and form.cleaned_data.get("value"):
            result.chosen = form.cleaned_data["value"]
    return render(request, "feedback/measure.html", context, status=status)


@contribution
def comment_on_measure(request, slug):
    """Submit a comment; a refused one comes back with its text."""
    measure = _measure(slug)
    form = CommentForm(request.POST, edition=measure.current_edition.number)
    comment, status = _submit(request, measure, form)
    if comment:
        return _thank_for(request, comment)
    return render(request, "feedback/measure.html", measure_context(request, measure, form=form), status=status)


@contribution
def reply_to_comment(request, slug, pk):
    measure = _measure(slug)
    parent = public_comment(request, slug, pk)
    form = ReplyForm(request.POST, edition=measure.current_edition.number)
    comment, status = _submit(request, measure, form, parent)
    if comment:
        return _thank_for(request, comment)
    return render(request, "feedback/comment.html", thread_context(request, parent, form=form), status=status)


def _submit(request, measure, form, parent=None):
    """The comment that `form` made, or None and the status of the refusal, which the form then carries."""
    if not form.is_valid():
        form.renew(measure.current_edition.number)
        return None, 422
    values = form.cleaned_data
    typed = {name: values.get(name, "") for name in ("text", "stance")} | {"parent": parent and parent.pk}
    try:
        return submit_comment(
            participant_of(request.user),
            measure=measure.slug,
            edition=values["edition"],
            text=values["text"],
            language=values["language"],
            stance=values.get("stance", ""),
            parent=parent,
            key=page_key(values["token"], typed) if values["token"] else "",
        ), 201
    except Refused as refusal:
        form.add_error(None, refusal.message)
        form.renew(measure.current_edition.number)
        return None, refusal.status


def _thank_for(request, comment: Comment):
    if held := why_held(comment):
        said = _("Thank you. Your comment is in; until it is published, only you see it.")
        messages.warning(request, f"{said} {held}")
    elif comment.state == "pending":
        messages.success(
            request, _("Thank you. Your comment is in and waits for moderation; until then only you see it.")
        )
    else:
        messages.success(request, _("Thank you. Your comment is published."))
    page = comment.measure.get_absolute_url()
    if comment.parent_id:
        page = comment.parent.get_absolute_url()
    return HttpResponseRedirect(f"{page}#comment-{comment.pk}")


def own_page(view):
    """A page about one comment for somebody who is signed in; what they typed survives signing in."""

    @wraps(view)
    def wrapper(request, slug, pk):
        comment = public_comment(request, slug, pk)
        if not request.user.is_authenticated:
            return sign_in_first(request, request.path)
        return view(request, comment)

    return wrapper


@own_page
def edit(request, comment):
    """Edit one's comment, its language and stance included."""
    _require_own(request, comment)
    kind = ReplyForm if comment.parent_id else CommentForm
    latest = comment.latest
    initial = {"text": latest.text, "language": latest.language, "stance": latest.stance} if latest else {}
    form = kind(
        request.POST or None, edition=comment.edition, initial=initial | (take_draft(request, request.path) or {})
    )
    form.fields["text"].widget.attrs["lang"] = comment.language
    status = 200
    if form.is_bound and form.is_valid():
        values = form.cleaned_data
        try:
            edited = edit_comment(
                comment,
                by=participant_of(request.user),
                text=values["text"],
                language=values["language"],
                stance=values.get("stance", ""),
            )
            _tell_of_edit(request, edited)
            return HttpResponseRedirect(comment.get_absolute_url())
        except Refused as refusal:
            form.add_error(None, refusal.message)
            status = refusal.status
    elif form.is_bound:
        status = 422
    return render(
        request, "feedback/edit.html", {"form": form, "comment": comment, "measure": comment.measure}, status=status
    )


def _tell_of_edit(request, comment: Comment):
    held = why_held(comment)
    if comment.has_waiting_edit:
        said = _("Your change is in; until it is published, everybody sees the earlier text.")
    else:
        said = _("Your comment is changed.")
    messages.add_message(request, messages.WARNING if held else messages.SUCCESS, f"{said} {held}" if held else said)


@own_page
def withdraw(request, comment):
    _require_own(request, comment)
    if request.method == "POST":
        withdraw_comment(comment, by=participant_of(request.user))
        messages.success(request, _("Your comment is withdrawn."))
        return HttpResponseRedirect(comment.measure.get_absolute_url())
    return render(request, "feedback/withdraw.html", {"comment": comment, "measure": comment.measure})


@own_page
def report(request, comment):
    """Tell staff that a comment breaks a rule."""
    form = ReportForm(request.POST or None, initial=take_draft(request, request.path))
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            report_comment(comment, by=participant_of(request.user), **form.cleaned_data)
            messages.success(request, _("Thank you. The staff will look at this comment."))
            return HttpResponseRedirect(comment.measure.get_absolute_url())
        except Refused as refusal:
            form.add_error(None, refusal.message)
            status = refusal.status
    return render(
        request, "feedback/report.html", {"form": form, "comment": comment, "measure": comment.measure}, status=status
    )


@own_page
def vote(request, comment):
    """Agree, disagree, or take the vote back; leads back to where the person was reading."""
    page = request.POST.get("back", "")
    if not page.startswith("/") or not url_has_allowed_host_and_scheme(page, allowed_hosts=None):
        page = comment.get_absolute_url()
    if request.method == "POST":
        choice = request.POST.get("value")
        try:
            vote_on_comment(
                comment, by=participant_of(request.user), value={"1": 1, "-1": -1, "0": 0}.get(choice, choice)
            )
        except Refused as refusal:
            messages.error(request, refusal.message)
    return HttpResponseRedirect(f"{page}#comment-{comment.pk}")


def _require_own(request, comment: Comment) -> None:
    if comment.author is None or comment.author.user_id != request.user.pk:
        raise PermissionDenied

"""One moderator at one item: what lies before them, and what they may do with it."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _t

from feedback.actions.access import role_of
from feedback.actions.transitions import SENIORS
from feedback.admin.desk.deciding import Options, options_for
from feedback.admin.desk.door import desk_context
from feedback.admin.desk.forms import DecisionForm, SanctionForm
from feedback.admin.desk.queue import excerpt
from feedback.admin.desk.sight import Sight, comments_to_decide, history_of, holder_of, sight_of
from feedback.admin.desk.view import View
from feedback.models import Comment, Rule, SavedExplanation
from portal.localized import localized


@dataclass
class Table:
    """An item that is open before somebody; its forms are made when they are asked for."""

    request: object
    sight: Sight
    role: str
    view: View
    rules: list[Rule]
    saved: list[SavedExplanation]

    @property
    def comment(self) -> Comment:
        return self.sight.comment

    @property
    def options(self) -> Options:
        return options_for(
            self.comment, last=self.sight.last, appeal=self.sight.appeal, user=self.request.user, role=self.role
        )

    @property
    def seen(self) -> dict[str, int | None]:
        """The version and the last decision that the page shows, as its form sends them back."""
        latest, last = self.comment.latest, self.sight.last
        return {"version": latest.number if latest else None, "after": last.pk if last else None}

    @property
    def offered(self) -> dict:
        return {"rules": self.rules, "saved": self.saved, "language": self.sight.author_language}

    def form(self, data=None, **typed) -> DecisionForm:
        """The form of decisions: bound to `data`, or filled with what was `typed` so far."""
        form = DecisionForm(data, initial=self.seen | typed)
        form.offer(**self.offered)
        return form

    def sanction(self, data=None) -> SanctionForm:
        return SanctionForm(data, rules=self.rules, senior=self.role in SENIORS)

    def page(self, *, form=None, sanction=None, status: int = 200, **further) -> HttpResponse:
        """The item's page; `further` are what changed meanwhile, and how a text would read without its parts."""
        sight, comment = self.sight, self.comment
        measure = comment.measure
        title = _t("Comment on %(measure)s") % {
            "measure": f"{measure.code} {localized(measure.current_edition, 'title').text}"
        }
        form = form or self.form()
        context = desk_context(self.request, title) | {
            "sight": sight,
            "comment": comment,
            "measure": measure,
            "item": sight.item,
            "holder": holder_of(sight.item, self.request.user),
            "options": self.options,
            "form": form,
            "saved_texts": form.texts(),
            "sanction": sanction or self.sanction(),
            "senior": self.role in SENIORS,
            "rules": self.rules,
            "parent": _parent(comment),
            "alike": [(other, excerpt(other.latest.text)) for other in sight.alike if other.latest],
            "history": history_of(comment.author, but=comment) if comment.author else None,
            "notes": list(comment.staff_notes.select_related("by__user")),
            "query": self.view.query(),
        }
        context["others"] = [
            (other, excerpt(other.latest.text) if other.latest else "")
            for other in (context["history"].comments if context["history"] else [])
        ]
        return render(self.request, "admin/desk/item.html", context | further, status=status)


def open_table(request, pk) -> Table:
    """The item of the comment `pk` as it is now; a 404 where there is no such comment."""
    comment = get_object_or_404(comments_to_decide(), pk=pk)
    values = request.POST if request.method == "POST" else request.GET
    return Table(
        request=request,
        sight=sight_of(comment, reveal=values.get("reveal") == "1"),
        role=role_of(request.user),
        view=View.of(request.GET),
        rules=list(Rule.objects.in_force()),
        saved=list(SavedExplanation.objects.all()),
    )


def _parent(comment: Comment) -> dict | None:
    """What the comment replies to, as staff may read it."""
    if comment.parent is None:
        return None
    version = comment.parent.latest or comment.parent.shown
    return {
        "comment": comment.parent,
        "text": excerpt(version.text) if version else "",
        "language": version.language if version else "",
    }

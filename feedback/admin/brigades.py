"""Groups of alike comments from new accounts: who, what is alike, since when, and the tallies without them."""

from django.contrib import admin
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from feedback.actions.brigades import FEWEST_ACCOUNTS
from feedback.admin.records import ReadOnlyAdmin
from feedback.models import Brigade, Comment
from feedback.models.comment import State
from feedback.results.brigades import tallies_apart
from feedback.signals.detect import mask
from portal.localized import localized

MOST_SHOWN = 100


@admin.register(Brigade)
class BrigadeAdmin(ReadOnlyAdmin):
    """What the machine found alike; nothing is hidden or deleted because of it."""

    list_display = ["measure_named", "accounts", "since", "latest"]
    list_select_related = ["measure__current_edition"]
    ordering = ["-latest", "-pk"]
    fields = ["measure_named", "accounts", "since", "latest", "tallies", "comments"]
    readonly_fields = ["measure_named", "tallies", "comments"]

    def get_queryset(self, request):
        return super().get_queryset(request).filter(accounts__gte=FEWEST_ACCOUNTS)

    @admin.display(description=_("measure"), ordering="measure")
    def measure_named(self, brigade):
        return f"{brigade.measure.code} {localized(brigade.measure.current_edition, 'title').text}"

    @admin.display(description=_("ratings with and without the group"))
    def tallies(self, brigade):
        return render_to_string("admin/feedback/brigade/tallies.html", {"tallies": tallies_apart(brigade)})

    @admin.display(description=_("comments of the group"))
    def comments(self, brigade):
        comments = Comment.objects.filter(in_brigade__brigade=brigade).order_by("created_at", "pk")
        rows = list(comments.select_related("author__user", "latest")[: MOST_SHOWN + 1])
        context = {
            "rows": [
                (comment, State(comment.state).label, mask(comment.latest.text) if comment.latest else "")
                for comment in rows[:MOST_SHOWN]
            ],
            "more": len(rows) > MOST_SHOWN,
            "most": MOST_SHOWN,
        }
        return render_to_string("admin/feedback/brigade/comments.html", context)

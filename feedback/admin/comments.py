"""Comments in the admin: found and read here, decided at the desk."""

from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from feedback.admin.answers import AnswersComments
from feedback.admin.bulk import BulkActions
from feedback.admin.exporting import EXPORTING, Exports
from feedback.admin.long_lists import LongList
from feedback.admin.tagging import TAGGING, TagsComments, tagging_address
from feedback.models import Comment, CommentTheme, Theme
from feedback.models.comment import WAITS, State
from feedback.search.staff import MOST_AT_ONCE, MOST_SHOWN, ids_of_comments_with
from feedback.signals.detect import mask


class WaitingFilter(admin.SimpleListFilter):
    """What waits for the staff: an index each, never the whole table of comments."""

    title = _("waits for the staff")
    parameter_name = "waits"

    def lookups(self, request, model_admin):
        return [("moderation", _("new, or edited")), ("reported", _("reported"))]

    def queryset(self, request, queryset):
        if self.value() == "moderation":
            return queryset.filter(WAITS)
        if self.value() == "reported":
            return queryset.filter(desk_item__reports__gt=0)
        return queryset


class StateFilter(admin.SimpleListFilter):
    """The public state, by its name in the staff member's language."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return State.choices

    def queryset(self, request, queryset):
        return queryset.filter(state=self.value()) if self.value() else queryset


class ThemeFilter(admin.SimpleListFilter):
    """The themes of the codebooks; and what has none."""

    title = _("theme")
    parameter_name = "theme"

    def lookups(self, request, model_admin):
        themes = Theme.objects.select_related("current_version")
        return [("none", _("without a theme")), *((str(theme.pk), str(theme)) for theme in themes)]

    def queryset(self, request, queryset):
        if self.value() == "none":
            return queryset.filter(~Exists(CommentTheme.objects.filter(comment=OuterRef("pk"))))
        if self.value() and self.value().isdecimal():
            return queryset.filter(Exists(CommentTheme.objects.filter(comment=OuterRef("pk"), theme=self.value()[:9])))
        return queryset


@admin.register(Comment)
class CommentAdmin(BulkActions, AnswersComments, TagsComments, Exports, LongList):
    export_kind = "comments"
    actions = ["decide_selected", "decide_matching", "answer_selected", *TAGGING, *EXPORTING]
    list_display = ["excerpt", "measure", "state_now", "language", "stance", "author_name", "created_at"]
    list_filter = [
        WaitingFilter,
        StateFilter,
        ThemeFilter,
        "language",
        "stance",
        "channel",
        "measure__principle__programme",
    ]
    list_select_related = ["latest", "measure__current_edition", "author__user"]
    sortable_by = ["created_at"]  # the filters serve for the rest: sorting would read every comment
    search_fields = ["latest__text"]  # shows the field; `find` says how it is searched
    date_hierarchy = None
    list_per_page = 50
    readonly_fields = [
        "at_the_desk",
        "text_now",
        "text_shown",
        "measure",
        "in_reply_to",
        "author_name",
        "state_now",
        "language",
        "stance",
        "created_at",
        "edited_at",
        "votes",
        "themes_given",
        "reports_received",
        "decisions_made",
    ]
    fieldsets = [
        (
            None,
            {"fields": ["at_the_desk", "text_now", "text_shown", "measure", "in_reply_to", "author_name", "state_now"]},
        ),
        (_("Details"), {"fields": ["language", "stance", "created_at", "edited_at", "votes", "themes_given"]}),
        (_("Reports and decisions"), {"fields": ["reports_received", "decisions_made"]}),
    ]

    def find(self, request, queryset, words):
        """By words, whatever their endings; what is done with all that match is done with more than a page shows."""
        if not words.strip():
            return queryset, False
        shows_a_page = request.method == "GET" and request.resolver_match is not None  # and is no export
        ids = ids_of_comments_with(words, MOST_SHOWN if shows_a_page else MOST_AT_ONCE)
        return (queryset.none() if ids is None else queryset.filter(pk__in=ids)), False

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def get_fieldsets(self, request, obj=None):
        """Without the way to the desk for those whom it does not let in."""
        if request.user.has_perm("feedback.decide"):
            return self.fieldsets
        return [
            (name, {"fields": [field for field in given["fields"] if field != "at_the_desk"]})
            for name, given in self.fieldsets
        ]

    @admin.display(description=_("decide"))
    def at_the_desk(self, comment):
        return format_html('<a href="{}">{}</a>', reverse("desk:item", args=[comment.pk]), _("Open it at the desk"))

    @admin.display(description=_("text"))
    def excerpt(self, comment):
        text = mask(comment.latest.text) if comment.latest else f"({comment.state_label})"
        return text if len(text) <= 90 else f"{text[:90]}…"

    @admin.display(description=_("latest text"))
    def text_now(self, comment):
        return self._text(comment.latest)

    @admin.display(description=_("text that everybody sees"))
    def text_shown(self, comment):
        return _("the same") if comment.shown_id == comment.latest_id else self._text(comment.shown)

    @admin.display(description=_("in reply to"))
    def in_reply_to(self, comment):
        return self._text(comment.parent.shown) if comment.parent else "-"

    @staticmethod
    def _text(version):
        return format_html('<div lang="{}">{}</div>', version.language, mask(version.text)) if version else "-"

    @admin.display(description=_("state"))
    def state_now(self, comment):
        return comment.state_label

    @admin.display(description=_("author"))
    def author_name(self, comment):
        return (comment.author.name if comment.author else None) or "-"

    @admin.display(description=_("themes"))
    def themes_given(self, comment):
        tags = comment.comment_themes.select_related("theme__current_version")
        names = format_html_join(", ", "{}", ((tag.theme,) for tag in tags)) or "-"
        return format_html('{} <a href="{}">{}</a>', names, tagging_address(keys=[comment.pk]), _("Give themes"))

    @admin.display(description=_("votes"))
    def votes(self, comment):
        return f"+{number_format(comment.agree_count)} / −{number_format(comment.disagree_count)}"

    @admin.display(description=_("reports"))
    def reports_received(self, comment):
        reports = comment.reports.select_related("rule__current_version")[:50]
        return format_html_join("", "<p>{}: {}</p>", ((report.rule, report.note or "-") for report in reports)) or "-"

    @admin.display(description=_("decisions"))
    def decisions_made(self, comment):
        decisions = comment.decisions.select_related("rule_version", "by__user", "explanation")
        rows = (
            (
                date_format(localtime(decision.created_at), "DATETIME_FORMAT"),
                decision.get_action_display(),
                decision.rule_version.title if decision.rule_version else "",
                decision.by,
                decision.explanation.text if hasattr(decision, "explanation") else "",
            )
            for decision in decisions
        )
        return format_html_join("", "<p>{}\xa0· {}\xa0· {}\xa0· {}<br>{}</p>", rows) or "-"

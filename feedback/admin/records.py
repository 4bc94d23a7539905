"""What staff may look at and nobody may change by hand: reports, decisions, sanctions, appeals, the ledger."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from feedback.admin.exporting import EXPORTING, Exports
from feedback.admin.long_lists import KindFilter, LongList, ProgrammeFilter
from feedback.models import Appeal, Decision, LedgerEntry, Report, Rule, Sanction


class ReadOnlyAdmin(LongList):
    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class RuleFilter(admin.SimpleListFilter):
    """The rule that was named, with one query for all titles."""

    title = _("rule")
    parameter_name = "rule"

    def lookups(self, request, model_admin):
        return [(rule.code, str(rule)) for rule in Rule.objects.select_related("current_version")]

    def queryset(self, request, queryset):
        return queryset.filter(rule__code=self.value()) if self.value() else queryset


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "rule", "comment", "note", "handled_at"]
    list_filter = [RuleFilter, ("handled_at", admin.EmptyFieldListFilter)]
    list_select_related = ["rule__current_version", "comment"]
    exclude = ["participant"]


@admin.register(Decision)
class DecisionAdmin(Exports, ReadOnlyAdmin):
    export_kind = "decisions"
    actions = EXPORTING
    list_display = ["created_at", "action", "comment", "rule_version", "by", "from_state", "to_state"]
    list_filter = ["action", "to_state"]
    list_select_related = ["comment", "rule_version", "by__user"]


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyAdmin):
    list_display = ["seq", "kind", "programme", "measure", "key"]
    list_filter = [KindFilter, ProgrammeFilter]
    ordering = ["-seq"]
    exclude = ["leaf_hash"]


@admin.register(Sanction)
class SanctionAdmin(ReadOnlyAdmin):
    """Warnings and suspensions: made and ended at the desk."""

    list_display = ["created_at", "kind", "participant", "rule_version", "by", "until", "lifted_at"]
    list_filter = ["kind", ("lifted_at", admin.EmptyFieldListFilter)]
    list_select_related = ["participant", "rule_version", "by__user"]


@admin.register(Appeal)
class AppealAdmin(ReadOnlyAdmin):
    """Appeals: ruled on at the desk."""

    list_display = ["created_at", "about", "participant", "due_at", "outcome", "ruled_by", "ruled_at"]
    list_filter = ["outcome"]
    list_select_related = ["decision", "sanction", "participant", "ruled_by__user"]

    @admin.display(description=_("about"))
    def about(self, appeal):
        return appeal.decision or appeal.sanction

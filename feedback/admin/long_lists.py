"""Lists of tables that grow without end: counted up to a bound, filtered by values that are known beforehand."""

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.main import SEARCH_VAR
from django.utils.translation import gettext_lazy as _

from portal.admin_search import BoundedSearch
from portal.long_lists import BoundedPaginator, KeysetList
from principles.models import Programme


class LongList(BoundedSearch, admin.ModelAdmin):
    """A list that costs the same however long the table is."""

    paginator = BoundedPaginator
    show_full_result_count = False

    def get_changelist(self, request, **kwargs):
        return KeysetList

    def get_paginator(self, request, *given, **how):
        paginator = super().get_paginator(request, *given, **how)
        paginator.found = bool(request.GET.get(SEARCH_VAR))
        return paginator


class ActsOnMatching:
    """Mixed into a list's admin: an action whose name ends in `_matching` is about all rows that the filters leave."""

    def changelist_view(self, request, extra_context=None):
        """All that match need no ticks, and no script that would select them."""
        if request.POST.get("action", "").endswith("_matching"):
            request.POST = request.POST.copy()
            request.POST["select_across"] = "1"
            request.POST[ACTION_CHECKBOX_NAME] = "all"
            request.POST["index"] = "0"
        return super().changelist_view(request, extra_context)


class KindFilter(admin.SimpleListFilter):
    """The kinds of ledger entries, from the code and not from the rows."""

    title = _("kind")
    parameter_name = "kind"
    KINDS = (
        "edition",
        "programme_opened",
        "programme_closed",
        "rating",
        "rating_withdrawn",
        "tally_released",
        "tally_withheld",
        "comment",
        "comment_edited",
        "comment_moderated",
        "comment_redacted",
        "comment_withdrawn",
        "comment_erased",
        "appeal",
        "appeal_decided",
        "answer",
        "key_rotation",
        "log_reopened",
    )

    def lookups(self, request, model_admin):
        return [(kind, kind) for kind in self.KINDS]

    def queryset(self, request, queryset):
        return queryset.filter(kind=self.value()) if self.value() else queryset


class ProgrammeFilter(admin.SimpleListFilter):
    """The programmes, from their own table."""

    title = _("programme")
    parameter_name = "programme"

    def lookups(self, request, model_admin):
        return [(programme.slug, str(programme)) for programme in Programme.objects.all()]

    def queryset(self, request, queryset):
        return queryset.filter(programme=self.value()) if self.value() else queryset

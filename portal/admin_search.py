"""How much the staff may look for at once in a list of the administration."""

from django.contrib import messages
from django.contrib.admin.views.main import SEARCH_VAR
from django.utils.translation import gettext as _

LONGEST_SEARCH = 200  # characters, as in the public search: SQLite nests a condition for each word, a thousand deep
MOST_VALUES = 100  # of one filter
# The first two hand a pattern to the database as it is, and a wrong one is a fault there; the last takes two values.
NOT_OFFERED = {"regex", "iregex", "range"}


class BoundedSearch:
    """A mixin for every admin class: what is too long finds nothing, and the page says why; no filter is a fault."""

    def changelist_view(self, request, extra_context=None):
        if len(request.GET.get(SEARCH_VAR, "")) > LONGEST_SEARCH:
            said = _("The search is too long: it takes at most %(longest)d characters. Shorten it.")
            messages.error(request, said % {"longest": LONGEST_SEARCH})
        return super().changelist_view(request, extra_context)

    def get_search_results(self, request, queryset, search_term):
        """Of the list, of an export of it, and of suggestions while somebody types."""
        if len(search_term) > LONGEST_SEARCH:
            return queryset.none(), False  # and not everything: what matches may be decided about at once
        return self.find(request, queryset, search_term)

    def find(self, request, queryset, words: str):
        """The rows with `words`, and whether some may come twice."""
        return super().get_search_results(request, queryset, words)

    def lookup_allowed(self, lookup, value, request):
        bounded = len(value) <= LONGEST_SEARCH and len(request.GET.getlist(lookup)) <= MOST_VALUES
        offered = lookup.rpartition("__")[2] not in NOT_OFFERED
        return bounded and offered and super().lookup_allowed(lookup, value, request)

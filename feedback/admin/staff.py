"""Who of the staff is on duty: who gets the morning's letter about what waits on the desk."""

from django.contrib import admin

from feedback.models import StaffMember
from portal.admin_names import NamedFields
from portal.admin_search import BoundedSearch


@admin.register(StaffMember)
class StaffMemberAdmin(BoundedSearch, NamedFields, admin.ModelAdmin):
    """Rows come by themselves: with the first decision, or with the first morning on which somebody may decide."""

    list_display = ["__str__", "on_duty", "digest_at"]
    list_editable = ["on_duty"]
    list_select_related = ["user"]
    fields = ["user", "on_duty", "digest_at"]
    readonly_fields = ["user", "digest_at"]
    show_full_result_count = False

    def get_queryset(self, request):
        """Without those who have left: nobody writes to them."""
        return super().get_queryset(request).filter(user__isnull=False)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

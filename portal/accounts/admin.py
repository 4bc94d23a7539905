"""Accounts in the admin: who is there and who is staff. Passwords and addresses are their owners' business."""

from django.contrib import admin
from modeltranslation.admin import TranslationAdmin

from portal.accounts.models import Consent, Region, User
from portal.accounts.names import plain_name
from portal.admin_search import BoundedSearch
from portal.admin_words import PlainWords
from portal.long_lists import BoundedPaginator, KeysetList


class NamesForm(PlainWords):
    plain = staticmethod(plain_name)


class ConsentInline(admin.TabularInline):
    model = Consent
    fields = readonly_fields = ("document", "version", "language", "given_at")
    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False


@admin.register(User)
class UserAdmin(BoundedSearch, admin.ModelAdmin):
    form = NamesForm
    list_display = ("email", "display_name", "is_staff", "is_active", "date_joined")
    list_filter = ("is_staff", "is_active", "groups")
    search_fields = ("email", "display_name")
    ordering = ("-id",)  # the newest first, by an index
    fields = (
        "email",
        "display_name",
        "language",
        "region",
        "is_active",
        "is_staff",
        "is_superuser",
        "groups",
        "date_joined",
        "last_login",
    )
    filter_horizontal = ("groups",)
    inlines = (ConsentInline,)
    show_full_result_count = False
    paginator = BoundedPaginator

    def get_changelist(self, request, **kwargs):
        return KeysetList

    def lookup_allowed(self, lookup, value, request):
        """No filter by the address finds out a password's hash letter by letter."""
        return not lookup.startswith("password") and super().lookup_allowed(lookup, value, request)

    def get_readonly_fields(self, request, obj=None):
        """Only an administrator gives or takes powers; nobody takes their own."""
        fixed = ("email", "language", "region", "date_joined", "last_login")
        powers = ("is_staff", "is_superuser", "groups")
        if not request.user.is_superuser:
            return (*fixed, *powers, *(("is_active",) if obj and (obj.is_staff or obj.is_superuser) else ()))
        return (*fixed, "is_active", *powers) if obj == request.user else fixed

    def has_add_permission(self, request):
        return False  # people register; staff come by `create_staff`

    def has_delete_permission(self, request, obj=None):
        return False  # an account is erased by its owner, and its comments with it or not


@admin.register(Region)
class RegionAdmin(BoundedSearch, TranslationAdmin):
    form = NamesForm
    list_display = ("code", "name", "kind", "country", "order")
    list_filter = ("country", "kind")
    search_fields = ("code", "name_kk", "name_ru", "name_en")

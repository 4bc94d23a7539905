"""The administration's list of what there is, in the order of the page's alphabet."""

from django.contrib.admin import AdminSite
from django.utils.translation import get_language

from portal.alphabets import sort_key


class PortalAdminSite(AdminSite):
    """Django's, whose list is in the order of code points, where ә and қ stand after я."""

    def get_app_list(self, request, app_label=None):
        apps = super().get_app_list(request, app_label)
        for rows in (apps, *(app["models"] for app in apps)):
            rows.sort(key=lambda row: sort_key(str(row["name"]), get_language() or "en"))
        return apps

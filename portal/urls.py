"""All addresses of the portal."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from feedback.views import sitemaps
from portal import views
from portal.accounts.admin_login import admin_login

handler500 = "portal.views.server_error"

urlpatterns = [
    path("", views.choose_language, name="choose-language"),
    path("favicon.ico", views.favicon),
    path("robots.txt", sitemaps.robots, name="robots"),
    path(".well-known/security.txt", views.security_txt, name="security-txt"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("api/", include("portal.api")),
    path("admin/login/", admin_login),
    # Passwords change on the portal's own page: with its limits, its letter, and a fresh proof of who asks.
    path("admin/password_change/", admin.site.admin_view(RedirectView.as_view(pattern_name="account_change_password"))),
    path("admin/password_change/done/", admin.site.admin_view(RedirectView.as_view(pattern_name="account_settings"))),
    path("admin/moderation/", include("feedback.admin.desk.urls")),
    path("admin/", admin.site.urls),
]
urlpatterns += i18n_patterns(
    path("accounts/", include("portal.accounts.urls")),
    path("", include("feedback.urls")),
)

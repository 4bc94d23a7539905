"""What the admin calls itself, and pages of packages that nobody needs there."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

admin.site.site_header = admin.site.site_title = _("Administration")

# Mail that waits holds sign-in codes, and an authenticator its secret: neither is anything to look at.
admin.site.unregister(DBTaskResult)
admin.site.unregister(Authenticator)
# Whose an address is, its owner proves; what a role may do, `feedback.actions.roles` says.
admin.site.unregister(EmailAddress)
admin.site.unregister(Group)

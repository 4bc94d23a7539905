"""What every page knows."""

from django.conf import settings
from django.utils.translation import gettext as _


def site(request):
    """The portal's name, its operator and the languages of its pages."""
    return {
        "site_name": settings.SITE_NAME or _("Public consultation"),
        "operator_name": settings.OPERATOR_NAME,
        "operator_email": settings.OPERATOR_EMAIL,
        "site_url": settings.SITE_URL,
        "languages": settings.LANGUAGES,
    }

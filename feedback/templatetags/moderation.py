"""How long a wait was, in words."""

from datetime import timedelta

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()


@register.filter
def duration(length: timedelta) -> str:
    """`length` to the minute under an hour, to the hour under two days, to the day from then on."""
    minutes = length.total_seconds() / 60
    if minutes < 1:
        return _("less than a minute")
    if minutes < 59.5:
        n = round(minutes)
        return ngettext("%(n)s minute", "%(n)s minutes", n) % {"n": n}
    if minutes < 48 * 60:
        n = round(minutes / 60)
        return ngettext("%(n)s hour", "%(n)s hours", n) % {"n": n}
    n = round(minutes / 60 / 24)
    return ngettext("%(n)s day", "%(n)s days", n) % {"n": n}

"""The moderation desk on the admin's first page."""

from django import template

from feedback.admin.desk.queue import shortcuts

register = template.Library()


@register.simple_tag
def desk_shortcuts():
    """The views that staff open most, with how much is in each."""
    return shortcuts()

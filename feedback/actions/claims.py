"""Deciding about what one holds, and never over somebody else's shoulder."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from feedback.actions.desk import claim_item
from feedback.actions.refusals import Refused
from feedback.models import Comment, DeskItem


class HeldByAnother(Refused):
    """Another moderator has the item open; whoever wants to decide takes it over first."""

    status = 409
    message = _("Somebody else holds this item.")

    def __init__(self, item: DeskItem):
        super().__init__(
            _t("%(name)s holds this item until %(time)s. Take it over if you want to decide.")
            % {
                "name": item.claimed_by,
                "time": date_format(timezone.localtime(item.claimed_until), "TIME_FORMAT"),
            }
        )


def require_hold(comment: Comment, *, by: AbstractBaseUser) -> None:
    """Hold the item of `comment` from now on, or refuse where somebody else does; nothing where none waits."""
    item = DeskItem.objects.filter(pk=comment.pk).first()
    if item is None or claim_item(item, by=by).user_id == by.pk:
        return
    held = DeskItem.objects.filter(pk=item.pk).exclude(claimed_by=None).select_related("claimed_by__user").first()
    if held is not None:
        raise HeldByAnother(held)

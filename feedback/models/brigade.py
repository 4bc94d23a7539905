"""Groups of comments that are nearly the same and come from many new accounts: shown to staff, and never a verdict."""

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from feedback.models.comment import Comment
from principles.models import Measure


class Brigade(models.Model):
    """One group about one measure; `simhash` is that of the text by which it was first noticed."""

    measure = models.ForeignKey(Measure, verbose_name=_("measure"), on_delete=models.CASCADE, related_name="+")
    simhash = models.BigIntegerField(editable=False)
    accounts = models.PositiveIntegerField(_("new accounts"), default=0)
    since = models.DateTimeField(_("since"))
    latest = models.DateTimeField(_("latest"), db_index=True)

    class Meta:
        verbose_name = _("group of similar comments")
        verbose_name_plural = _("groups of similar comments")
        default_permissions = ("view",)
        indexes = [models.Index(fields=["measure", "-latest"], name="brigade_of_measure")]

    def __str__(self):
        return f"{self.measure.code} · {date_format(timezone.localtime(self.since))}"


class BrigadeComment(models.Model):
    """A comment in a group; its author is the comment's own, so that an erased comment leaves no trace of one."""

    brigade = models.ForeignKey(Brigade, on_delete=models.CASCADE, related_name="members")
    comment = models.OneToOneField(Comment, on_delete=models.CASCADE, related_name="in_brigade")

    class Meta:
        default_permissions = ()

    def __str__(self):
        return str(self.comment_id)


class BrigadeSearch(models.Model):
    """How far the search for groups has come: the key of the last signal that it read. One row."""

    signal = models.BigIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_brigade_search")]

    def __str__(self):
        return str(self.signal)

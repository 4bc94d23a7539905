"""Keys of writes that must not happen twice."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.models.person import Participant


class Submission(models.Model):
    """One write under the key that its sender gave it: an `Idempotency-Key`, or a page's form token.

    Kept for 24 hours, scoped to participant and route. `digest` is a keyed digest of the body; `resource` the id of
    what the write made, and `status` its HTTP status.
    """

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="submissions")
    route = models.CharField(max_length=80)
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=201)
    resource = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        constraints = [models.UniqueConstraint(fields=["participant", "route", "key"], name="one_write_per_key")]

    def __str__(self):
        return f"{self.route} {self.key}"

"""Counting requests, so that limits hold whatever process answers."""

from django.db import models


class RequestCount(models.Model):
    """How many requests somebody has made in one window of time: `key` names who, what and which window."""

    key = models.CharField(max_length=100, primary_key=True)
    number = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return f"{self.key}: {self.number}"

"""A programme, and what it asks, sorts and counts by."""

from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ProgrammeQuerySet(models.QuerySet):
    def open(self, now=None):
        """Programmes whose consultation takes writes at `now`."""
        now = now or timezone.now()
        return self.filter(
            models.Q(opens_at=None) | models.Q(opens_at__lte=now),
            models.Q(closes_at=None) | models.Q(closes_at__gt=now),
        )


class Programme(models.Model):
    """A public programme put to consultation: whose it is, from which source, and when it may be answered."""

    class Moderation(models.TextChoices):
        AFTER = "after", _("publish first, moderate afterwards")
        BEFORE = "before", _("moderate first, then publish")

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), max_length=4000)
    announced_on = models.DateField(_("announced on"), null=True, blank=True)
    announced_by = models.CharField(_("announced by"), max_length=200, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    source_title = models.CharField(_("source"), max_length=300, blank=True)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    source_published_on = models.DateField(_("source published on"), null=True, blank=True)
    source_language = models.CharField(_("language of the source"), max_length=2, blank=True)
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    moderation = models.CharField(_("comments"), max_length=6, choices=Moderation, default=Moderation.AFTER)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(opens_at=None)
                | models.Q(closes_at=None)
                | models.Q(opens_at__lt=models.F("closes_at")),
                name="programme_opens_before_it_closes",
                violation_error_message=_("The consultation must open before it closes."),
            ),
            models.CheckConstraint(
                condition=models.Q(moderation__in=["after", "before"]), name="programme_moderation_known"
            ),
        ]

    def __str__(self):
        return self.title or self.slug

    def get_absolute_url(self):
        return reverse("programme", args=[self.slug])

    def is_open(self, now=None):
        """Whether the consultation takes writes at `now`."""
        now = now or timezone.now()
        return (self.opens_at is None or self.opens_at <= now) and (self.closes_at is None or now < self.closes_at)

    def has_closed(self, now=None):
        return self.closes_at is not None and self.closes_at <= (now or timezone.now())


class Question(models.Model):
    """What a programme asks of each measure, answered 1-5; `label_1` … `label_5` name the values."""

    programme = models.ForeignKey(
        Programme, verbose_name=_("programme"), on_delete=models.PROTECT, related_name="questions"
    )
    slug = models.SlugField(_("slug"), max_length=40)
    text = models.CharField(_("text"), max_length=300)
    label_1 = models.CharField(_("label of 1"), max_length=100)
    label_2 = models.CharField(_("label of 2"), max_length=100)
    label_3 = models.CharField(_("label of 3"), max_length=100)
    label_4 = models.CharField(_("label of 4"), max_length=100)
    label_5 = models.CharField(_("label of 5"), max_length=100)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [models.UniqueConstraint(fields=["programme", "slug"], name="question_slug_unique")]

    def __str__(self):
        return self.text or self.slug


class Area(models.Model):
    """A policy area that a programme sorts its measures by."""

    programme = models.ForeignKey(
        Programme, verbose_name=_("programme"), on_delete=models.PROTECT, related_name="areas"
    )
    slug = models.SlugField(_("slug"), max_length=40)
    name = models.CharField(_("name"), max_length=100)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        constraints = [models.UniqueConstraint(fields=["programme", "slug"], name="area_slug_unique")]

    def __str__(self):
        return self.name or self.slug


class Unit(models.Model):
    """A unit of target figures. `forms` is {language: {CLDR plural category: "… {n} …"}}."""

    programme = models.ForeignKey(
        Programme, verbose_name=_("programme"), on_delete=models.PROTECT, related_name="units"
    )
    slug = models.SlugField(_("slug"), max_length=40)
    forms = models.JSONField(_("plural forms"))

    class Meta:
        ordering = ["pk"]
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints = [models.UniqueConstraint(fields=["programme", "slug"], name="unit_slug_unique")]

    def __str__(self):
        return self.slug

"""What is proposed: programme → principle → measure → edition → target figure. Knows nothing of feedback.

Slugs are unique portal-wide (one table each). Wording lives on the edition alone; an edition never changes.
"""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LANGUAGES = ("kk", "ru", "en")


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


class PrincipleQuerySet(models.QuerySet):
    def in_force(self):
        """Principles that are still part of their programme."""
        return self.filter(retired_at=None)


class Principle(models.Model):
    """A chapter of the programme."""

    programme = models.ForeignKey(
        Programme, verbose_name=_("programme"), on_delete=models.PROTECT, related_name="principles"
    )
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    code = models.CharField(_("code"), max_length=12)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), max_length=4000)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    retired_at = models.DateTimeField(
        _("no longer in the programme since"),
        null=True,
        blank=True,
        help_text=_("A retired principle stays readable, with the measures that were retired with it."),
    )

    objects = PrincipleQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("principle")
        verbose_name_plural = _("principles")
        constraints = [
            # A retired principle gives its code free.
            models.UniqueConstraint(
                fields=["programme", "code"],
                condition=models.Q(retired_at=None),
                name="principle_code_unique",
                violation_error_message=_("This code is taken by another principle of the programme."),
            )
        ]

    def __str__(self):
        return f"{self.code}. {self.title}"

    def get_absolute_url(self):
        return reverse("principle", args=[self.slug])


class MeasureQuerySet(models.QuerySet):
    def with_wording(self):
        """With what a page needs to name a measure, in one query."""
        return self.select_related("current_edition", "area", "principle__programme")

    def in_force(self):
        """Measures that are still part of their programme."""
        return self.filter(retired_at=None)


class Measure(models.Model):
    """One proposal of a programme. Its wording is its current edition's."""

    principle = models.ForeignKey(
        Principle, verbose_name=_("principle"), on_delete=models.PROTECT, related_name="measures"
    )
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    code = models.CharField(_("code"), max_length=12)
    area = models.ForeignKey(
        Area, verbose_name=_("area"), null=True, blank=True, on_delete=models.PROTECT, related_name="measures"
    )
    paragraph = models.PositiveSmallIntegerField(_("paragraph of the source"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    retired_at = models.DateTimeField(
        _("no longer in the programme since"),
        null=True,
        blank=True,
        help_text=_("A retired measure stays readable; nothing can be written about it."),
    )
    current_edition = models.ForeignKey(
        "Edition",
        verbose_name=_("current edition"),
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = MeasureQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        constraints = [
            # A retired measure gives its code free.
            models.UniqueConstraint(
                fields=["principle", "code"],
                condition=models.Q(retired_at=None),
                name="measure_code_unique",
                violation_error_message=_("This code is taken by another measure of the principle."),
            )
        ]

    def __str__(self):
        return f"{self.code} {self.current_edition.title if self.current_edition else self.slug}"

    def get_absolute_url(self):
        return reverse("measure", args=[self.slug])


class Edition(models.Model):
    """The immutable wording of a measure and its target figures.

    `number` counts from 1 within the measure. A correction belongs to the series of the substantive edition
    before it; `series` is that edition's number (its own, for a substantive one). Ratings and tallies are
    kept per series.
    """

    measure = models.ForeignKey(Measure, verbose_name=_("measure"), on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField(_("edition"))
    series = models.PositiveIntegerField(_("substantive edition"))
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("wording"), max_length=4000)
    note = models.CharField(_("what changed and why"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    class Meta:
        ordering = ["measure", "-number"]
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        constraints = [
            models.UniqueConstraint(fields=["measure", "number"], name="edition_number_unique"),
            models.CheckConstraint(
                condition=models.Q(number__gte=1, series__gte=1, series__lte=models.F("number")),
                name="edition_series_sane",
            ),
        ]

    def __str__(self):
        return f"{self.measure.code} / {self.number}"

    @property
    def substantive(self):
        return self.series == self.number


class Target(models.Model):
    """A figure that a measure promises, under a slug that stays over editions; readings hang on it."""

    measure = models.ForeignKey(Measure, verbose_name=_("measure"), on_delete=models.PROTECT, related_name="targets")
    slug = models.SlugField(_("slug"), max_length=80, unique=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("target")
        verbose_name_plural = _("targets")

    def __str__(self):
        return self.slug


class TargetFigure(models.Model):
    """What one edition says of a target."""

    class Comparison(models.TextChoices):
        EQUAL = "equal", _("exactly")
        AT_LEAST = "at_least", _("at least")
        AT_MOST = "at_most", _("at most")
        MORE_THAN = "more_than", _("more than")
        LESS_THAN = "less_than", _("less than")

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="figures")
    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="figures")
    label = models.CharField(_("label"), max_length=200)
    comparison = models.CharField(_("comparison"), max_length=9, choices=Comparison)
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=4)
    unit = models.ForeignKey(Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="+")
    due = models.PositiveSmallIntegerField(
        _("by the year"), null=True, blank=True, validators=[MinValueValidator(1900), MaxValueValidator(2200)]
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("target figure")
        verbose_name_plural = _("target figures")
        constraints = [
            models.UniqueConstraint(fields=["edition", "target"], name="figure_once_per_edition"),
            models.CheckConstraint(
                condition=models.Q(comparison__in=["equal", "at_least", "at_most", "more_than", "less_than"]),
                name="figure_comparison_known",
            ),
        ]

    def __str__(self):
        return self.label


class Reading(models.Model):
    """One dated, sourced value of a target, in a voice."""

    class Voice(models.TextChoices):
        GOVERNMENT = "government", _("government")
        INDEPENDENT = "independent", _("independent assessment")

    target = models.ForeignKey(Target, verbose_name=_("target"), on_delete=models.PROTECT, related_name="readings")
    read_on = models.DateField(_("date"))
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=4)
    source_name = models.CharField(_("source"), max_length=200)
    source_url = models.URLField(_("address of the source"), max_length=500)
    voice = models.CharField(_("voice"), max_length=11, choices=Voice)

    class Meta:
        ordering = ["read_on", "pk"]
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        constraints = [
            models.UniqueConstraint(fields=["target", "voice", "read_on"], name="reading_once_per_day_and_voice"),
            models.CheckConstraint(
                condition=models.Q(voice__in=["government", "independent"]), name="reading_voice_known"
            ),
        ]

    def __str__(self):
        return f"{self.target.slug} {self.read_on}"

"""What a measure says, in editions that never change, and the figures that they promise."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from principles.models.measure import Measure
from principles.models.programme import Unit


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

"""The principles of a programme and their measures."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from principles.models.programme import Area, Programme, Question


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

    def for_writing(self):
        """With what a write asks and no texts: whether contributions are taken, how, and which edition holds."""
        return self.select_related("current_edition", "principle__programme").only(
            "slug",
            "retired_at",
            "principle__slug",
            "principle__programme__slug",
            "principle__programme__opens_at",
            "principle__programme__closes_at",
            "principle__programme__moderation",
            "current_edition__measure_id",
            "current_edition__number",
            "current_edition__series",
        )

    def asking(self, question: str):
        """With `asked_id`: the key of the programme's question of that slug, None where it asks no such thing."""
        asked = Question.objects.filter(programme=models.OuterRef("principle__programme"), slug=question)
        return self.annotate(asked_id=models.Subquery(asked.values("pk")))

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

    @property
    def takes_contributions(self) -> bool:
        """Whether anything may be written about it now: its consultation is open, and it is part of the programme."""
        return self.retired_at is None and self.principle.programme.is_open()

    @property
    def is_over(self) -> bool:
        """Whether nothing will ever be added to it: its consultation has closed, or it left the programme."""
        return self.retired_at is not None or self.principle.programme.has_closed()

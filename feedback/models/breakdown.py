"""Results by who took part, as they were last cut: tables that a page shows whole and never computes.

Written by `feedback.results` once a night. The rules that keep a person's answer out of them stand in
`feedback.results.disclosure`.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback.models.person import Participant
from principles.models import Edition, Programme, Question


class Dimension(models.TextChoices):
    """What people are told apart by: what they said of themselves when rating, and the way they rated."""

    REGION = "region", _("region")
    AGE_BAND = "age_band", _("year of birth")
    GENDER = "gender", _("gender")
    CHANNEL = "channel", _("way of taking part")


class Breakdown(models.Model):
    """One table: the released ratings of (question, substantive edition) by one dimension, or a programme's people.

    Without question and edition, it counts a programme's participants. `classes` parts the values 1-5 into runs,
    such as [[1, 2], [3], [4, 5]]; empty where only people are counted. `rows` are {"group": code, "n": people,
    "counts": [people per class] or null, "classes", "cut": time, "seq"}; group "" is "not given". A row of an
    earlier cut stands for a group that the last one does not show. `rest` is {"n", "counts"} of all groups without a
    row (`n`), or without counts (`counts`), at the last cut; null each where there are none. `total` are the ratings
    per value 1-5 at the cut, and `seq` the entry of the ledger that had just these. `history` is what each cut so far
    let one tell apart (`feedback.results.disclosure.Cut`), with its place in the ledger.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="breakdowns")
    question = models.ForeignKey(Question, null=True, on_delete=models.PROTECT, related_name="breakdowns")
    edition = models.ForeignKey(Edition, null=True, on_delete=models.PROTECT, related_name="breakdowns")
    dimension = models.CharField(_("dimension"), max_length=8, choices=Dimension)
    cut_at = models.DateTimeField(_("cut"))
    log = models.CharField(_("log"), max_length=200, blank=True)
    seq = models.PositiveBigIntegerField(_("ledger entry"), null=True)
    # Up to which entry the night has looked, whether or not that made a new cut.
    looked_seq = models.PositiveBigIntegerField(null=True)
    n = models.PositiveIntegerField(_("participants"))
    total = models.JSONField(default=list)
    classes = models.JSONField(default=list)
    rows = models.JSONField(default=list)
    rest = models.JSONField(default=dict)
    history = models.JSONField(default=list)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("breakdown")
        verbose_name_plural = _("breakdowns")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["question", "edition", "dimension"], name="one_breakdown_per_tally"),
            models.UniqueConstraint(
                fields=["programme", "dimension"], condition=Q(question=None), name="one_breakdown_of_people"
            ),
            models.CheckConstraint(
                condition=Q(question=None, edition=None) | Q(question__isnull=False, edition__isnull=False),
                name="breakdown_of_a_tally_or_of_people",
            ),
        ]

    def __str__(self):
        return f"{self.question_id}/{self.edition_id} {self.dimension}: {self.n}"


class CountedParticipant(models.Model):
    """Somebody whom a programme's breakdowns of people count, as they were at their first released rating.

    `cut` numbers the night since when; erasure empties `participant`, and the count stays.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    participant = models.ForeignKey(Participant, null=True, on_delete=models.PROTECT, related_name="counted")
    cut = models.PositiveIntegerField()
    region = models.CharField(max_length=8, blank=True)
    age_band = models.CharField(max_length=9, blank=True)
    gender = models.CharField(max_length=6, blank=True)
    channel = models.CharField(max_length=5)

    class Meta:
        verbose_name = _("counted participant")
        verbose_name_plural = _("counted participants")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["programme", "participant"], name="participant_counted_once")]

    def __str__(self):
        return str(self.participant_id)


class ProgrammeFigures(models.Model):
    """Figures of a whole programme as of the last night: how many people took part, how many of the published comments
    have an official answer, and what came in day by day.

    `days` are [day, ratings given, {language: comments submitted}], the earliest first; a day is one of the portal's
    own time zone. `people` is {"raters": {question: people who rated}, "authors": people who wrote what is public}.
    """

    programme = models.OneToOneField(Programme, primary_key=True, on_delete=models.PROTECT, related_name="figures")
    cut_at = models.DateTimeField(_("cut"))
    participants = models.PositiveIntegerField(_("participants"), default=0)
    answered = models.PositiveIntegerField(_("answered"), default=0)
    days = models.JSONField(default=list)
    people = models.JSONField(default=dict, db_default={})

    class Meta:
        verbose_name = _("figures of a programme")
        verbose_name_plural = _("figures of programmes")
        default_permissions = ()

    def __str__(self):
        return f"{self.programme_id}: {self.participants}"


class Margins(models.Model):
    """How a country's population is made up, with the source: what weighted results are raked to.

    `numbers` is {dimension: {group: people}} for region, age band and gender.
    """

    country = models.CharField(_("country"), max_length=2, primary_key=True)
    as_of = models.DateField(_("as of"))
    source_name = models.CharField(_("source"), max_length=300)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    numbers = models.JSONField()
    loaded_at = models.DateTimeField(_("loaded"), auto_now=True)

    class Meta:
        verbose_name = _("margins of a population")
        verbose_name_plural = _("margins of populations")
        default_permissions = ()

    def __str__(self):
        return self.country


class WeightedResult(models.Model):
    """The share of 4 and 5 of (question, substantive edition), raked to the population, beside the raw one.

    `n` gave region, age band and gender. Shares are 0-1 in whole percents; `low` and `high` bound the weighted one
    (95%). Without a weighted share, `reason` says why. `history` are the cuts so far, by log and entry.
    """

    class Reason(models.TextChoices):
        TOO_FEW = "too_few", _("too few people gave region, year of birth and gender")
        APART = "apart", _("fewer than ten people could be told apart")
        MISSING = "missing", _("a group of the population is not among the participants")
        UNSTABLE = "unstable", _("the weights would be too unequal")

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="weighted_results")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="weighted_results")
    cut_at = models.DateTimeField(_("cut"))
    seq = models.PositiveBigIntegerField(_("ledger entry"), null=True)
    # Up to which entry, and when, the night has looked, whether or not that made a new cut.
    looked_seq = models.PositiveBigIntegerField(null=True)
    looked_at = models.DateTimeField(null=True)
    n = models.PositiveIntegerField(_("participants"))
    positive = models.FloatField(null=True)
    raw_positive = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    effective_n = models.FloatField(_("effective sample size"), null=True)
    design_effect = models.FloatField(_("design effect"), null=True)
    reason = models.CharField(_("reason"), max_length=8, choices=Reason, blank=True)
    history = models.JSONField(default=list)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("weighted result")
        verbose_name_plural = _("weighted results")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["question", "edition"], name="one_weighted_result")]

    def __str__(self):
        return f"{self.question_id}/{self.edition_id}: {self.n}"

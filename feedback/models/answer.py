"""What the body in charge answers: to a measure, to comments, and at the end to everybody."""

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.models.comment import Comment, State
from feedback.models.person import StaffMember
from portal.localized import LANGUAGES
from principles.models import Edition, Measure, Programme, Reading


class AnswerQuerySet(models.QuerySet):
    """The one door to answers: drafts and answers whose time has not come leak through none."""

    def published(self):
        return self.filter(published_at__isnull=False)

    def due(self, now=None):
        """Drafts whose time of publication has come."""
        return self.filter(published_at=None, publish_at__lte=now or timezone.now())

    def on(self, measure: Measure):
        return self.filter(measure=measure)

    def newest_first(self):
        return self.order_by("-published_at", "-pk")

    def after(self, published_at, pk):
        """Those after (`published_at`, `pk`) in newest-first order: the next page of a keyset."""
        return self.filter(Q(published_at__lt=published_at) | Q(published_at=published_at, pk__lt=pk))

    def with_facts(self):
        """With what came of them, and how many of the comments that they answer everybody may read."""
        shown = AnsweredComment.objects.of_visible().filter(answer=OuterRef("pk")).order_by().values("answer")
        number = Coalesce(Subquery(shown.annotate(number=Count("pk")).values("number")), 0)
        return self.select_related("edition", "reading", "measure__current_edition").annotate(comment_count=number)


class Answer(models.Model):
    """An official answer to a measure, or to one or many comments on it: an outcome with its reason.

    A draft until `published_at`; with `publish_at` set it is published at that time. One language is enough, the
    others are labelled as missing.
    """

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        PARTLY = "partly", _("accepted in part")
        DECLINED = "declined", _("declined")
        DONE = "done", _("already done")
        CLARIFIED = "clarified", _("clarified")

    measure = models.ForeignKey(Measure, verbose_name=_("measure"), on_delete=models.PROTECT, related_name="answers")
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome)
    text = models.TextField(_("answer and reason"), max_length=10000, blank=True)
    body = models.CharField(_("body in charge"), max_length=200, blank=True)
    answered_on = models.DateField(_("date of the answer"))
    link = models.URLField(_("link"), max_length=500, blank=True)
    # What changed because of it.
    edition = models.ForeignKey(
        Edition,
        verbose_name=_("edition that came of it"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="answers",
    )
    reading = models.ForeignKey(
        Reading,
        verbose_name=_("reading that came of it"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    comments = models.ManyToManyField(
        Comment, verbose_name=_("comments"), through="AnsweredComment", related_name="answers", blank=True
    )
    by = models.ForeignKey(StaffMember, verbose_name=_("by"), on_delete=models.PROTECT, related_name="answers")
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    publish_at = models.DateTimeField(_("publish at"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    changed_at = models.DateTimeField(_("changed after publication"), null=True, blank=True, editable=False)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["accepted", "partly", "declined", "done", "clarified"]),
                name="answer_outcome_known",
            )
        ]
        indexes = [
            models.Index(
                fields=["measure", "-published_at"],
                condition=Q(published_at__isnull=False),
                name="answer_by_measure",
            ),
            models.Index(fields=["-published_at"], condition=Q(published_at__isnull=False), name="answer_newest"),
            models.Index(fields=["publish_at"], condition=Q(published_at=None), name="answer_due"),
        ]

    def __str__(self):
        return self.code

    def get_absolute_url(self):
        return reverse("answer", args=[self.pk])

    @property
    def code(self) -> str:
        """The name of the answer in addresses, in the API and in the ledger."""
        return f"a{self.pk}"

    @property
    def missing_languages(self) -> list[str]:
        """The languages that its text does not exist in yet."""
        return [language for language in LANGUAGES if not getattr(self, f"text_{language}")]


class AnsweredCommentQuerySet(models.QuerySet):
    def published(self):
        return self.filter(published_at__isnull=False)

    def of_visible(self):
        """Of comments that everybody may read: of others, nothing shows."""
        return self.published().filter(comment__state=State.PUBLISHED)


class AnsweredComment(models.Model):
    """That an answer answers a comment: for everybody since `published_at`, in a draft where that is blank."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="answered")
    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="answered_by")
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)

    objects = AnsweredCommentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["answer", "comment"], name="one_answer_per_comment_once")]

    def __str__(self):
        return f"{self.answer_id}: {self.comment_id}"


class ClosingStatementQuerySet(models.QuerySet):
    def published(self):
        return self.filter(published_at__isnull=False)


class ClosingStatement(models.Model):
    """What heads a programme when its consultation has closed: what was heard, what changes, what does not and why."""

    programme = models.OneToOneField(
        Programme, verbose_name=_("programme"), on_delete=models.PROTECT, related_name="closing_statement"
    )
    heard = models.TextField(_("what we heard"), max_length=10000, blank=True)
    changes = models.TextField(_("what changes"), max_length=10000, blank=True)
    unchanged = models.TextField(_("what does not change, and why"), max_length=10000, blank=True)
    by = models.ForeignKey(StaffMember, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    objects = ClosingStatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("closing statement")
        verbose_name_plural = _("closing statements")

    def __str__(self):
        return str(self.programme)

    @property
    def missing_languages(self) -> list[str]:
        """The languages that no part of it exists in yet."""
        parts = ("heard", "changes", "unchanged")
        return [each for each in LANGUAGES if not any(getattr(self, f"{part}_{each}") for part in parts)]

"""What participants say: comments with their versions."""

import uuid

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.models.person import Participant
from principles.models import Measure


class Moderation(models.TextChoices):
    PENDING = "pending", _("waiting for moderation")
    PUBLISHED = "published", _("published")
    HIDDEN = "hidden", _("hidden")


class State(models.TextChoices):
    """The public state: erased > withdrawn > moderation."""

    PENDING = "pending", _("waiting for moderation")
    PUBLISHED = "published", _("published")
    HIDDEN = "hidden", _("hidden")
    WITHDRAWN = "withdrawn", _("withdrawn")
    ERASED = "erased", _("erased")


class Stance(models.TextChoices):
    FOR = "for", _("for")
    AGAINST = "against", _("against")
    NEUTRAL = "neutral", _("neutral")


class Language(models.TextChoices):
    KK = "kk", _("Kazakh")
    RU = "ru", _("Russian")
    EN = "en", _("English")


class Channel(models.TextChoices):
    WEB = "web", _("web")
    API = "api", _("API")
    PAPER = "paper", _("paper")


# Comments that are new or were edited, and wait for the staff: what an index and those who use it say alike.
WAITS = Q(state=State.PENDING) | Q(state=State.PUBLISHED) & ~Q(latest=F("shown"))


class CommentQuerySet(models.QuerySet):
    """The one door to comments: every page, answer, export, feed and count reads through these."""

    def visible(self):
        """Comments whose text everybody may read."""
        return self.filter(state=State.PUBLISHED)

    def public(self):
        """Comments that everybody may know of; those not visible stand as a placeholder without text or author."""
        return self.exclude(state=State.PENDING)

    def by(self, participant: Participant):
        return self.filter(author=participant)

    def on(self, measure: Measure):
        return self.filter(measure=measure)

    def top_level(self):
        return self.filter(parent=None)

    def newest_first(self):
        return self.order_by("-created_at", "-id")

    def before(self, created_at, id_):
        """Those after (`created_at`, `id_`) in newest-first order: the next page of a keyset."""
        rest = Q(created_at__lt=created_at) | Q(created_at=created_at, id__lt=id_)
        return self.filter(rest, created_at__lte=created_at)  # the bound is where the database begins to read

    def below(self, column, number, id_):
        """Those after (`number`, `id_`) in the order of `column` and id, highest first."""
        rest = Q(**{f"{column}__lt": number}) | Q(**{column: number}, id__lt=id_)
        return self.filter(rest, **{f"{column}__lte": number})

    def after(self, created_at, id_):
        """Those after (`created_at`, `id_`) in oldest-first order."""
        rest = Q(created_at__gt=created_at) | Q(created_at=created_at, id__gt=id_)
        return self.filter(rest, created_at__gte=created_at)

    def first_replies_of(self, comments, per_comment: int):
        """The oldest `per_comment` public replies of each of `comments`, oldest first."""
        numbered = (
            self.public()
            .filter(parent__in=[comment.pk for comment in comments])
            .annotate(place=models.Window(RowNumber(), partition_by=F("parent"), order_by=[F("created_at"), F("id")]))
        )
        return numbered.filter(place__lte=per_comment).order_by("created_at", "id")

    def with_text(self):
        """With what a reader's page needs, in one query: the shown version, its author, and the decisions that hid the
        comment or removed a part of it, with their rules."""
        return self.select_related("shown__redaction__rule_version", "author__user", "hiding_decision__rule_version")

    def answered(self):
        """Those with a published official answer."""
        return self.filter(answered_at__isnull=False)


class Comment(models.Model):
    """A stub that is never deleted; what was said sits in its versions, which erasure empties."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    measure = models.ForeignKey(Measure, verbose_name=_("measure"), on_delete=models.PROTECT, related_name="comments")
    edition = models.PositiveIntegerField(_("edition"))
    parent = models.ForeignKey(
        "self",
        verbose_name=_("in reply to"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="replies",
    )
    author = models.ForeignKey(
        Participant, verbose_name=_("author"), null=True, on_delete=models.PROTECT, related_name="comments"
    )
    channel = models.CharField(_("channel"), max_length=5, choices=Channel, default=Channel.WEB)
    moderation = models.CharField(_("moderation"), max_length=9, choices=Moderation)
    hiding_decision = models.ForeignKey(
        "Decision",
        verbose_name=_("hiding decision"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)
    state = models.GeneratedField(
        expression=Case(
            When(erased_at__isnull=False, then=Value("erased")),
            When(withdrawn_at__isnull=False, then=Value("withdrawn")),
            default=F("moderation"),
        ),
        output_field=models.CharField(max_length=9, choices=State),
        db_persist=True,
        verbose_name=_("state"),
    )
    shown = models.ForeignKey(
        "CommentVersion",
        verbose_name=_("shown version"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    latest = models.ForeignKey(
        "CommentVersion",
        verbose_name=_("latest version"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # Of the shown version, or of the first one while none is shown: what lists filter by.
    language = models.CharField(_("language"), max_length=2, choices=Language)
    stance = models.CharField(_("stance"), max_length=7, choices=Stance, blank=True)
    agree_count = models.PositiveIntegerField(_("agree"), default=0)
    disagree_count = models.PositiveIntegerField(_("disagree"), default=0)
    # The two counts as one figure to sort by (`feedback.agreement`), written with them.
    agreement = models.FloatField(_("agreement"), default=0)
    reply_count = models.PositiveIntegerField(_("published replies"), default=0)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True)
    # When the first official answer to it was published.
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        constraints = [
            models.CheckConstraint(
                condition=~Q(moderation="hidden") | Q(hiding_decision__isnull=False),
                name="hidden_has_a_decision",
            ),
            models.CheckConstraint(
                condition=Q(moderation__in=["pending", "published", "hidden"]),
                name="comment_moderation_known",
            ),
            models.CheckConstraint(condition=Q(language__in=["kk", "ru", "en"]), name="comment_language_known"),
            models.CheckConstraint(
                condition=Q(stance__in=["", "for", "against", "neutral"]), name="comment_stance_known"
            ),
            models.CheckConstraint(condition=Q(channel__in=["web", "api", "paper"]), name="comment_channel_known"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="comment_not_its_own_parent"),
        ]
        indexes = [
            models.Index(
                fields=["measure", "-created_at", "-id"],
                condition=Q(parent=None),
                name="comment_thread_by_measure",
            ),
            models.Index(
                fields=["measure", "-agreement", "-id"],
                condition=Q(parent=None, state="published"),
                name="comment_most_agreed",
            ),
            models.Index(
                fields=["measure", "-reply_count", "-id"],
                condition=Q(parent=None, state="published"),
                name="comment_most_discussed",
            ),
            models.Index(
                fields=["parent", "created_at", "id"],
                condition=Q(parent__isnull=False),
                name="comment_replies",
            ),
            models.Index(fields=["author", "-created_at"], name="comment_by_author"),
            # Replies included: what was written about a measure within the last minutes.
            models.Index(fields=["measure", "-created_at"], name="comment_latest"),
            models.Index(fields=["-created_at", "-id"], condition=Q(state="published"), name="comment_newest"),
            models.Index(fields=["created_at", "id"], name="comment_by_time"),
            models.Index(fields=["measure", "created_at", "id"], name="comment_of_measure_by_time"),
            # What the staff alone look for: few of all, and so without a scan of them.
            models.Index(
                fields=["state", "-created_at", "-id"], condition=~Q(state="published"), name="comment_not_shown"
            ),
            models.Index(fields=["-created_at", "-id"], condition=WAITS, name="comment_waits"),
            models.Index(
                fields=["measure", "-created_at", "-id"],
                condition=Q(state="published", answered_at__isnull=False),
                name="comment_answered",
            ),
        ]

    def __str__(self):
        return str(self.pk)

    def get_absolute_url(self):
        return reverse("comment", args=[self.measure.slug, self.pk])

    @property
    def state_label(self) -> str:
        """The public state in the active language."""
        return State(self.state).label

    @property
    def is_visible(self) -> bool:
        return self.state == State.PUBLISHED

    @property
    def has_waiting_edit(self) -> bool:
        return self.moderation == Moderation.PUBLISHED and self.latest_id != self.shown_id


class CommentVersion(models.Model):
    """One text of a comment, with the salt of its commitment; the rows of an erased comment are deleted."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    text = models.TextField(_("text"), max_length=5000)
    language = models.CharField(_("language"), max_length=2, choices=Language)
    stance = models.CharField(_("stance"), max_length=7, choices=Stance, blank=True)
    salt = models.CharField(_("salt"), max_length=64)
    commitment = models.CharField(_("commitment"), max_length=64)
    # Whether readers may look it up: shown once, not replaced within the quiet minutes, not judged unfit.
    public = models.BooleanField(_("public"), default=False)
    # The decision that made this version by removing parts of the one before; the original stays for staff.
    redaction = models.ForeignKey(
        "Decision",
        verbose_name=_("decision that removed a part"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    class Meta:
        ordering = ["comment", "number"]
        verbose_name = _("version of a comment")
        verbose_name_plural = _("versions of comments")
        constraints = [models.UniqueConstraint(fields=["comment", "number"], name="comment_version_unique")]

    def __str__(self):
        return f"{self.comment_id} / {self.number}"

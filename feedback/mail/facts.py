"""What a page or a letter says of a notice, in the active language."""

from datetime import datetime
from functools import cached_property

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from feedback.actions.appeals import appeal_deadline, can_appeal
from feedback.actions.transitions import APPEALABLE
from feedback.mail.links import decided_address
from feedback.models import Appeal, Comment, Decision, Notice, Sanction
from feedback.models.comment import Moderation
from feedback.models.rule import RuleVersion
from feedback.text import detect_language
from portal.localized import Localized, localized
from principles.models import Edition, Measure

Kind, Action = Notice.Kind, Decision.Action
SHORT, LONG = 160, 600  # characters of a comment, and of an official answer
DECIDED = {
    Action.HIDE: _("Your comment has been hidden"),
    Action.REDACT: _("A part of your comment has been removed"),
    Action.DEMAND: _("Your comment has been hidden at an authority's demand"),
    Action.ASK: _("Please edit your comment"),
    Action.PUBLISH: _("Your comment has been published"),
}
EDIT_PUBLISHED = _("The edit of your comment has been published")
SANCTIONED = {
    Sanction.Kind.WARNING: _("You have received a warning"),
    Sanction.Kind.SUSPENSION: _("You cannot write on the portal for a time"),
}
RULED = {
    Appeal.Outcome.UPHELD: _("Your appeal: the decision stands"),
    Appeal.Outcome.REVERSED: _("Your appeal: the decision is reversed"),
}
HEADLINES = {
    Kind.LIFTED: _("Your suspension has ended: you can write again"),
    Kind.ANSWERED: _("Your comment has an official answer"),
    Kind.REPLY: _("Somebody has replied to your comment"),
    Kind.ANSWER: _("An official answer on a measure"),
    Kind.EDITION: _("A measure has a new wording"),
    Kind.CLOSING: _("What came of the consultation"),
}


def headline_of_decision(decision: Decision) -> str:
    edit = decision.action == Action.PUBLISH and decision.from_state == Moderation.PUBLISHED
    return EDIT_PUBLISHED if edit else DECIDED[decision.action]


def excerpt(text: str, length: int = SHORT) -> str:
    """The beginning of `text`, on one line."""
    return Truncator(" ".join(text.split())).chars(length)


class Facts:
    """One notice that was read `with_facts()`; runs no query of its own."""

    def __init__(self, notice: Notice):
        self.notice = notice
        self.comment: Comment | None = notice.comment
        self.appeal: Appeal | None = notice.appeal
        self.decided: Decision | Sanction | None = notice.decision or notice.sanction
        if self.appeal:
            self.decided = self.appeal.decision or self.appeal.sanction
        if isinstance(self.decided, Decision):
            self.decided.comment = self.comment

    @property
    def is_new(self) -> bool:
        return self.notice.read_at is None

    @property
    def template(self) -> str:
        """The part of a letter that tells it."""
        kind = Kind.ANSWER if self.notice.kind == Kind.ANSWERED else self.notice.kind
        return f"feedback/mail/_{kind}.txt"

    @property
    def headline(self) -> str:
        kind = self.notice.kind
        if kind == Kind.DECISION:
            return headline_of_decision(self.decided)
        if kind == Kind.SANCTION:
            return SANCTIONED[self.decided.kind]
        return RULED[self.appeal.outcome] if kind == Kind.RULING else HEADLINES[kind]

    @property
    def path(self) -> str:
        """Where to read on."""
        kind, comment = self.notice.kind, self.comment
        if (
            kind in {Kind.SANCTION, Kind.LIFTED, Kind.RULING}
            or kind == Kind.DECISION
            and self.decided.action in APPEALABLE
        ):
            return decided_address(self.decided)
        if kind == Kind.DECISION and self.decided.action == Action.ASK:
            return reverse("edit-comment", args=[comment.measure.slug, comment.pk])
        if kind == Kind.CLOSING:
            return self.notice.programme.get_absolute_url()
        if kind == Kind.ANSWER:
            return self.notice.answer.get_absolute_url()
        return comment.get_absolute_url() if comment else self.measure.get_absolute_url()

    @property
    def measure(self) -> Measure | None:
        return self.edition and self.edition.measure

    @cached_property
    def edition(self) -> Edition | None:
        """The wording by which to name the measure that it is about."""
        notice = self.notice
        about = notice.answer or self.comment
        edition = notice.edition or (about and about.measure.current_edition)
        if edition and about:
            edition.measure = about.measure
        return edition

    @property
    def quote(self) -> str:
        """The beginning of the comment: of one's own as it is now, of another's as everybody sees it."""
        return excerpt(self._version.text) if self._version else ""

    @property
    def quote_language(self) -> str:
        return self._version.language if self._version else ""

    @property
    def _version(self):
        if self.comment is None:
            return None
        return self.comment.shown if self.notice.kind == Kind.REPLY else self.comment.latest

    @property
    def writer(self) -> str | None:
        """The display name of whoever replied."""
        return self.comment.author.name if self.notice.kind == Kind.REPLY and self.comment.author else None

    @property
    def rule(self) -> RuleVersion | None:
        return self.decided.rule_version if self.decided else None

    @property
    def authority(self) -> str:
        return self.decided.authority if isinstance(self.decided, Decision) else ""

    @property
    def until(self) -> datetime | None:
        """The end of a suspension, as long as it was not lifted."""
        return self.decided.until if isinstance(self.decided, Sanction) and not self.decided.lifted_at else None

    @cached_property
    def explanation(self) -> str:
        """Of the ruling, where there is one, else of what was decided; none of a suspension that is no more."""
        if self.notice.kind == Kind.LIFTED:
            return ""
        return self.appeal.explanation if self.appeal else explanation_of(self.decided)

    @property
    def explanation_language(self) -> str:
        return detect_language(self.explanation)

    @property
    def deadline(self) -> datetime | None:
        """Until when one may appeal; None where one may not, or need not."""
        if self.notice.kind == Kind.LIFTED:
            return None
        return appeal_deadline(self.decided) if self.decided and can_appeal(self.decided) else None

    @property
    def answer_text(self) -> Localized:
        text = localized(self.notice.answer, "text")
        return text._replace(text=excerpt(text.text, LONG))


def explanation_of(decided: Decision | Sanction | None) -> str:
    """Why it was decided; blank where nobody said so, and after erasure."""
    if isinstance(decided, Sanction):
        return decided.explanation
    return decided.explanation.text if hasattr(decided, "explanation") else ""

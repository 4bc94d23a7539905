"""What becomes of one comment: published, edited, hidden, withdrawn, erased, or still waiting."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

from django.db.models import Model

from feedback.actions.comments import QUIET_MINUTES
from feedback.demo.bank import load_bank
from feedback.demo.leaves import Line, comment_line, decision_line, departure_line
from feedback.demo.people import Person
from feedback.demo.rhythm import hour, moment
from feedback.demo.words import Writer
from feedback.ledger.canonical import comment_commitment
from feedback.models import Comment, CommentVersion, Decision, DecisionExplanation, Rule, StaffMember
from feedback.models.comment import Moderation, State

ROLE = "moderator"
QUIET = QUIET_MINUTES.total_seconds()
# How often each end comes, and how often a comment is edited: quietly within the first minutes, or visibly later.
ENDS = {"": 92.5, "hidden": 3.5, "withdrawn": 3.5, "erased": 0.5}
EDITS = {"": 92, "quiet": 2, "visible": 6}
PENDING = 0.015  # nobody has got round to it, or a number in it holds it back where comments are published at once
# Among the first comments each fate comes once for certain, so that a small demo shows everything.
FIRST = {5: ("", "visible"), 8: ("hidden", ""), 13: ("withdrawn", ""), 19: ("erased", ""), 23: ("pending", "")}


@dataclass(frozen=True)
class Fate:
    """What is to become of a comment, as far as time allows."""

    end: str
    edit: str

    @classmethod
    def of(cls, chance: random.Random, number: int) -> "Fate":
        """The fate of the comment `number`, counted from 0."""
        drawn = cls(*(chance.choices(list(odds), list(odds.values()))[0] for odds in (ENDS, EDITS)))
        if chance.random() < PENDING and not drawn.end:
            drawn = cls("pending", "")
        return cls(*FIRST[number]) if number in FIRST else drawn


@dataclass
class Moderator:
    """The demo's one moderator, the rules in force, and the keys of decisions to come."""

    staff: StaffMember
    rules: list[Rule]
    first_decision: int
    numbers: Iterator[int] = field(init=False)

    def __post_init__(self):
        self.numbers = count(self.first_decision)


@dataclass
class Story:
    """One comment from its first version to `until`: its rows in their final form, and its ledger entries in time."""

    chance: random.Random
    comment: Comment
    author: Person
    programme: str
    measure: str
    moderator: Moderator
    writer: Writer
    new_version: Callable[[], int]
    until: float
    lines: list[tuple[float, Line]] = field(default_factory=list)
    versions: list[CommentVersion] = field(default_factory=list)
    decisions: list[Model] = field(default_factory=list)
    published_at: float | None = None  # when readers could first see it
    gone_at: float | None = None  # since when they cannot any more
    rule: Rule | None = None  # under which it is hidden
    last: float = 0.0

    def run(self, at: float, text: str, fate: Fate, *, moderated_first: bool) -> None:
        """Let everything happen that fits before `until`."""
        comment = self.comment
        comment.created_at, self.last = moment(at), at
        rule = self._rule(fate)
        if rule:
            text = self.writer.unfit(rule.code, language=comment.language) or text
        held = fate.end == "pending" and not moderated_first
        if held:
            text = f"{text} {self.writer.held(language=comment.language)}"
        comment.moderation = Moderation.PENDING if moderated_first or held else Moderation.PUBLISHED
        self._write(text, at, edited=False, shown=not moderated_first and not held)
        if held:
            return
        if moderated_first:
            self._judge_first(fate, rule)
        else:
            self.published_at = at
        if fate.edit and comment.moderation == Moderation.PUBLISHED:
            self._edit(fate.edit, moderated_first=moderated_first)
        if fate.end == "hidden" and comment.moderation == Moderation.PUBLISHED and not moderated_first:
            self._decide(Moderation.HIDDEN, rule, after=(600, 30 * 3600))
        elif fate.end in {"withdrawn", "erased"}:
            self._depart(fate.end)

    @property
    def state(self) -> str:
        """The public state, as the database's generated column has it."""
        if self.comment.erased_at:
            return State.ERASED
        return State.WITHDRAWN if self.comment.withdrawn_at else self.comment.moderation

    def rows(self) -> Iterator[Model]:
        """Every row of the comment but others' votes and reports."""
        yield self.comment
        yield from self.versions
        yield from self.decisions

    def _rule(self, fate: Fate) -> Rule | None:
        if fate.end != "hidden":
            return None
        known = [rule for rule in self.moderator.rules if rule.code in load_bank()["unfit"]]
        return self.chance.choice(known or self.moderator.rules)

    def _later(self, shortest: float, longest: float) -> float | None:
        """A moment after the last one, in seconds between the given ones; None where it lies behind `until`."""
        at = self.last + self.chance.uniform(shortest, longest)
        if at >= self.until:
            return None
        self.last = at
        return at

    def _names(self, at: float) -> dict[str, str]:
        return {"programme": self.programme, "measure": self.measure, "id_": str(self.comment.pk), "hour": hour(at)}

    def _write(self, text: str, at: float, *, edited: bool, shown: bool) -> None:
        """A version, and its entry in the ledger."""
        comment = self.comment
        salt = self.chance.randbytes(32).hex()
        version = CommentVersion(
            pk=self.new_version(),
            comment_id=comment.pk,
            number=len(self.versions) + 1,
            text=text,
            language=comment.language,
            stance=comment.stance,
            salt=salt,
            commitment=comment_commitment(
                text=text,
                author=self.author.pseudonym,
                language=comment.language,
                stance=comment.stance,
                salt=salt,
            ),
            public=shown,
            created_at=moment(at),
        )
        self.versions.append(version)
        comment.latest_id = version.pk
        if shown:
            comment.shown_id = version.pk
        line = comment_line(
            edition=comment.edition,
            parent=str(comment.parent_id) if comment.parent_id else None,
            channel=comment.channel,
            moderation=Moderation.PUBLISHED if shown else Moderation.PENDING,
            commitment=version.commitment,
            edited=edited,
            **self._names(at),
        )
        self.lines.append((at, line))

    def _judge_first(self, fate: Fate, rule: Rule | None) -> None:
        """A moderator looks at a new comment within the day, or has not got round to it."""
        if fate.end == "pending":
            return
        to = Moderation.HIDDEN if rule else Moderation.PUBLISHED
        at = self._decide(to, rule, after=(600, 20 * 3600))
        if at and not rule:
            self.published_at = at

    def _edit(self, kind: str, *, moderated_first: bool) -> None:
        """A second version; where the programme moderates first, it waits for a decision of its own."""
        first = self.versions[0]
        quiet = kind == "quiet" and not moderated_first
        at = self._later(60, QUIET - 60) if quiet else self._later(QUIET + 60, 40 * 3600)
        if at is None:
            return
        text = self.writer.addition(first.text, language=first.language)
        self._write(text, at, edited=True, shown=not moderated_first)
        if quiet:
            first.public = False
        elif moderated_first:
            self._decide(Moderation.PUBLISHED, None, after=(600, 20 * 3600))
        else:
            self.comment.edited_at = moment(at)

    def _decide(self, to: str, rule: Rule | None, *, after: tuple[float, float]) -> float | None:
        """The moderator publishes or hides the latest version; when, or None where there was no time for it."""
        at = self._later(*after)
        if at is None:
            return None
        comment, judged = self.comment, self.versions[-1]
        decision = Decision(
            pk=next(self.moderator.numbers),
            comment_id=comment.pk,
            action=Decision.Action.HIDE if to == Moderation.HIDDEN else Decision.Action.PUBLISH,
            rule_version_id=rule.current_version_id if rule else None,
            rule_id=rule.pk if rule else None,
            by_id=self.moderator.staff.pk,
            role=ROLE,
            version=judged.number,
            commitment=judged.commitment,
            language=judged.language,
            since=judged.created_at,
            from_state=comment.moderation,
            to_state=to,
            created_at=moment(at),
        )
        self.decisions.append(decision)
        line = decision_line(
            version=judged.commitment,
            to=to,
            rule=rule.code if rule else None,
            decision=decision.pk,
            role=ROLE,
            **self._names(at),
        )
        self.lines.append((at, line))
        comment.moderation = to
        judged.public = to == Moderation.PUBLISHED
        if to == Moderation.HIDDEN:
            self._explain(decision, rule, at)
        elif comment.shown_id != judged.pk:
            if comment.shown_id:
                comment.edited_at = moment(at)
            comment.shown_id = judged.pk
        return at

    def _explain(self, decision: Decision, rule: Rule, at: float) -> None:
        self.comment.hiding_decision_id = decision.pk
        self.rule, self.gone_at = rule, at
        texts = load_bank()["explanation"]
        text = texts.get(rule.code, texts["other"])[self.comment.language]
        self.decisions.append(DecisionExplanation(decision_id=decision.pk, text=text))

    def _depart(self, end: str) -> None:
        """The author takes the comment back, or its text is erased: then nothing but the stub stays."""
        at = self._later(3600, 96 * 3600)
        if at is None:
            return
        comment = self.comment
        self.lines.append((at, departure_line(kind=f"comment_{end}", **self._names(at))))
        if self.published_at is not None:
            self.gone_at = at
        if end == "withdrawn":
            comment.withdrawn_at = moment(at)
            return
        comment.erased_at = moment(at)
        comment.author_id = comment.shown_id = comment.latest_id = None
        comment.stance = ""
        self.versions.clear()

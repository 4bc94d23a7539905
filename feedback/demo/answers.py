"""What an invented body answers: to measures, to single comments and to several at once; some of it still a draft."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

from django.utils import timezone

from feedback.demo.bank import load_bank
from feedback.demo.fate import Story
from feedback.demo.leaves import Line, answer_line
from feedback.demo.rhythm import Rhythm, hour, moment
from feedback.demo.words import Subject
from feedback.ledger.leaves import answer_digest
from feedback.models import Answer, AnsweredComment, Comment, StaffMember
from feedback.models.comment import State
from principles.models import Measure

OUTCOMES = {"clarified": 34, "partly": 22, "accepted": 18, "declined": 16, "done": 10}
# Which languages an answer is written in, one after the other.
WRITTEN = (("kk", "ru", "en"), ("kk", "ru"), ("ru",), ("kk", "ru", "en"), ("kk",))
ANSWERED = 0.12  # of comments that stay published
TOGETHER, TOGETHER_WEIGHTS = (1, 2, 3, 5, 8), (50, 20, 14, 10, 6)  # how many comments one answer answers
MOST_PER_MEASURE = 40
EVERY_THIRD = 3  # measure has an answer of its own
DAY = 86400
STILL_DRAFTS = 3
LATER = timedelta(days=30)


@dataclass
class _Waiting:
    """Comments on one measure that are to be answered together, and since when the last of them can be read."""

    wanted: int = 1
    comments: list[str] = field(default_factory=list)
    since: float = 0.0
    answers: int = 0


class Answers:
    """Answers with their ledger entries in time; `write` writes the rows once the comments are written."""

    def __init__(self, chance: random.Random, *, programme: str, rhythm: Rhythm, by: StaffMember, first: int):
        self._chance, self._programme, self._rhythm, self._by = chance, programme, rhythm, by
        self._keys, self._number = count(first), count()
        self._waiting: dict[int, _Waiting] = {}
        self._answers: list[Answer] = []
        self._ties: list[AnsweredComment] = []

    def to_measures(self, topics: list) -> Iterator[tuple[float, Line]]:
        """Answers to every third measure, in any order of time; behind them a few that are not published yet."""
        for topic in topics[::EVERY_THIRD]:
            at = self._rhythm.at(self._chance.uniform(0.3, 0.95))
            yield at, self._answer(topic.measure, topic.subject, at, [])
        for number, topic in enumerate(topics[1:][:STILL_DRAFTS]):
            draft = self._draft(topic.measure, topic.subject, self._rhythm.until)
            if number == 0:
                draft.publish_at = moment(self._rhythm.until) + LATER

    def hear(self, topic, story: Story) -> Iterator[tuple[float, Line]]:
        """Take note of a comment; the answer that it completes comes after it."""
        chance = self._chance
        picked = chance.random() < ANSWERED
        waiting = self._waiting.setdefault(topic.measure.pk, _Waiting())
        if not picked or story.state != State.PUBLISHED or waiting.answers == MOST_PER_MEASURE:
            return
        waiting.comments.append(story.comment.pk)
        waiting.since = max(waiting.since, story.last, story.published_at)
        if len(waiting.comments) < waiting.wanted:
            return
        at = waiting.since + chance.uniform(0.3, 5) * DAY
        comments, since, waiting.comments, waiting.since = waiting.comments, waiting.since, [], 0.0
        waiting.wanted = chance.choices(TOGETHER, TOGETHER_WEIGHTS)[0]
        waiting.answers += 1
        if at < self._rhythm.until:
            yield at, self._answer(topic.measure, topic.subject, at, comments, since)
        else:
            draft = self._draft(topic.measure, topic.subject, self._rhythm.until, since)
            self._ties += [AnsweredComment(answer=draft, comment_id=pk) for pk in comments]

    def write(self) -> int:
        """Write the rows, and since when their comments are answered; returns how many answers there are."""
        Answer.objects.bulk_create(self._answers)
        AnsweredComment.objects.bulk_create(self._ties)
        answered: dict = {}
        for tie in self._ties:
            if tie.published_at:
                answered.setdefault(tie.published_at, []).append(tie.comment_id)
        for at, comments in answered.items():
            Comment.objects.filter(pk__in=comments).update(answered_at=at)
        return len(self._answers)

    def _draft(self, measure: Measure, subject: Subject, at: float, since: float = 0.0) -> Answer:
        """An answer that is ready by `at`; begun after what it answers could be read (`since`)."""
        number, bank = next(self._number), load_bank()["answers"]
        outcomes = list(OUTCOMES)
        drawn = self._chance.choices(outcomes, list(OUTCOMES.values()))[0]
        outcome = outcomes[number] if number < len(outcomes) else drawn
        written = WRITTEN[number % len(WRITTEN)]
        texts = {
            f"text_{language}": "\n\n".join(
                self._chance.choice(bank[group][language]).format(measure=subject.title[language])
                for group in (outcome, "reason")
            )
            for language in written
        }
        begun = moment(max(at - self._chance.uniform(0.05, 2) * DAY, since))
        answer = Answer(
            pk=next(self._keys),
            measure=measure,
            outcome=outcome,
            answered_on=timezone.localtime(begun).date(),
            by=self._by,
            created_at=begun,
            **texts,
            **{f"body_{language}": bank["body"][language] for language in written},
        )
        self._answers.append(answer)
        return answer

    def _answer(self, measure: Measure, subject: Subject, at: float, comments: list, since: float = 0.0) -> Line:
        """A published answer, and its entry."""
        answer = self._draft(measure, subject, at, since)
        answer.published_at = moment(at)
        self._ties += [AnsweredComment(answer=answer, comment_id=pk, published_at=moment(at)) for pk in comments]
        return answer_line(
            programme=self._programme,
            measure=measure.slug,
            code=answer.code,
            comments=sorted(map(str, comments)),
            outcome=answer.outcome,
            digest=answer_digest(answer),
            hour=hour(at),
        )

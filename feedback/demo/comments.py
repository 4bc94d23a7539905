"""What people say to each other: threads of comments, with everything that happened to each of them since."""

import random
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import accumulate, count

from django.db.models import Model

from feedback.demo.answers import Answers
from feedback.demo.fate import Fate, Moderator, Story
from feedback.demo.leaves import Line
from feedback.demo.people import Person
from feedback.demo.ratings import Event
from feedback.demo.reactions import Reactions
from feedback.demo.rhythm import Rhythm
from feedback.demo.words import Subject, Writer
from feedback.models import Comment
from feedback.models.comment import Moderation
from principles.models import Measure

# Replies of a top-level comment: 0, 1, … and how often; about 30 of 100 comments are replies.
REPLIES, REPLY_WEIGHTS = (0, 1, 2, 3, 5, 8), (76, 12, 6, 3, 2, 1)
DAYS_OF_REPLYING = 4
RELATIONS = {"agree": 48, "disagree": 30, "ask": 22}
OPPOSITE = {"for": "against", "against": "for"}
SPEAKS_OWN_LANGUAGE = 0.93


@dataclass
class Topic:
    """A measure to talk about, how often it is talked about, and how people lean."""

    measure: Measure
    subject: Subject
    weight: float
    appeal: float  # about -1 … 1
    counts: Counter = field(default_factory=Counter)  # comments by public state

    def stance(self, chance: random.Random) -> str:
        """for, against, neutral, or "" where the author picks none."""
        weights = (45 + 25 * self.appeal, 25 - 18 * self.appeal, 14, 16)
        return chance.choices(("for", "against", "neutral", ""), weights)[0]


class Threads:
    """Makes threads in order of time, hands their rows to `add`, and gives their ledger entries as events."""

    def __init__(
        self,
        chance: random.Random,
        *,
        programme: str,
        moderated_first: bool,
        topics: list[Topic],
        people: list[Person],
        moderator: Moderator | None,
        rhythm: Rhythm,
        first_version: int,
        answers: Answers | None,
        add: Callable[[Model], None],
    ):
        self._chance, self._topics, self._people, self._rhythm, self._add = chance, topics, people, rhythm, add
        self._programme, self._moderated_first, self._moderator = programme, moderated_first, moderator
        self._writer = Writer(chance)
        self._reactions = Reactions(chance, people, moderator, add)
        self._weights = list(accumulate(topic.weight for topic in topics))
        self._versions = count(first_version)
        self._later: list[tuple[float, int, Event]] = []  # a heap of what has yet to join the ledger
        self._order = count()
        self._answers = answers
        self.made = 0

    def events(self, total: int) -> Iterator[Event]:
        """`total` comments and replies with what is answered to them; events in order of time."""
        if self._answers:
            self._put_off(self._answers.to_measures(self._topics))
        while self.made < total:
            at = self._rhythm.at((self.made + self._chance.random()) / total)
            while self._later and self._later[0][0] <= at:
                yield heappop(self._later)[2]
            self._thread(at, total - self.made)
        while self._later:
            yield heappop(self._later)[2]

    def _thread(self, at: float, left: int) -> None:
        chance = self._chance
        topic = chance.choices(self._topics, cum_weights=self._weights)[0]
        author = chance.choice(self._people)
        stance = topic.stance(chance)
        language = self._language(author)
        text = self._writer.comment(topic.subject, language=language, region=author.region, stance=stance)
        story = self._tell(topic, author, at, language=language, stance=stance, text=text)
        self._finish(topic, story, author)
        if story.published_at is None:
            return
        end = min(story.gone_at or self._rhythm.until, story.published_at + DAYS_OF_REPLYING * 86400)
        number = min(chance.choices(REPLIES, REPLY_WEIGHTS)[0], left - 1)
        parts = sorted(chance.random() ** 2 for _ in range(number))
        for part in parts:
            self._reply(topic, story.comment, self._rhythm.between(story.published_at, end, part))

    def _reply(self, topic: Topic, parent: Comment, at: float) -> None:
        chance = self._chance
        author = chance.choice(self._people)
        if author.pk == parent.author_id:  # few answer themselves
            author = chance.choice(self._people)
        relation = chance.choices(list(RELATIONS), list(RELATIONS.values()))[0]
        stance = {
            "agree": parent.stance,
            "disagree": OPPOSITE.get(parent.stance, parent.stance),
            "ask": chance.choice(["neutral", ""]),
        }[relation]
        language = parent.language if chance.random() < 0.75 else self._language(author)
        text = self._writer.reply(
            topic.subject, language=language, region=author.region, relation=relation, stance=stance
        )
        story = self._tell(topic, author, at, language=language, stance=stance, text=text, parent=parent)
        self._finish(topic, story, author)
        if story.comment.moderation == Moderation.PUBLISHED and story.gone_at is None:
            parent.reply_count += 1

    def _tell(self, topic: Topic, author: Person, at: float, *, language, stance, text, parent=None) -> Story:
        """Write a comment's own rows and put its ledger entries where they belong in time."""
        comment = Comment(
            id=uuid.UUID(int=self._chance.getrandbits(128), version=4),
            measure_id=topic.measure.pk,
            edition=topic.measure.current_edition.number,
            parent_id=parent.pk if parent else None,
            author_id=author.pk,
            channel="api" if self._chance.random() < 0.02 else "web",
            language=language,
            stance=stance,
        )
        story = Story(
            self._chance,
            comment=comment,
            author=author,
            programme=self._programme,
            measure=topic.measure.slug,
            moderator=self._moderator,
            writer=self._writer,
            new_version=lambda: next(self._versions),
            until=self._rhythm.until,
        )
        story.run(at, text, Fate.of(self._chance, self.made), moderated_first=self._moderated_first)
        self.made += 1
        self._put_off(story.lines)
        return story

    def _put_off(self, lines: Iterable[tuple[float, Line]]) -> None:
        """Keep entries until their time has come."""
        for moment, line in lines:
            heappush(self._later, (moment, next(self._order), Event(moment, [line])))

    def _finish(self, topic: Topic, story: Story, author: Person) -> None:
        """Votes and reports by others, then the rows."""
        self._reactions.to(story, author, fate_number=self.made)
        for row in story.rows():
            self._add(row)
        topic.counts[story.state] += 1
        if self._answers:
            self._put_off(self._answers.hear(topic, story))

    def _language(self, person: Person) -> str:
        if self._chance.random() < SPEAKS_OWN_LANGUAGE:
            return person.language
        return self._chance.choice(["kk", "ru"])

"""What others do with a comment: agree, disagree, report."""

import random
from collections.abc import Callable

from django.db.models import Model

from feedback.agreement import agreement
from feedback.demo.bank import load_bank
from feedback.demo.fate import Moderator, Story
from feedback.demo.people import Person
from feedback.demo.rhythm import moment
from feedback.models import CommentVote, Report

# Votes follow a long tail, two to a comment on average, with a bound for the one that everybody sees.
TAIL, SCALE = 1.75, 1.6
MOST_VOTES = 60
REPORTED = 0.015  # of visible comments
FIRST_REPORTED = 11  # one of the first for certain


class Reactions:
    """Draws votes and reports for each comment and hands their rows to `add`."""

    def __init__(self, chance: random.Random, people: list[Person], moderator: Moderator, add: Callable[[Model], None]):
        self._chance, self._people, self._moderator, self._add = chance, people, moderator, add

    def to(self, story: Story, author: Person, *, fate_number: int) -> None:
        """Everything that others do with one comment while they can see it; its counters are set."""
        if story.published_at is None:
            return
        self._vote(story, author)
        erased = story.comment.erased_at is not None
        hidden = story.rule is not None
        if hidden or (not erased and (fate_number == FIRST_REPORTED or self._chance.random() < REPORTED)):
            self._report(story, author)

    def _others(self, author: Person, number: int) -> list[Person]:
        number = min(number, len(self._people) - 1)
        drawn = self._chance.sample(self._people, min(number + 1, len(self._people)))
        return [person for person in drawn if person.pk != author.pk][:number]

    def _vote(self, story: Story, author: Person) -> None:
        number = min(int(self._chance.paretovariate(TAIL) * SCALE) - 1, MOST_VOTES)
        agreeing = self._chance.betavariate(3.2, 1.4)
        for voter in self._others(author, number):
            value = 1 if self._chance.random() < agreeing else -1
            self._add(CommentVote(comment_id=story.comment.pk, participant_id=voter.pk, value=value))
            if value == 1:
                story.comment.agree_count += 1
            else:
                story.comment.disagree_count += 1
        story.comment.agreement = agreement(story.comment.agree_count, story.comment.disagree_count)

    def _report(self, story: Story, author: Person) -> None:
        chance = self._chance
        rule = story.rule or chance.choice(self._moderator.rules)
        end = story.gone_at or story.until
        for reporter in self._others(author, chance.choice([1, 1, 1, 2, 3])):
            self._add(
                Report(
                    comment_id=story.comment.pk,
                    participant_id=reporter.pk,
                    rule_id=rule.pk,
                    note=chance.choice(load_bank()["report_note"][reporter.language]),
                    created_at=moment(chance.uniform(story.published_at, end)),
                    handled_at=moment(end) if story.rule else None,
                )
            )

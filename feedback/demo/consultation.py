"""Making the whole consultation: refusing where it has no place, planning, writing in one transaction."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import merge
from itertools import islice
from operator import itemgetter

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F, Model
from django.utils import timezone

from feedback.actions.access import staff_member_of
from feedback.demo.answers import Answers
from feedback.demo.bank import stream
from feedback.demo.comments import Threads, Topic
from feedback.demo.desk import fill_desk
from feedback.demo.fate import Moderator
from feedback.demo.loading import insert
from feedback.demo.people import DOMAIN, Person, make_people, regions_of_country
from feedback.demo.ratings import Mood, Pool, share_out
from feedback.demo.rhythm import Rhythm
from feedback.demo.words import Subject
from feedback.demo.writing import BATCH, Writing, next_key, reset_sequences
from feedback.ledger import store
from feedback.ledger.figures import Sums
from feedback.ledger.sequencer import sequence
from feedback.models import Answer, Comment, CommentCount, CommentVersion, Decision, Participant, Rating, Rule, Tally
from principles.models import Edition, Measure, Programme, Question

LASTING = timedelta(weeks=6)
HOT = 0.1  # of all ratings and comments are about one measure
FADING = 0.7  # how fast interest falls from one measure to the next
QUESTION_WEIGHTS = (1.0, 0.7)  # the first question is answered more often than the others
MODERATOR = f"demo-moderator{DOMAIN}"


class OutOfPlace(Exception):
    """Demo data has no place here; the text says why, in one line."""


@dataclass(frozen=True)
class Size:
    """How much is wanted."""

    participants: int
    comments: int
    ratings: int


@dataclass(frozen=True)
class Made:
    """What was made: rows by model, comments by public state."""

    programme: Programme
    rows: dict[type[Model], int]
    states: Counter


def make_consultation(
    size: Size, *, seed: int, until: datetime, programme: str | None, tell: Callable[[dict[type[Model], int]], None]
) -> Made:
    """Write participants, ratings and comments of the six weeks before `until`, all or nothing.

    Same seed, size, `until` and programme on the same database: same contents. `tell` hears of the rows written so
    far. Raises `OutOfPlace` and writes nothing where there are real participants or something is missing.
    """
    refuse(size, until=until, slug=programme)
    sequence()
    with transaction.atomic():
        store.lock()
        return _make(size, seed, until, refuse(size, until=until, slug=programme), tell)


def refuse(size: Size, *, until: datetime, slug: str | None) -> Programme:
    """The programme to fill, or `OutOfPlace`."""
    if min(size.participants, size.comments, size.ratings) < 0:
        raise OutOfPlace("Numbers of participants, comments and ratings count from 0.")
    if Participant.objects.exclude(user__email__endswith=DOMAIN).exists():
        raise OutOfPlace("There are real participants here: demo data would mix invented voices into theirs.")
    programmes = Programme.objects.filter(slug=slug) if slug else Programme.objects.all()
    programme = programmes.first()
    if programme is None:
        raise OutOfPlace(f"There is no programme “{slug}”." if slug else "No programme is loaded: run load_programme.")
    if not regions_of_country().exists():
        raise OutOfPlace("No regions are loaded: run load_regions.")
    if not Rule.objects.in_force().exists():
        raise OutOfPlace("No rules of participation are loaded: run load_rules.")
    if until > timezone.now() or not programme.is_open() or until - _start(programme, until) < timedelta(hours=1):
        raise OutOfPlace("The consultation must be open, and have been so for an hour before the demo's end.")
    if (
        Comment.objects.filter(measure__principle__programme=programme).exists()
        or Rating.objects.filter(question__programme=programme).exists()
    ):
        raise OutOfPlace(f"“{programme.slug}” has comments or ratings already.")
    _refuse_sizes(size, programme)
    return programme


def _refuse_sizes(size: Size, programme: Programme) -> None:
    measures, questions = measures_of(programme).count(), programme.questions.count()
    most = size.participants * measures * questions
    if size.ratings > most:
        raise OutOfPlace(
            f"{size.participants} participants can give at most {most} ratings: one for each of {questions} questions "
            f"about each of {measures} measures."
        )
    if size.comments and not (size.participants and measures):
        raise OutOfPlace("Comments need participants to write them and measures to write about.")


def measures_of(programme: Programme):
    """Measures that can be answered, in the programme's order."""
    measures = Measure.objects.with_wording().in_force().filter(principle__programme=programme)
    return measures.exclude(current_edition=None).order_by("principle__order", "principle", "order", "pk")


def _start(programme: Programme, until: datetime) -> datetime:
    return max(until - LASTING, programme.opens_at) if programme.opens_at else until - LASTING


def _make(size: Size, seed: int, until: datetime, programme: Programme, tell) -> Made:
    def chance(*names: str) -> random.Random:
        return stream(seed, programme.slug, *names)

    rhythm = Rhythm(chance("rhythm"), start=_start(programme, until), until=until)
    regions = list(regions_of_country())
    moderator = _moderator() if size.comments else None
    people = _write_people(chance("people"), size.participants, regions, rhythm)
    topics = _topics(chance("topics"), list(measures_of(programme)))
    pools = _pools(size, programme, topics, regions, chance)
    writing = Writing(tell)
    answers = moderator and Answers(
        chance("answers"), programme=programme.slug, rhythm=rhythm, by=moderator.staff, first=next_key(Answer)
    )
    threads = Threads(
        chance("comments"),
        programme=programme.slug,
        moderated_first=programme.moderation == Programme.Moderation.BEFORE,
        topics=topics,
        people=people,
        moderator=moderator,
        rhythm=rhythm,
        first_version=next_key(CommentVersion),
        answers=answers,
        add=writing.add,
    )
    events = [pool.events(people, rhythm, writing.add) for pool in pools]
    for event in merge(threads.events(size.comments), *events, key=itemgetter(0)):
        writing.append(event, programme.slug)
    writing.flush()
    if answers:
        writing.written[Answer] = answers.write()
    _write_tallies(pools)
    states = _write_counts(topics)
    if moderator:
        Sums().add_decisions(Decision.objects.filter(pk__gte=moderator.first_decision)).keep()
    writing.written |= fill_desk(programme)
    reset_sequences(get_user_model(), Participant, CommentVersion, Decision, Answer)
    return Made(programme, {Participant: size.participants} | writing.written, states)


def _moderator() -> Moderator:
    """An account without rights or password, under which the demo's decisions stand."""
    defaults = {"display_name": "Demo moderator", "language": "ru", "password": "!"}
    user, _made = get_user_model().objects.get_or_create(email=MODERATOR, defaults=defaults)
    return Moderator(staff_member_of(user), list(Rule.objects.in_force()), next_key(Decision))


def _write_people(chance: random.Random, number: int, regions: list[Model], rhythm: Rhythm) -> list[Person]:
    people = []
    made = make_people(
        chance,
        number=number,
        after=Participant.objects.count(),
        first_user=next_key(get_user_model()),
        first_participant=next_key(Participant),
        regions=regions,
        start=rhythm.start,
    )
    while batch := list(islice(made, BATCH)):
        persons, users, participants = zip(*batch, strict=True)
        insert(users)
        insert(participants)
        people.extend(persons)
    return people


def _topics(chance: random.Random, measures: list[Measure]) -> list[Topic]:
    """Measures with how much and in which mood they are talked about: one is hot, the others fade."""
    ranks = list(range(len(measures)))
    chance.shuffle(ranks)
    interest = [0 if rank == 0 else (rank + 2) ** -FADING for rank in ranks]
    total = sum(interest) or 1
    return [
        Topic(
            measure=measure,
            subject=Subject.of(measure),
            weight=HOT if rank == 0 else (1 - HOT) * weight / total,
            appeal=chance.uniform(-0.9, 0.9),
        )
        for measure, rank, weight in zip(measures, ranks, interest, strict=True)
    ]


def _pools(size: Size, programme: Programme, topics: list[Topic], regions: list[Model], chance) -> list[Pool]:
    """A pool, with its tally, for each question about each measure that somebody rates."""
    questions = list(Question.objects.filter(programme=programme))
    series = Edition.objects.filter(measure__in=[topic.measure.pk for topic in topics], number=F("series"))
    editions = {(edition.measure_id, edition.number): edition for edition in series}
    asked = [(topic, place, question) for topic in topics for place, question in enumerate(questions)]
    weights = [topic.weight * QUESTION_WEIGHTS[min(place, 1)] for topic, place, _question in asked]
    sizes = share_out(size.ratings, weights, most=size.participants)
    pools = []
    for (topic, place, question), number in zip(asked, sizes, strict=True):
        measure = topic.measure
        edition = editions[measure.pk, measure.current_edition.series]
        own = chance("ratings", measure.slug, question.slug)
        mood = Mood.of(own, appeal=topic.appeal, about_support=place == 0, regions=[region.code for region in regions])
        tally = Tally(question=question, edition=edition)
        if number:
            pools.append(Pool(programme.slug, measure.slug, question.slug, edition.number, tally, number, mood, own))
    Tally.objects.bulk_create([pool.tally for pool in pools])
    return pools


def _write_tallies(pools: list[Pool]) -> None:
    log = store.log_name()
    for pool in pools:
        pool.tally.log = log if pool.tally.seq else ""
        pool.tally.save()


def _write_counts(topics: list[Topic]) -> Counter:
    """Move the counts of comments by what was written; all of it by public state."""
    states: Counter = Counter()
    for topic in topics:
        if topic.counts:
            CommentCount.objects.get_or_create(measure=topic.measure)
            moves = {str(state): F(str(state)) + number for state, number in topic.counts.items()}
            moves["submitted"] = F("submitted") + topic.counts.total()
            CommentCount.objects.filter(measure=topic.measure).update(**moves)
            states += topic.counts
    return states

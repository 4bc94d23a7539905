"""The figures of a programme that are kept each night, so that no page counts a growing table."""

from collections import Counter
from datetime import datetime

from django.db.models import Count
from django.db.models.functions import TruncDate

from feedback.models import Comment, ProgrammeFigures, Rating
from principles.models import Programme


def keep_figures(programme: Programme, now: datetime) -> ProgrammeFigures:
    """Count who took part in `programme` and what came in day by day, and keep that as of `now`."""
    # As the tallies' `n`: what was taken back, and is in no count any more, is no rating.
    ratings = Rating.objects.filter(question__programme=programme).exclude(value=None, released_value=None)
    comments = Comment.objects.public().filter(measure__principle__programme=programme)
    raters = ratings.exclude(participant=None).order_by().values("participant").distinct()
    authors = comments.exclude(author=None).order_by().values("author").distinct()
    by_question = dict(
        ratings.order_by()
        .values("question__slug")
        .annotate(people=Count("participant", distinct=True))
        .order_by("question__slug")
        .values_list("question__slug", "people")
    )
    rated = dict(_by_day(ratings).annotate(number=Count("pk")).values_list("day", "number"))
    said: dict = {}
    for day, language, number in (
        _by_day(comments)
        .values("day", "language")
        .annotate(number=Count("pk"))
        .values_list("day", "language", "number")
    ):
        said.setdefault(day, Counter())[language] += number
    days = [
        [day.isoformat(), rated.get(day, 0), dict(sorted(said.get(day, {}).items()))] for day in sorted({*rated, *said})
    ]
    kept, _made = ProgrammeFigures.objects.update_or_create(
        programme=programme,
        defaults={
            "cut_at": now,
            "participants": raters.union(authors).count(),
            "answered": Comment.objects.visible().answered().filter(measure__principle__programme=programme).count(),
            "days": days,
            "people": {"raters": by_question, "authors": authors.count()},
        },
    )
    return kept


def _by_day(rows):
    return rows.order_by().annotate(day=TruncDate("created_at")).values("day")

"""Search over the comments that everybody may read."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection

from feedback.models import Comment
from feedback.search import engines
from feedback.search.index import ANSWERED, language_place, measure_place
from feedback.search.matching import MOST_RANKED, page_of_matches
from feedback.search.query import Query, beginning, begun_by, nearest

PER_PAGE = 20
MOST_PAGES = MOST_RANKED // PER_PAGE
FEW = 5  # below this many, words that look like the ones typed are tried as well


@dataclass
class FoundComments:
    """One page of comments, how many there are, and how they were found."""

    comments: list[Comment] = field(default_factory=list)
    total: int = 0  # at most 1,000
    over: bool = False  # there are more than 1,000; the newest of them are ranked
    complete: bool = True  # each has all the words
    mended: bool = False  # words that look alike were looked for, too
    stems: frozenset[str] = frozenset()

    @property
    def pages(self) -> int:
        return -(-self.total // PER_PAGE)


def search_comments(
    query: Query,
    *,
    measures: Iterable[int] | None = None,
    language: str = "",
    answered: bool = False,
    newest: bool = False,
    page: int = 1,
    meant: dict[str, frozenset[str]] | None = None,
) -> FoundComments:
    """Comments with all the words of `query`; with words that look like them where those are few; else with any.

    `measures` (ids), `language` and `answered` narrow it down; `meant` is what mistyped words stand for elsewhere.
    """
    if not query.terms:
        return FoundComments()
    places = []
    if measures is not None:
        places.append([measure_place(pk) for pk in measures])
        if not places[0]:
            return FoundComments()
    if language:
        places.append([language_place(language)])
    if answered:
        places.append([ANSWERED])
    ids, total = _matches(query, places, every=True, newest=newest, page=page)
    mended, complete = False, True
    if total < FEW:
        wider = query.with_stems(_look_alikes(query, meant or {}))
        if wider != query:
            more, more_total = _matches(wider, places, every=True, newest=newest, page=page)
            if more_total > total:
                query, ids, total, mended = wider, more, more_total, True
        if not total and len(query.terms) > 1:
            query, complete = wider, False
            ids, total = _matches(wider, places, every=False, newest=newest, page=page)
    shown = Comment.objects.visible().with_text().select_related("measure__current_edition").in_bulk(ids)
    return FoundComments(
        comments=[shown[pk] for pk in ids if pk in shown],
        total=min(total, MOST_RANKED),
        over=total > MOST_RANKED,
        complete=complete,
        mended=mended,
        stems=frozenset().union(*(term.stems for term in query.terms)),
    )


def _matches(query: Query, places, *, every: bool, newest: bool, page: int) -> tuple[list, int]:
    vendor = connection.vendor
    rank = engines.expression(vendor, [term.stems for term in query.terms], every=every)
    where = [f"({rank})", *(engines.expression(vendor, [place], every=True) for place in places)]
    match = (" & " if vendor == "postgresql" else " AND ").join(where)
    ids, total = page_of_matches(match, None if newest else rank, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    return [Comment._meta.pk.to_python(pk) for pk in ids], total


def _look_alikes(query: Query, meant: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """For each word: known ones that it begins or that begin it, and the nearest; and what it stands for elsewhere."""
    found = {}
    for term in query.terms:
        candidates = [word for word in engines.words_like(connection, term.word) if word not in term.stems]
        _letters, words = nearest(term, candidates)
        found[term.word] = (
            words | begun_by(term, candidates) | beginning(term, candidates) | meant.get(term.word, frozenset())
        )
    return {word: stems for word, stems in found.items() if stems}

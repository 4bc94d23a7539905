"""The index of comments holds the words that readers see, and of nothing else."""

import itertools
import uuid

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import connection

from feedback.actions.comments import edit_comment, withdraw_comment
from feedback.actions.departure import delete_account
from feedback.actions.moderation import publish_comment
from feedback.models import Comment, CommentWords, KnownWord
from feedback.search import engines, index, matching
from feedback.search.comments import search_comments
from feedback.search.query import parse
from tests.builders import hide, make_comment, make_moderator, make_participant, seen
from tests.programme_builders import make_measure, make_programme


def words() -> list[str]:
    """What is in the index, without the places."""
    rows = CommentWords.objects.order_by("id").values_list("words", flat=True)
    return [" ".join(word for word in row.split() if not word.startswith(index.PLACE)) for row in rows]


def known() -> set[str]:
    return set(KnownWord.objects.values_list("word", flat=True))


def found(query: str, **narrowed) -> list[str]:
    """Texts of the comments that a query finds."""
    return [comment.shown.text for comment in search_comments(parse(query), **narrowed).comments]


def traces(text: str) -> int:
    """How many blocks of SQLite's full-text tables hold `text`; PostgreSQL has none but the rows themselves."""
    if connection.vendor != "sqlite":
        return 0
    with connection.cursor() as cursor:
        return sum(
            cursor.execute(
                f"SELECT COUNT(*) FROM {table}_data WHERE instr(block, CAST(%s AS BLOB)) > 0",  # noqa: S608
                [text],
            ).fetchone()[0]
            for table in engines.SQLITE_TABLES
        )


@pytest.mark.django_db
def test_a_comment_is_found_from_the_moment_it_is_published_until_it_is_hidden():
    comment = make_comment(make_measure(), text="Schools near the river.")
    assert (words(), known()) == (["school river"], {"school", "river"})
    assert found("school") == ["Schools near the river."]
    hide(comment)
    assert (words(), known(), found("school")) == ([], set(), [])
    comment.refresh_from_db()
    publish_comment(comment, by=make_moderator(), **seen(comment))
    assert (words(), known(), found("school")) == (["school river"], {"school", "river"}, ["Schools near the river."])


@pytest.mark.django_db
def test_a_reply_is_found_too():
    measure = make_measure()
    make_comment(measure, parent=make_comment(measure), text="Bridges first.")
    assert found("bridge") == ["Bridges first."]


@pytest.mark.django_db
def test_what_waits_for_moderation_is_not_found():
    programme = make_programme(moderation="before")
    measure = programme.principles.get().measures.first()
    author = make_participant()
    comment = make_comment(measure, by=author, text="Schools first.")
    assert words() == []
    publish_comment(comment, by=make_moderator(), **seen(comment))
    edit_comment(comment, by=author, text="Rivers first.", language="en")
    assert (words(), known()) == (["school first"], {"school", "first"})
    publish_comment(comment, by=make_moderator(), **seen(comment))
    assert (words(), known()) == (["river first"], {"river", "first"})


@pytest.mark.django_db
def test_an_edit_and_a_withdrawal_reach_the_index_at_once():
    author = make_participant()
    comment = make_comment(make_measure(), by=author, text="Schools first.")
    edit_comment(comment, by=author, text="Rivers first.", language="en")
    assert (words(), known(), found("school")) == (["river first"], {"river", "first"}, [])
    withdraw_comment(comment, by=author)
    assert (words(), known()) == ([], set())


@pytest.mark.django_db
def test_erasure_leaves_no_word_behind():
    measure = make_measure()
    author = make_participant()
    make_comment(measure, text="Rivers and schools.")
    comment = make_comment(measure, by=author, text="CANARYWORD and schools.")
    edit_comment(comment, by=author, text="CANARYTWO and schools.", language="en")
    assert known() == {"river", "school", "canarytwo"}
    assert found("canarytwo") == ["CANARYTWO and schools."]
    delete_account(author.user, erase_comments=True)
    assert (words(), known()) == (["river school"], {"river", "school"})
    assert (traces("anaryw"), traces("anaryt"), traces("ana")) == (0, 0, 0)
    assert found("canarytwo") == []


@pytest.mark.django_db
def test_comments_that_stay_when_their_author_leaves_are_still_found():
    author = make_participant()
    make_comment(make_measure(), by=author, text="Schools first.")
    delete_account(author.user, erase_comments=False)
    assert found("school") == ["Schools first."]


@pytest.mark.django_db
def test_reindexing_makes_the_same_index_again():
    measure = make_measure()
    for text in ("Schools first.", "Rivers, rivers.", "Мектептер мен жолдар."):
        make_comment(measure, text=text, language="")
    hide(make_comment(measure, text="Buy shoes."))
    before = list(CommentWords.objects.order_by("id").values_list("comment", "words")), known()
    call_command("reindex_search", verbosity=0)
    assert (list(CommentWords.objects.order_by("id").values_list("comment", "words")), known()) == before
    CommentWords.objects.all().delete()
    KnownWord.objects.all().delete()
    call_command("reindex_search", verbosity=0)
    assert (list(CommentWords.objects.order_by("id").values_list("comment", "words")), known()) == before
    assert found("rivr") == ["Rivers, rivers."]


@pytest.mark.django_db
def test_words_are_learned_until_there_is_no_more_room(monkeypatch):
    measure = make_measure()
    monkeypatch.setattr(index, "MOST_KNOWN_WORDS", 2)
    make_comment(measure, text="Rivers, schools.")
    make_comment(measure, text="Bridges.")
    last = KnownWord.objects.order_by("id").last().pk
    monkeypatch.setattr(index, "MOST_KNOWN_WORDS", last)
    make_comment(measure, text="Hospitals.")
    assert known() in ({"river", "school"}, {"river", "school", "bridg"})
    assert found("hospital") == ["Hospitals."]
    monkeypatch.setattr(index, "MOST_KNOWN_WORDS", 3)
    call_command("reindex_search", verbosity=0)
    assert (len(known()), max(KnownWord.objects.values_list("id", flat=True))) == (3, 3)


@pytest.mark.django_db
def test_numbers_and_addresses_are_no_words_to_mend_typos_from():
    make_comment(make_measure(), text="Call 87011234567 or write to x@y.kz about flat 12a.")
    assert known() == {"call", "write", "flat"}


@pytest.mark.django_db
@pytest.mark.sqlite
def test_on_sqlite_a_missing_trigger_is_noticed_and_put_back_and_the_index_filled():
    measure = make_measure()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {engines.WORDS}_added")
    make_comment(measure, text="Schools first.")
    assert found("school") == []
    assert [check.msg.split()[0] for check in run_checks(databases=["default"]) if check.id == "feedback.W002"] == [
        f"{engines.WORDS}_added"
    ]
    call_command("migrate", verbosity=0)
    assert found("school") == ["Schools first."]
    assert [check for check in run_checks(databases=["default"]) if check.id == "feedback.W002"] == []


def fill(measure, number: int, *, text=lambda place: f"word{place} common", step: int | None = None) -> None:
    """`number` published comments without text, and their index; its rows' numbers go by `step`, if given."""
    author = make_participant()
    comments = Comment.objects.bulk_create(
        Comment(id=uuid.uuid4(), measure=measure, edition=1, author=author, moderation="published", language="en")
        for _ in range(number)
    )
    CommentWords.objects.bulk_create(
        CommentWords(
            id=(place + 1) * step if step else None,
            comment=comment,
            words=f"{index.measure_place(measure.pk)} ёen {text(place)}",
        )
        for place, comment in enumerate(comments)
    )


@pytest.mark.django_db
def test_the_newest_thousand_are_ranked_and_more_are_said_to_be_over():
    measure = make_measure()
    fill(measure, 1_002)
    found = search_comments(parse("common"), page=50)
    assert (found.total, found.over, found.pages, len(found.comments)) == (1_000, True, 50, 20)
    exactly = search_comments(parse("word17"))
    assert (exactly.total, exactly.over) == (1, False)


@pytest.mark.django_db
@pytest.mark.postgresql
@pytest.mark.parametrize(("step", "width"), [(20, matching.SPAN), (400, matching.WIDE)])
def test_on_postgresql_the_newest_spans_give_what_all_rows_give_and_where_they_have_too_few_more_are_read(step, width):
    def text(place):
        rare = "of old" if place < 3 else "lately" if place > 5_600 else ""
        rare += " before" if place < 5_580 else ""
        return f"frequent {'often' if place % 4 == 0 else ''} {'frequent ' * (place % 3)} {rare}"

    fill(make_measure(), 6_000, text=text, step=step)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE feedback_commentwords")
        spans = {
            word: matching.newest_spans(cursor, f"'{word}'")
            for word in ("frequent", "often", "lately", "old", "before")
        }
        assert spans["often"] == spans["old"] == []
        newest = spans["frequent"][0]
        assert 1_000 * step // width < len(newest) < 6_000 * step // width
        assert (newest[0] < 0) is (width == matching.WIDE)
        assert [] not in (spans["lately"], spans["before"])
    for word in ("frequent", "before"):
        for rank in (f"'{word}'", None):
            for offset in (0, 980):
                page, total = matching.page_of_matches(f"'{word}'", rank, limit=20, offset=offset)
                assert page == page_of_all(f"'{word}'", rank, offset)
                assert total > 1_000
    for word, number in (("often", 1_500), ("lately", 399), ("old", 3), ("never", 0)):
        page, total = matching.page_of_matches(f"'{word}'", f"'{word}'", limit=20, offset=0)
        assert (page, total) == (page_of_all(f"'{word}'", f"'{word}'", 0), number)


def page_of_all(match: str, rank: str | None, offset: int) -> list:
    """A page out of the newest 1,000 of all rows, by a statement that reads them all."""
    with connection.cursor() as cursor:
        order = "ts_rank(vector, %(rank)s::tsquery, 16) DESC, id DESC" if rank else "id DESC"
        cursor.execute(
            f"""SELECT comment_id FROM (SELECT * FROM feedback_commentwords WHERE vector @@ %(match)s::tsquery
                ORDER BY id DESC LIMIT 1000) AS newest ORDER BY {order} LIMIT 20 OFFSET %(offset)s""",
            {"match": match, "rank": rank, "offset": offset},
        )
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.django_db
@pytest.mark.postgresql
@pytest.mark.parametrize("filters", [[], [["ё1", "ё2"], ["ёen"]]], ids=["everywhere", "narrowed"])
def test_on_postgresql_a_search_reads_an_index_and_never_the_whole_table(filters):
    fill(make_measure(), 5_000)
    groups = [["word17", "word18"], *filters]
    match = " & ".join(engines.expression("postgresql", [group], every=True) for group in groups)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE feedback_commentwords")
        for ranked, bounded in itertools.product((True, False), repeat=2):
            statement = matching.search_statement("postgresql", ranked=ranked, bounded=bounded)
            values = {"match": match, "rank": match, "limit": 20, "offset": 0, "spans": [0, 1]}
            cursor.execute(f"EXPLAIN {statement}", values)
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert "Bitmap Index Scan on comment_words_spans" in plan
            assert "Seq Scan" not in plan
        KnownWord.objects.bulk_create(KnownWord(word=f"слово{place}") for place in range(5_000))
        cursor.execute("ANALYZE feedback_knownword")
        cursor.execute("EXPLAIN SELECT word FROM feedback_knownword ORDER BY word <-> 'школы' LIMIT 40")
        assert "Index Scan using known_word_nearest" in "\n".join(row[0] for row in cursor.fetchall())


@pytest.mark.django_db
@pytest.mark.sqlite
def test_on_sqlite_a_search_reads_the_full_text_table_and_never_the_whole_table():
    with connection.cursor() as cursor:
        statement = matching.search_statement("sqlite", ranked=True)
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}", {"match": '"a"', "limit": 20, "offset": 0})
        plan = [row[3] for row in cursor.fetchall()]
    assert any("VIRTUAL TABLE INDEX" in step for step in plan)
    assert [step for step in plan if step.startswith("SCAN words") or f"SCAN {engines.WORDS} " in step] == []

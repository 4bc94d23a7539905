"""Orders and choices of comments on a measure's page."""

import re

import pytest
from django.test import Client

from feedback.actions.reactions import vote_on_comment
from feedback.agreement import agreement
from tests.builders import hide, make_comment, make_participant
from tests.programme_builders import make_measure


def listed(measure, query: str = "") -> list[str]:
    """The texts of the comments that a page shows, page after page, in their order."""
    texts, address = [], query
    while address is not None:
        html = Client().get(f"/en/measures/{measure.slug}/{address}").content.decode()
        texts += re.findall(r'<div class="text" lang="..">\s*<p>([^<]*)</p>', html)
        more = re.search(r'rel="next" href="([^"#]+)', html)
        address = more[1].replace("&amp;", "&") if more else None
    return texts


@pytest.mark.parametrize(
    ("agree", "disagree", "bound"),
    # By the closed formula with z = 1.96, to four digits.
    [(0, 0, 0.0), (3, 0, 0.4385), (90, 10, 0.8256), (1, 0, 0.2065), (0, 5, 0.0), (50, 50, 0.4038)],
)
def test_agreement_is_the_lower_bound_of_wilson_s_interval(agree, disagree, bound):
    assert round(agreement(agree, disagree), 4) == bound


@pytest.mark.django_db
def test_the_most_agreed_stand_first_and_few_votes_do_not_win():
    measure = make_measure()
    voters = [make_participant() for _ in range(12)]
    for name, agree, disagree in (("Few.", 2, 0), ("Many.", 10, 1), ("Against.", 0, 5), ("None.", 0, 0)):
        comment = make_comment(measure, text=name)
        for place, voter in enumerate(voters[: agree + disagree]):
            vote_on_comment(comment, by=voter, value=1 if place < agree else -1)
    assert listed(measure, "?sort=agreed")[:2] == ["Many.", "Few."]
    assert set(listed(measure, "?sort=agreed")) == {"Few.", "Many.", "Against.", "None."}


@pytest.mark.django_db
def test_the_most_discussed_stand_first_over_pages_without_gap_or_repeat():
    measure = make_measure()
    author = make_participant()
    for number in range(25):
        comment = make_comment(measure, by=author, text=f"Comment {number}.")
        if number in {3, 17}:
            for _ in range(number):
                make_comment(measure, parent=comment, by=author, text="A reply.")
    texts = [text for text in listed(measure, "?sort=discussed") if text.startswith("Comment")]
    assert texts[:2] == ["Comment 17.", "Comment 3."]
    assert sorted(texts) == sorted(f"Comment {number}." for number in range(25))


@pytest.mark.django_db
def test_for_and_against_stand_side_by_side():
    measure = make_measure()
    for text, stance in (("Yes.", "for"), ("No.", "against"), ("Perhaps.", "neutral"), ("Well.", "")):
        make_comment(measure, text=text, stance=stance)
    html = Client().get(f"/en/measures/{measure.slug}/?sort=sides").content.decode()
    sides = re.findall(r'(?s)aria-labelledby="side-(\w+)".*?<p>([^<]*)</p>\s*</div>', html)
    assert sides == [("for", "Yes."), ("against", "No.")]
    assert "Perhaps." not in html
    assert "2 comments are neutral or take no stance, so they stand on neither side." in html
    assert '<a href="?#comments">Show all comments</a>' in html
    make_comment(measure, text="Иә.", stance="for", language="kk")
    kazakh = Client().get(f"/en/measures/{measure.slug}/?sort=sides&language=kk").content.decode()
    assert ("Иә." in kazakh, "neither side" in kazakh) == (True, False)


@pytest.mark.django_db
def test_comments_are_chosen_by_language_and_stance():
    measure = make_measure()
    for text, language, stance in (("Иә.", "kk", "for"), ("Да.", "ru", "for"), ("Нет.", "ru", "against")):
        make_comment(measure, text=text, language=language, stance=stance)
    assert listed(measure, "?language=ru") == ["Нет.", "Да."]
    assert listed(measure, "?language=ru&stance=for") == ["Да."]
    assert listed(measure, "?language=xx&stance=yy&sort=zz") == ["Нет.", "Да.", "Иә."]


@pytest.mark.django_db
def test_what_is_not_visible_stands_in_no_order_and_no_choice():
    measure = make_measure()
    hide(make_comment(measure, text="CANARY", stance="for"))
    for query in ("?sort=agreed", "?sort=discussed", "?sort=sides", "?stance=for", "?language=en"):
        html = Client().get(f"/en/measures/{measure.slug}/{query}").content.decode()
        assert ("CANARY" in html, '<article class="comment' in html) == (False, False)


@pytest.mark.django_db
@pytest.mark.parametrize("sort", ["agreed", "discussed", "newest"])
@pytest.mark.parametrize(
    "place", ["x", "nan~" + "0" * 32, "9" * 23 + "~" + "0" * 32, "9" * 5000 + "~" + "0" * 32, "-1~" + "0" * 32]
)
def test_a_place_that_is_none_is_a_404_in_every_order(sort, place):
    assert Client().get(f"/en/measures/{make_measure().slug}/?sort={sort}&before={place}").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(("query", "queries"), [("?sort=agreed", 8), ("?sort=discussed", 8), ("?sort=sides", 10)])
def test_every_order_costs_the_same_at_one_and_at_thirty_rows(django_assert_num_queries, query, queries):
    measure = make_measure()
    author = make_participant()
    for rows in (1, 29):
        for number in range(rows):
            comment = make_comment(measure, by=author, stance="against" if number % 2 else "for")
            make_comment(measure, by=author, parent=comment)
        with django_assert_num_queries(queries):
            Client().get(f"/en/measures/{measure.slug}/{query}")

"""A page says what a state means for the person who meets it, and what they can do next."""

import re

import pytest
from django.core.management import call_command
from django.test import Client

from feedback.ledger.sequencer import sequence
from feedback.models import Comment
from portal.alphabets import sort_key
from principles.models import Programme
from tests.answers import html_of, page_of
from tests.builders import (
    hide,
    make_comment,
    make_moderator,
    make_participant,
    rate_by_many,
    signed_in,
    staff_client,
)
from tests.programme_builders import make_measure
from tests.test_contributing import text_of
from tests.test_security_privacy import browser_of
from tests.test_tallies import revise

pytestmark = pytest.mark.django_db
WAITS = "So far only you see it. The staff will read it, and you will be told what was decided."
GROUPS = "Participants are grouped by what they said of themselves"


def test_an_author_is_told_what_becomes_of_a_comment_that_waits():
    measure = make_measure()
    Programme.objects.update(moderation="before")
    comment = make_comment(measure)
    author = signed_in(comment.author)
    for address in (page_of(measure), f"{page_of(measure)}comments/{comment.pk}/", "/en/profile/"):
        assert WAITS in html_of(address, author), address
    assert WAITS not in html_of(page_of(measure), signed_in(make_participant()))


def test_where_there_is_nothing_to_order_no_order_is_offered():
    measure = make_measure()
    Programme.objects.update(moderation="before")
    html = html_of(page_of(measure))
    assert 'class="choice"' not in html
    assert "Comments are published once the staff has read them." in html
    assert 'class="choice"' in html_of(f"{page_of(measure)}?language=kk")
    Programme.objects.update(moderation="after")
    make_comment(measure)
    assert 'class="choice"' in html_of(page_of(measure))


def test_a_reply_is_written_in_the_language_of_the_reply():
    comment = make_comment(make_measure())
    html = html_of(f"{page_of(comment.measure)}comments/{comment.pk}/", signed_in(make_participant()))
    assert "Language of the reply" in html
    assert "Language of the comment" not in html


def test_results_speak_of_groups_only_where_groups_are_shown():
    measure = make_measure()
    rate_by_many(measure, [1, 2, 3, 4, 5] * 2)
    sequence()
    assert GROUPS not in html_of(f"{page_of(measure)}results/")
    call_command("make_breakdowns", verbosity=0)
    assert GROUPS in html_of(f"{page_of(measure)}results/")


def test_editions_that_share_their_ratings_say_so_and_a_new_wording_leads_to_the_earlier_ratings():
    measure = make_measure()
    revise(measure, "A slip of the pen is mended", substantive=False)
    for number in (1, 2):
        assert "Ratings of editions 1 to 2" in text_of(Client().get(f"{page_of(measure)}editions/{number}/"))
    assert "ratings began anew" not in html_of(page_of(measure))
    revise(measure, "Another promise altogether")
    assert "Ratings of this edition" in text_of(Client().get(f"{page_of(measure)}editions/3/"))
    assert f'href="{page_of(measure)}editions/2/#ratings"' in html_of(page_of(measure))


def test_my_data_name_the_comment_that_a_decision_is_about():
    hidden = hide(make_comment(make_measure(), text="Buy at my shop! " + "Very cheap. " * 20))
    html = html_of("/en/profile/data/", browser_of(hidden.author))
    decisions = html.partition("<h2>Decisions about your comments</h2>")[2].partition("</section>")[0]
    assert "<dt>Comment</dt>" in decisions
    [said] = re.findall("<dd>(Buy at my shop! .*?)</dd>", decisions)
    assert (len(said), said[-1]) == (121, "…")
    assert Comment.objects.get().latest.text.startswith(said[:-1])


def test_the_administration_is_listed_in_the_order_of_the_alphabet():
    page = staff_client(make_moderator(language="kk")).get("/admin/").content.decode()
    tables = [
        re.findall(r'scope="row"[^>]*>\s*<a[^>]*>\s*(.*?)\s*</a>', table) for table in page.split("<caption>")[1:]
    ]
    assert tables == [sorted(names, key=lambda name: sort_key(name, "kk")) for names in tables]
    assert tables != [sorted(names, key=str.lower) for names in tables]

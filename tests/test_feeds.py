"""Feeds of comments and answers: what is in them, what never is, and how readers' programs find what has changed."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from feedback.actions.answers import correct_answer
from feedback.actions.comments import edit_comment, withdraw_comment
from feedback.actions.departure import delete_account
from feedback.models import Comment, CommentVersion
from feedback.models.comment import State
from tests.answers import contents_of, make_answer, make_editor
from tests.builders import hide, make_comment, make_participant
from tests.programme_builders import make_measure, make_programme

ATOM = "{http://www.w3.org/2005/Atom}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

pytestmark = pytest.mark.django_db


def feed_of(client, address):
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    return ElementTree.fromstring(answer.content)  # noqa: S314 - our own feed


def entries_of(client, address):
    return feed_of(client, address).findall(f"{ATOM}entry")


def texts_of(client, address):
    return [entry.findtext(f"{ATOM}content") for entry in entries_of(client, address)]


def test_a_feed_names_its_subject_its_page_and_itself_under_the_public_address(client, settings):
    settings.SITE_URL = "https://portal.example"
    make_measure(slug="roads", code="1.7", title={"kk": "Жолдар", "ru": "Дороги", "en": "Roads"})
    feed = feed_of(client, "/ru/measures/roads/feed/")
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert (feed.get(XML_LANG), feed.findtext(f"{ATOM}title")) == ("ru", "Комментарии и ответы: 1.7 Дороги")
    assert links == {
        "alternate": "https://portal.example/ru/measures/roads/",
        "self": "https://portal.example/ru/measures/roads/feed/",
    }


def test_an_entry_is_plain_text_in_the_comment_s_own_language_by_its_author(client):
    measure = make_measure(slug="roads", code="1.7", title="Roads")
    author = make_participant(display_name="Айгүл <b>")
    text = "Жол жоқ.\n\n<script>alert('&')</script> & сөз"
    comment = make_comment(measure, by=author, text=text, language="kk")
    (entry,) = entries_of(client, "/en/measures/roads/feed/")
    content = entry.find(f"{ATOM}content")
    assert (content.text, content.get("type"), content.get(XML_LANG)) == (text, "text", "kk")
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Айгүл <b>"
    assert entry.findtext(f"{ATOM}title") == "Айгүл <b> · 1.7 Roads (en)"
    assert entry.find(f"{ATOM}link").get("href") == f"http://127.0.0.1:8000/en/measures/roads/comments/{comment.pk}/"


def test_an_entry_has_one_id_in_every_feed_language_and_host(client, settings):
    programme = make_programme()
    measure = programme.principles.get().measures.first()
    comment = make_comment(measure)
    ids = []
    for language in ("kk", "ru", "en"):
        settings.SITE_URL = f"https://{language}.example"
        for address in (f"programmes/{programme.slug}", f"measures/{measure.slug}"):
            ids += [entry.findtext(f"{ATOM}id") for entry in entries_of(client, f"/{language}/{address}/feed/")]
    assert ids == [f"urn:uuid:{comment.pk}"] * 6


def test_an_edit_that_is_seen_updates_the_entry_and_the_feed(client):
    measure = make_measure()
    comment = make_comment(measure)
    an_hour_ago = timezone.now() - timedelta(hours=1)
    Comment.objects.update(created_at=an_hour_ago)
    CommentVersion.objects.update(created_at=an_hour_ago)
    edit_comment(comment, by=comment.author, text="Two schools are needed.", language="en")
    comment.refresh_from_db()
    feed = feed_of(client, f"/en/measures/{measure.slug}/feed/")
    entry = feed.find(f"{ATOM}entry")
    read = [parse_datetime(entry.findtext(ATOM + name)) for name in ("published", "updated")]
    expected = [comment.created_at, comment.edited_at]
    assert read == expected
    assert parse_datetime(feed.findtext(f"{ATOM}updated")) == expected[1]
    assert entry.findtext(f"{ATOM}content") == "Two schools are needed."


def test_an_empty_feed_is_as_old_as_what_it_is_about(client):
    measure = make_measure()
    updated = feed_of(client, f"/en/measures/{measure.slug}/feed/").findtext(f"{ATOM}updated")
    assert parse_datetime(updated) == measure.current_edition.created_at


def test_what_is_not_visible_is_in_no_feed(client):
    """Canaries in every state that is not public; the last of them in a programme that moderates first."""
    programme = make_programme()
    measure = programme.principles.get().measures.first()
    leaver = make_participant(display_name="canary leaver")
    make_comment(measure, text="A visible comment.")
    hide(make_comment(measure, text="A canary, hidden."))
    withdrawn = make_comment(measure, text="A canary, withdrawn.")
    withdraw_comment(withdrawn, by=withdrawn.author)
    make_comment(measure, by=leaver, text="A canary, erased.")
    delete_account(leaver.user, erase_comments=True)
    programme.moderation = "before"
    programme.save()
    make_comment(measure, text="A canary, pending.")
    states = set(Comment.objects.values_list("state", flat=True))
    assert states == set(State)
    for address in (f"/en/programmes/{programme.slug}/feed/", f"/en/measures/{measure.slug}/feed/"):
        assert texts_of(client, address) == ["A visible comment."]
        assert "canary" not in client.get(address).content.decode()


def test_a_former_participant_is_named_as_such(client):
    measure = make_measure()
    leaver = make_participant(display_name="Daulet")
    make_comment(measure, by=leaver)
    delete_account(leaver.user, erase_comments=False)
    (entry,) = entries_of(client, f"/kk/measures/{measure.slug}/feed/")
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "бұрынғы қатысушы"


def test_a_feed_of_a_programme_holds_its_own_comments_alone_and_that_of_a_measure_only_the_measure_s(client):
    one, other = make_programme("one"), make_programme("other")
    first, second = one.principles.get().measures.all()
    make_comment(first, text="On the first measure.")
    make_comment(second, text="On the second measure.")
    make_comment(other.principles.get().measures.first(), text="On another programme.")
    assert texts_of(client, "/en/programmes/one/feed/") == ["On the second measure.", "On the first measure."]
    assert texts_of(client, f"/en/measures/{first.slug}/feed/") == ["On the first measure."]


def test_an_answer_is_an_entry_by_its_body_in_its_own_language_under_one_id(client, settings):
    measure = make_measure(slug="roads", code="1.7", title="Roads")
    text, body = {"ru": "Дорога <b>будет</b>."}, {"ru": "Акимат"}
    answer = make_answer(measure, make_comment(measure), text=text, body=body, outcome="done")
    ids = []
    for language in ("kk", "ru", "en"):
        settings.SITE_URL = f"https://{language}.example"
        for address in (f"programmes/{measure.principle.programme.slug}", "measures/roads"):
            entry, _comment = entries_of(client, f"/{language}/{address}/feed/")
            ids.append(entry.findtext(f"{ATOM}id"))
    assert (len(ids), len(set(ids)), ids[0].startswith("urn:uuid:")) == (6, 1, True)
    content = entry.find(f"{ATOM}content")
    assert (content.text, content.get(XML_LANG)) == ("Дорога <b>будет</b>.", "ru")
    assert entry.findtext(f"{ATOM}title") == "Official answer: already done · 1.7 Roads (en)"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Акимат"
    assert entry.find(f"{ATOM}link").get("href") == f"https://en.example/en/answers/{answer.code}/"
    assert parse_datetime(entry.findtext(f"{ATOM}published")) == answer.published_at


def test_comments_and_answers_stand_together_newest_first_and_a_correction_updates_its_entry(client):
    measure, editor = make_measure(), make_editor()
    first = make_comment(measure, text="First.")
    answer = make_answer(measure, first, text={"en": "Second."}, by=editor)
    make_comment(measure, text="Third.")
    address = f"/en/measures/{measure.slug}/feed/"
    assert texts_of(client, address) == ["Third.", "Second.", "First."]
    corrected = correct_answer(answer, contents_of(measure, first, text={"en": "Corrected."}), by=editor)
    entry = entries_of(client, address)[1]
    assert entry.findtext(f"{ATOM}content") == "Corrected."
    assert parse_datetime(entry.findtext(f"{ATOM}updated")) == corrected.changed_at


def test_a_feed_ends_with_the_fiftieth_newest_comment(client):
    measure, author = make_measure(), make_participant()
    for number in range(52):
        make_comment(measure, by=author, text=f"Comment {number}.")
    expected = [f"Comment {number}." for number in range(51, 1, -1)]
    assert texts_of(client, f"/en/measures/{measure.slug}/feed/") == expected


def test_what_xml_cannot_write_is_left_out(client):
    measure = make_measure()
    comment = make_comment(measure)
    CommentVersion.objects.filter(comment=comment).update(text="a\x0bb\x1fc\ufffed\U0001f600")
    comment.author.user.display_name = "A\x08B"
    comment.author.user.save()
    (entry,) = entries_of(client, f"/en/measures/{measure.slug}/feed/")
    assert entry.findtext(f"{ATOM}content") == "abcd\U0001f600"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "AB"


def test_a_feed_may_be_shared_by_caches_and_is_asked_again_by_its_etag_alone(client):
    measure = make_measure()
    comment = make_comment(measure)
    address = f"/en/measures/{measure.slug}/feed/"
    answer = client.get(address)
    assert (answer["Cache-Control"], answer.cookies, answer.has_header("Last-Modified")) == (
        "public, max-age=10",
        {},
        False,
    )
    etag = {"if-none-match": answer["ETag"]}
    assert client.get(address, headers=etag).status_code == 304
    withdraw_comment(comment, by=comment.author)
    assert client.get(address, headers=etag).status_code == 200


def test_a_feed_of_nothing_is_not_found(client):
    assert client.get("/en/measures/nothing/feed/").status_code == 404
    assert client.get("/en/programmes/nothing/feed/").status_code == 404


def test_nothing_can_be_posted_to_a_feed(client):
    assert client.post(f"/en/measures/{make_measure().slug}/feed/").status_code == 405


def test_a_feed_costs_three_queries_at_one_and_at_thirty_comments_and_answers(client, django_assert_num_queries):
    programme = make_programme(measures=1)
    measure, editor = programme.principles.get().measures.get(), make_editor()
    for rows in (1, 29):
        for _ in range(rows):
            make_answer(measure, make_comment(measure), by=editor)
        for address in (f"/en/programmes/{programme.slug}/feed/", f"/en/measures/{measure.slug}/feed/"):
            with django_assert_num_queries(3):
                client.get(address)

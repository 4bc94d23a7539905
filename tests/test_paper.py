"""Paper sheets: printed with a number, entered once, confirmed by a second person, and then counted."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from zeal import zeal_ignore

from feedback.actions.paper import confirm_batch, enter_sheet, open_batch, print_sheets
from feedback.actions.refusals import Refused
from feedback.ledger.recount import recount
from feedback.ledger.sequencer import sequence
from feedback.models import Comment, PaperBatch, PaperSheet, Rating, Tally
from feedback.models.paper import check_digit
from principles.actions.measures import revise_measure
from principles.wording import Wording
from tests.builders import hide, make_user, staff_client
from tests.programme_builders import in_three_languages, make_measure

PRINT = "/admin/feedback/paperbatch/print/"
ENTER = "/admin/feedback/paperbatch/enter/"


def paper_clerk():
    user = make_user(is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="enter_paper"))
    return user


def entered(clerk, sheet, **values):
    return enter_sheet(open_batch(by=clerk), number=sheet.number, by=clerk, **{"ratings": {"support": 4}} | values)


@pytest.mark.django_db
def test_printing_gives_a_pdf_with_a_page_for_each_new_number():
    measure, client = make_measure(), staff_client(paper_clerk())
    answer = client.post(PRINT, {"measure": measure.slug, "language": "kk", "count": 3})
    numbers = list(PaperSheet.objects.values_list("number", flat=True))
    assert (answer.status_code, answer["Content-Type"], answer.content[:5]) == (200, "application/pdf", b"%PDF-")
    assert re.findall(rb"/Count (\d+)", answer.content) == [b"3"]
    assert [number % 10 for number in numbers] == [check_digit(number // 10) for number in numbers]
    assert len(set(PaperSheet.objects.values_list("code", flat=True))) == 3


@pytest.mark.django_db
def test_a_sheet_goes_from_paper_to_the_published_comment_and_its_writer_finds_it(client):
    measure, first, second = make_measure(), paper_clerk(), paper_clerk()
    (sheet,) = print_sheets(measure, language="kk", count=1, by=first)
    slip = {"code": f"{sheet.code[:4].lower()} {sheet.code[4:]}"}
    assert "has not been entered" in client.get("/en/paper/", slip).content.decode()
    values = {
        "rating-support": "4",
        "rating-delivery": "",
        "text": "Мектеп керек.",
        "text_language": "kk",
        "stance": "for",
        "region": "",
        "age_band": "1960-1969",
        "gender": "female",
    }
    answer = staff_client(first).post(f"{ENTER}?number={sheet.number}", values)
    assert (answer.status_code, answer["Location"]) == (302, ENTER)
    assert (Comment.objects.count(), Rating.objects.count()) == (0, 0)
    assert "a second person checks it" in client.get("/en/paper/", slip).content.decode()
    batch = PaperBatch.objects.get()
    with zeal_ignore():  # each sheet is written by the actions that write one
        staff_client(second).post(reverse("admin:feedback_paper_confirm", args=[batch.pk]))
    comment, rating = Comment.objects.get(), Rating.objects.get()
    assert (comment.channel, comment.state, comment.shown.text, comment.stance) == (
        "paper",
        "published",
        "Мектеп керек.",
        "for",
    )
    assert (rating.channel, rating.value, rating.age_band, rating.gender, rating.region) == (
        "paper",
        4,
        "1960-1969",
        "female",
        "",
    )
    found = client.get("/en/paper/", slip).content.decode()
    assert f"/en/measures/{measure.slug}/comments/{comment.pk}/" in found
    assert "on paper" in client.get(f"/en/measures/{measure.slug}/").content.decode()
    sequence()
    assert (recount(), Tally.objects.get().n) == ([], 1)


@pytest.mark.django_db
def test_a_number_is_entered_once():
    measure, clerk = make_measure(), paper_clerk()
    (sheet,) = print_sheets(measure, language="ru", count=1, by=clerk)
    entered(clerk, sheet)
    answer = staff_client(clerk).get(ENTER, {"number": sheet.number})
    assert "This sheet has been entered already." in answer.content.decode()
    with pytest.raises(Refused):
        entered(clerk, sheet, ratings={"support": 1})
    assert PaperSheet.objects.get().ratings == {"support": 4}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("number", "message"),
    [("123", "typing mistake"), (str(99990 + check_digit(9999)), "No sheet was printed"), ("12a", "digits only")],
)
def test_a_wrong_number_is_named_as_what_it_is(number, message):
    assert message in staff_client(paper_clerk()).get(ENTER, {"number": number}).content.decode()


@pytest.mark.django_db
def test_an_empty_sheet_is_refused_and_a_long_text_comes_back_whole():
    measure, clerk = make_measure(), paper_clerk()
    (sheet,) = print_sheets(measure, language="ru", count=1, by=clerk)
    client = staff_client(clerk)
    empty = client.post(f"{ENTER}?number={sheet.number}", {"text_language": "ru"})
    assert (empty.status_code, "The sheet is empty" in empty.content.decode()) == (422, True)
    text = "Школа. " * 800
    long = client.post(f"{ENTER}?number={sheet.number}", {"text": text, "text_language": "ru"})
    assert (long.status_code, text.strip() in long.content.decode()) == (422, True)
    assert PaperSheet.objects.get().batch is None


@pytest.mark.django_db
def test_nobody_confirms_what_they_entered_and_a_batch_counts_once():
    measure, first, second = make_measure(), paper_clerk(), paper_clerk()
    for sheet in print_sheets(measure, language="en", count=2, by=first):
        entered(first, sheet, text="Build it.")
    batch = PaperBatch.objects.get()
    with pytest.raises(Refused):
        confirm_batch(batch, by=first)
    confirm_batch(batch, by=second)
    with pytest.raises(Refused):
        confirm_batch(batch, by=second)
    assert (Comment.objects.count(), Rating.objects.count()) == (2, 2)
    assert list(PaperSheet.objects.values_list("text", flat=True)) == ["", ""]


@pytest.mark.django_db
def test_a_batch_with_a_sheet_of_an_earlier_wording_is_refused_whole():
    measure, first, second = make_measure(), paper_clerk(), paper_clerk()
    for sheet in print_sheets(measure, language="en", count=2, by=first):
        entered(first, sheet)
    text = in_three_languages("Another promise")
    revise_measure(measure, wording=Wording(title=text, summary=text), figures=[], substantive=True)
    with pytest.raises(Refused, match="wording of this measure has changed"):
        confirm_batch(PaperBatch.objects.get(), by=second)
    assert (Rating.objects.count(), PaperBatch.objects.get().confirmed_at) == (0, None)


@pytest.mark.django_db
def test_a_sheet_that_was_taken_out_can_be_entered_again():
    measure, clerk = make_measure(), paper_clerk()
    (sheet,) = print_sheets(measure, language="en", count=1, by=clerk)
    entered(clerk, sheet, text="Wrong.")
    batch = PaperBatch.objects.get()
    staff_client(clerk).post(reverse("admin:feedback_paper_take_out", args=[batch.pk, sheet.number]))
    sheet.refresh_from_db()
    assert (sheet.batch, sheet.text, sheet.ratings) == (None, "", {})
    assert entered(clerk, sheet, ratings={"support": 2}).ratings == {"support": 2}


@pytest.mark.django_db
def test_the_slip_of_a_hidden_comment_tells_the_rule_and_no_text(client):
    measure, first, second = make_measure(), paper_clerk(), paper_clerk()
    (sheet,) = print_sheets(measure, language="en", count=1, by=first)
    entered(first, sheet, text="CANARY shoes.")
    confirm_batch(PaperBatch.objects.get(), by=second)
    hide(Comment.objects.get())
    html = client.get("/en/paper/", {"code": sheet.code}).content.decode()
    assert ("hidden by the staff" in html, "spam in en" in html, "CANARY" in html) == (True, True, False)


@pytest.mark.django_db
def test_an_unknown_code_is_not_found_and_is_kept_in_the_field(client):
    answer = client.get("/en/paper/", {"code": "ABCD2345"})
    assert (answer.status_code, 'value="ABCD2345"' in answer.content.decode()) == (404, True)


@pytest.mark.django_db
def test_staff_without_the_right_reach_no_page_of_paper():
    client = staff_client(make_user(is_staff=True))
    pages = [PRINT, ENTER, "/admin/feedback/paperbatch/"]
    assert [client.get(page).status_code for page in pages] == [403, 403, 403]


@pytest.mark.django_db
def test_a_batch_page_costs_the_same_at_one_and_at_thirty_sheets(django_assert_max_num_queries):
    measure, clerk = make_measure(), paper_clerk()
    sheets = print_sheets(measure, language="en", count=30, by=clerk)
    entered(clerk, sheets[0], text="One.")
    page = reverse("admin:feedback_paperbatch_change", args=[PaperBatch.objects.get().pk])
    client = staff_client(clerk)
    with django_assert_max_num_queries(12) as first:
        client.get(page)
    for sheet in sheets[1:]:
        entered(clerk, sheet, text="More.")
    with django_assert_max_num_queries(len(first)):
        assert client.get(page).status_code == 200

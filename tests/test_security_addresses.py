"""What an address may ask of the administration, and for whom an answer may be kept."""

import pytest
from django.test import Client

from tests.builders import make_comment, make_participant, make_user, signed_in
from tests.desk import at_the_desk
from tests.programme_builders import make_measure

pytestmark = pytest.mark.django_db
HUGE = "9" * 23


@pytest.mark.parametrize(
    "path",
    [
        f"feedback/comment/?measure={HUGE}",
        f"feedback/decision/?by={HUGE}",
        "feedback/comment/?created_at__year=999999",
        f"feedback/rating/export/?key={HUGE}",
        f"feedback/rating/export/?query=question%3D{HUGE}",
        f"feedback/decision/export/?key={HUGE}",
    ],
)
def test_a_filter_by_a_number_that_no_column_holds_is_refused_and_never_a_500(path):
    assert at_the_desk("administrator").get(f"/admin/{path}").status_code == 400


def test_a_search_for_a_long_number_is_a_search():
    make_comment(make_measure())
    assert at_the_desk("administrator").get(f"/admin/feedback/comment/?q={HUGE}").status_code == 200


@pytest.mark.parametrize("lookup", ["password__startswith=pbkdf2", "password=x", "password__regex=."])
def test_no_filter_finds_out_a_password_s_hash(lookup):
    make_user()
    assert at_the_desk("administrator").get(f"/admin/accounts/user/?{lookup}").status_code == 400


@pytest.mark.parametrize("path", ["/en/profile/", "/en/search/?q=school", "/en/ledger/", "/en/accounts/email/"])
def test_what_is_answered_to_somebody_is_kept_for_nobody_else(path):
    kept = signed_in(make_participant()).get(path)["Cache-Control"]
    assert "private" in kept


def test_a_kept_page_is_not_given_to_a_host_that_is_none_of_ours(settings):
    settings.SHARED_PAGES, settings.ALLOWED_HOSTS = True, ["testserver"]
    path = make_measure().get_absolute_url()
    assert [Client().get(path).status_code for _ in range(2)] == [200, 200]
    assert Client(headers={"host": "evil.example"}).get(path).status_code == 400

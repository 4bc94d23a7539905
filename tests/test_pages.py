"""Pages in three languages: what they show to everybody, and what to the person who is signed in."""

import re

import pytest
from django.test import Client

from feedback.ledger.sequencer import sequence
from tests.builders import PASSWORD, hide, make_comment, make_participant, make_rule, make_user, rate_as, rate_by_many
from tests.programme_builders import load_fair_kazakhstan, make_measure, make_programme


def signed_in(participant) -> Client:
    client = Client()
    client.force_login(participant.user)
    return client


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_reading_page_answers_in_every_language(client, language):
    load_fair_kazakhstan()
    measure_page = f"/{language}/measures/mobile-coverage/"
    for path in (
        f"/{language}/",
        f"/{language}/programmes/fair-kazakhstan/",
        f"/{language}/principles/fair-economy/",
        measure_page,
        f"{measure_page}editions/1/",
        f"/{language}/moderation/",
        f"/{language}/about/",
        f"/{language}/privacy/",
    ):
        response = client.get(path)
        assert (path, response.status_code) == (path, 200)
        html = response.content.decode()
        assert html.count("<h1") == 1
        assert f'<html lang="{language}"' in html
        assert "<form" not in html
        assert response.cookies == {}

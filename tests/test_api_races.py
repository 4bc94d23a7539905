"""Many clients at once: limits hold exactly, and a key makes one write, on both engines."""

import json

import pytest
from django.test import Client

from feedback.actions.tokens import make_token
from feedback.models import Comment
from tests.builders import make_participant
from tests.programme_builders import make_measure
from tests.test_races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.races]


def test_a_limit_admits_no_more_than_it_says_of_ten_times_as_many_at_once(settings):
    settings.API_READS_PER_MINUTE = 8
    statuses = at_once([lambda: Client().get("/api/v1/rules/").status_code for _ in range(80)])
    # A minute may end in between; then the next one admits as many again.
    assert statuses.count(200) in range(8, 17)
    assert statuses.count(200) + statuses.count(429) == 80


def test_one_key_at_once_from_many_writes_one_comment_and_answers_all_alike():
    measure, person = make_measure(), make_participant()
    secret = make_token(person.user, name="script", scope="write")[1]
    headers = {"authorization": f"Bearer {secret}", "idempotency-key": "once"}
    body = {"measure": measure.slug, "text": "Once and no more."}
    answers = at_once(
        [
            lambda: Client().post("/api/v1/comments/", body, content_type="application/json", headers=headers)
            for _ in range(16)
        ]
    )
    assert {answer.status_code for answer in answers} == {201}
    assert {json.loads(answer.content)["id"] for answer in answers} == {str(Comment.objects.get().pk)}

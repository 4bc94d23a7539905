import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from portal.accounts.models import UsedChallenge, User
from tests.accounts import challenge_of, errors_of, question_of, register, registration, solve

pytestmark = pytest.mark.django_db
FAILED = "The automatic check failed. Please send the form again."
ADDRESS = "/en/accounts/signup/"


def page(client):
    return client.get(ADDRESS).content.decode()


def by_question(client, **changes):
    token, right = question_of(page(client))
    return registration(client, altcha=None, question=token, answer=right) | changes


def test_without_any_human_check_nobody_registers(client):
    answer = register(client, altcha=None)
    assert errors_of(answer) == {"answer": ["Please answer the question."]}
    assert User.objects.count() == 0


@pytest.mark.parametrize("solution", ["x", "e30=", "W10=", "bnVsbA==", "MQ==", "x" * 9999, "{}", "ÿ"])
def test_a_solution_that_is_none_is_refused(client, solution):
    assert errors_of(register(client, altcha=solution)) == {"__all__": [FAILED]}


def test_a_wrong_solution_is_refused_and_nothing_typed_is_lost(client):
    challenge = challenge_of(page(client))
    forged = solve(challenge | {"signature": "0" * 64})
    answer = register(client, altcha=forged)
    assert errors_of(answer) == {"__all__": [FAILED]}
    assert answer.context["form"]["email"].value() == "aigul@example.kz"
    assert answer.context["form"]["altcha"].value() == ""


def test_a_challenge_of_an_easier_kind_is_refused(client):
    fields = registration(client)
    other = solve(challenge_of(page(client)) | {"algorithm": "SHA-1"})
    assert client.post(ADDRESS, fields | {"altcha": other}).status_code == 200


def test_a_solution_counts_once(client):
    fields = registration(client)
    assert client.post(ADDRESS, fields).status_code == 302
    client.cookies.clear()
    answer = client.post(ADDRESS, fields | {"email": "second@example.kz"})
    assert errors_of(answer) == {"__all__": ["This check was used before. Please send the form again."]}
    assert User.objects.count() == 1


def test_a_solution_expires_after_twenty_minutes(client):
    fields = registration(client)
    with time_machine.travel(timezone.now() + timedelta(minutes=21), tick=False):
        answer = client.post(ADDRESS, fields)
    assert errors_of(answer) == {"__all__": ["The automatic check has expired. Please send the form again."]}


def test_without_javascript_the_right_answer_to_a_question_in_words_registers(client):
    assert client.post(ADDRESS, by_question(client)).status_code == 302
    assert User.objects.count() == 1


@pytest.mark.parametrize("answer", ["", "99", "x", "-1", "9" * 50, "٣x", "3.0"])
def test_a_wrong_answer_is_refused_and_a_new_question_asked(client, answer):
    fields = by_question(client, answer=answer)
    response = client.post(ADDRESS, fields)
    wrong = "The answer is not right. Please answer the new question." if answer else "Please answer the question."
    assert errors_of(response) == {"answer": [wrong]}
    token, _right = question_of(response.content.decode())
    assert token != fields["question"]
    assert response.context["form"]["answer"].value() == ""


def test_the_new_question_after_a_fault_can_be_answered(client):
    response = client.post(ADDRESS, by_question(client, consent=""))
    token, right = question_of(response.content.decode())
    fields = registration(client, altcha=None, question=token, answer=right)
    assert client.post(ADDRESS, fields).status_code == 302


def test_an_answer_counts_once(client):
    fields = by_question(client)
    client.post(ADDRESS, fields)
    client.cookies.clear()
    answer = client.post(ADDRESS, fields | {"email": "second@example.kz"})
    assert errors_of(answer) == {"answer": ["This check was used before. Please send the form again."]}


def test_a_question_expires_after_twenty_minutes(client):
    fields = by_question(client)
    with time_machine.travel(timezone.now() + timedelta(minutes=21), tick=False):
        answer = client.post(ADDRESS, fields)
    assert errors_of(answer) == {"answer": ["The question has expired. Please answer the new one."]}


def test_the_token_of_a_question_does_not_tell_its_answer(client):
    token, right = question_of(page(client))
    again = client.get(ADDRESS).content.decode()
    assert token != question_of(again)[0]
    assert not re.search(rf'"(answer|sum)"\s*:\s*{right}', token)


def many_times(client, times, **changes):
    """Send a form without JavaScript many times, ten in a minute, as the limit for everybody allows."""
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for number in range(times):
            if number % 10 == 0:
                clock.shift(timedelta(seconds=61))
            client.post(ADDRESS, by_question(client, email=f"p{number}@example.kz", **changes))
        return client.post(ADDRESS, by_question(client))


def test_thirty_people_behind_one_address_register_within_an_hour(client):
    assert many_times(client, 29, answer="99").status_code == 302


def test_answers_without_javascript_are_limited_more_strictly(client):
    answer = many_times(client, 30, answer="99")
    assert "from your network" in errors_of(answer)["answer"][0]
    assert User.objects.count() == 0


@pytest.mark.parametrize("changes", [{"consent": ""}, {"password1": "1"}, {"display_name": "admin"}, {"answer": ""}])
def test_forms_that_are_wrong_otherwise_spend_nothing_of_that_limit(client, settings, changes):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"signup_by_question": "1/h/ip"}
    assert many_times(client, 2, **changes).status_code == 302
    assert User.objects.count() == 1


def test_a_form_that_is_wrong_otherwise_does_not_tell_whether_the_answer_is_right(client):
    wrong = client.post(ADDRESS, by_question(client, consent="", answer="99"))
    right = client.post(ADDRESS, by_question(client, consent=""))
    assert list(errors_of(wrong)) == list(errors_of(right)) == ["consent"]


def test_used_checks_are_forgotten_when_they_have_expired_anyway(client):
    UsedChallenge.objects.create(digest="a" * 64, expires_at=timezone.now() - timedelta(seconds=1))
    register(client)
    assert UsedChallenge.objects.filter(digest="a" * 64).count() == 0
    assert UsedChallenge.objects.count() == 1


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_page_works_under_the_strict_content_security_policy(client, language):
    response = client.get(f"/{language}/accounts/signup/")
    policy = response["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "worker-src 'self'" in policy
    text = response.content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", text)

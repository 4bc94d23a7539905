"""Real threads against one row."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.test import Client

from portal.accounts import human
from portal.accounts.models import UsedChallenge, User
from tests.accounts import register, registration

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]
THREADS = 6


def at_once(work):
    """What `work(0)`, `work(1)`… answer when all start together."""
    barrier = Barrier(THREADS)

    def run(number):
        try:
            barrier.wait()
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


def test_a_human_check_is_passed_once_by_many_at_once():
    def pass_check(_number):
        try:
            human.use("a" * 64)
        except ValidationError as refusal:
            return refusal.code
        return "passed"

    assert sorted(at_once(pass_check)) == ["passed"] + ["replayed"] * (THREADS - 1)
    assert UsedChallenge.objects.count() == 1


def test_one_solution_sent_by_many_at_once_registers_one_person():
    fields = registration(Client())

    def send(number):
        return Client().post("/en/accounts/signup/", fields | {"email": f"p{number}@example.kz"}).status_code

    assert sorted(at_once(send)) == [200] * (THREADS - 1) + [302]
    assert User.objects.count() == 1


def test_one_address_registered_by_many_at_once_is_one_account_and_never_a_server_error():
    answers = at_once(lambda number: register(Client(), display_name=f"Айгүл {number}").status_code)
    assert set(answers) <= {302, 429}
    assert User.objects.count() == 1

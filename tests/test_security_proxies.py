"""A forged X-Forwarded-For gains nothing, however many proxies stand before the portal."""

import pytest
from django.test import Client, RequestFactory

from portal.clients import client_address

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (0, "", "192.0.2.1"),
        (1, "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "", "192.0.2.1"),
        (1, "nonsense", "192.0.2.1"),
        (2, "203.0.113.9, 198.51.100.7, 198.51.100.8", "198.51.100.7"),
        (2, "198.51.100.8", "192.0.2.1"),
    ],
)
def test_the_address_is_the_one_that_the_outermost_trusted_proxy_saw(settings, proxies, header, address):
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=header)
    assert client_address(request) == address


@pytest.mark.parametrize("proxies", [0, 1])
def test_a_new_forged_address_with_each_request_gets_round_no_limit(settings, proxies):
    settings.TRUSTED_PROXIES, settings.API_READS_PER_MINUTE = proxies, 5
    real = ", 198.51.100.7" if proxies else ""
    statuses = [
        Client().get("/api/v1/rules/", headers={"x-forwarded-for": f"203.0.113.{number}{real}"}).status_code
        for number in range(12)
    ]
    # A minute may end in between; then five more are let through.
    assert statuses.count(200) <= 10
    assert statuses.count(429) >= 2


def test_sign_in_counts_an_address_however_it_dresses_up(settings):
    settings.TRUSTED_PROXIES = 0
    statuses = [
        Client()
        .post(
            "/en/accounts/login/",
            {"login": f"a{number}@example.org", "password": "wrong-password-1"},
            headers={"x-forwarded-for": f"203.0.113.{number}"},
        )
        .status_code
        for number in range(35)
    ]
    assert (statuses[0], 429 in statuses[30:]) == (200, True)

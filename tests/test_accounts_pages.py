import re

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.utils.safestring import mark_safe

from portal.templatetags.portal import unbroken
from tests.accounts import make_user, sign_in
from tests.test_languages import foreign_texts

pytestmark = pytest.mark.django_db
ENTRANCE = ["login/", "signup/", "login/code/", "password/reset/"]
INSIDE = [
    "settings/",
    "email/",
    "password/change/",
    "logout/",
    "2fa/",
    "2fa/totp/activate/",
    "2fa/webauthn/",
    "2fa/webauthn/add/",
]


def check(page):
    """One heading, a label for each field that can be seen, no inline script or style."""
    assert page.count("<h1") == 1
    labelled = set(re.findall(r'<label for="([^"]+)"', page))
    for tag in re.findall(r"<(?:input|select|textarea)\b[^>]*>", page):
        if 'type="hidden"' not in tag and 'type="submit"' not in tag:
            assert re.search(r'\sid="([^"]+)"', tag)[1] in labelled
    for describing in re.findall(r'aria-describedby="([^"]*)"', page):
        for name in describing.split():
            assert f'id="{name}"' in page
    assert not re.search(r'<script(?![^>]*(\bsrc=|type="application/json"))|<style|\sstyle=|\son\w+=', page)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("path", ENTRANCE)
def test_a_page_of_the_entrance_is_sound(client, language, path):
    response = client.get(f"/{language}/accounts/{path}")
    assert response.status_code == 200
    check(response.content.decode())


@pytest.mark.parametrize("path", ENTRANCE)
def test_an_empty_form_comes_back_with_a_summary_whose_links_lead_to_the_fields(client, path):
    page = client.post(f"/en/accounts/{path}", {}).content.decode()
    check(page)
    summary = re.search(r'<div class="error-summary" role="alert">.*?</div>', page, re.DOTALL)[0]
    targets = re.findall(r'href="#([^"]+)"', summary)
    assert targets
    for target in targets:
        assert f'id="{target}"' in page


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("path", INSIDE)
def test_a_page_of_the_account_is_sound_and_in_one_language(client, language, path, settings):
    settings.SITE_NAME = ""
    make_user(display_name="Person")
    sign_in(client)
    response = client.get(f"/{language}/accounts/{path}")
    assert response.status_code == 200
    page = response.content.decode()
    check(page)
    assert foreign_texts(re.sub("<code>.*?</code>", "", page), language) == []


@pytest.mark.parametrize(
    "path", ["2fa/totp/deactivate/", "2fa/recovery-codes/generate/", "2fa/reauthenticate/", "2fa/"]
)
def test_a_page_of_an_active_second_factor_is_sound(client, path):
    user = make_user()
    sign_in(client)
    TOTP.activate(user, generate_totp_secret())
    response = client.get(f"/en/accounts/{path}")
    assert response.status_code == 200
    check(response.content.decode())


def test_the_recovery_codes_are_made_shown_and_downloaded(client):
    user = make_user()
    sign_in(client)
    TOTP.activate(user, generate_totp_secret())
    answer = client.post("/en/accounts/2fa/recovery-codes/generate/")
    page = client.get(answer["Location"]).content.decode()
    check(page)
    codes = client.get("/en/accounts/2fa/recovery-codes/download/").content.decode().split()
    assert len(codes) == 10
    assert all(code in page for code in codes)


def test_a_word_with_one_letter_before_its_hyphen_stays_in_one_line():
    whole = '<span class="unbroken">e-mail</span>'
    assert unbroken("Confirm your <e-mail>, well-known, of 7-20-25") == (
        f"Confirm your &lt;{whole}&gt;, well-known, of 7-20-25"
    )
    assert (
        unbroken(mark_safe('<a href="/e-mail/">e-mail</a> &amp; more')) == f'<a href="/e-mail/">{whole}</a> &amp; more'
    )


def test_labels_and_hints_keep_such_a_word_in_one_line(client):
    page = client.get("/en/accounts/signup/").content.decode()
    whole = '<span class="unbroken">{}</span>'.format
    assert f">{whole('E-mail')} address</label>" in page
    assert f"Your {whole('e-mail')} address is never shown there." in page

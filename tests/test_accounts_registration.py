import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from portal.accounts.models import Consent, Region, User
from tests.accounts import PASSWORD, errors_of, mailed_code, make_user, register, registration

pytestmark = pytest.mark.django_db


def confirm(client, code=None, language="en"):
    return client.post(f"/{language}/accounts/confirm-email/", {"code": code or mailed_code()})


def test_a_person_registers_proves_the_address_by_the_mailed_code_and_is_signed_in(client):
    answer = register(client)
    assert (answer.status_code, answer["Location"]) == (302, "/en/accounts/confirm-email/")
    assert "_auth_user_id" not in client.session

    answer = confirm(client)
    assert (answer.status_code, answer["Location"]) == (302, "/en/profile/")
    user = User.objects.get()
    assert client.session["_auth_user_id"] == str(user.pk)
    assert (user.email, user.display_name, user.language) == ("aigul@example.kz", "Айгүл Ә.", "en")
    assert user.check_password(PASSWORD)
    assert list(user.emailaddress_set.values_list("email", "verified", "primary")) == [("aigul@example.kz", True, True)]


def test_consent_is_recorded_with_version_and_language(client):
    register(client, at="ru", email="b@example.kz")
    assert set(Consent.objects.values_list("user__email", "document", "version", "language")) == {
        ("b@example.kz", "privacy", "2026-11-30.5", "ru"),
        ("b@example.kz", "rules", "2026-11-30", "ru"),
    }


def test_region_birth_band_and_gender_may_be_said_and_are_empty_otherwise(client):
    region = Region.objects.create(country="KZ", code="KZ-63", name_en="East Kazakhstan Region", kind="region")
    register(client, email="b@example.kz", region=region.pk, age_band="1980-1989", gender="female")
    client.logout()
    client.cookies.clear()
    register(client, email="c@example.kz")
    said = User.objects.order_by("email").values_list("region", "age_band", "gender")
    assert list(said) == [(region.pk, "1980-1989", "female"), (None, "", "")]


def test_rather_not_say_is_preset_and_each_question_says_why_it_is_asked(client):
    form = client.get("/en/accounts/signup/").context["form"]
    for name in ("region", "age_band", "gender"):
        assert not form[name].value()
        assert "groups of ten or more" in str(form.fields[name].help_text)
    assert str(form.fields["age_band"].choices[0][1]) == "Rather not say"
    assert form["language"].value() == "en"


@pytest.mark.parametrize("missing", ["minimum_age", "consent", "email", "password1", "display_name"])
def test_without_age_consent_address_password_or_name_nobody_is_registered(client, missing):
    answer = register(client, **{missing: None})
    assert (answer.status_code, list(errors_of(answer))) == (200, [missing])
    assert (User.objects.count(), mail.outbox) == (0, [])


def test_the_age_to_confirm_is_a_setting(client, settings):
    settings.MINIMUM_AGE = 18
    answer = register(client, minimum_age=None)
    assert errors_of(answer) == {"minimum_age": ["Participants are 18 years old or older."]}


def test_a_fault_keeps_what_was_typed_except_the_password(client):
    answer = register(client, consent=None, display_name="<b>Нұрлан & Ко</b>", gender="female")
    page = answer.content.decode()
    assert 'value="aigul@example.kz"' in page
    assert 'value="&lt;b&gt;Нұрлан &amp; Ко&lt;/b&gt;"' in page
    assert re.search(r'value="female"[^>]* checked', page)
    assert PASSWORD not in page
    # The proof of work is kept, too: the second try needs no new one.
    fields = registration(client, altcha=answer.context["form"]["altcha"].value())
    assert client.post("/en/accounts/signup/", fields).status_code == 302


@pytest.mark.parametrize("field", ["email", "password1", "display_name", "language", "region", "age_band", "altcha"])
@pytest.mark.parametrize(
    "text",
    ["\x00", "a\x00b", "\x07\x1b[31m", "x" * 10_000, "😀" * 3, "\u202eadmin", "'\"><script>", "9" * 40],
    ids=["nul", "inner nul", "controls", "long", "emoji", "bidi", "markup", "huge number"],
)
def test_bad_input_is_never_a_server_error(client, field, text):
    answer = register(client, **{field: text})
    assert answer.status_code in {200, 302}
    assert answer.status_code == 302 or errors_of(answer)


def test_bytes_that_are_no_utf_8_are_never_a_server_error(client):
    body = "&".join(
        f"{name}={value}" for name, value in {"email": "%ED%A0%80@x.kz", "display_name": "%ED%A0%80%FF"}.items()
    )
    answer = client.post("/en/accounts/signup/", body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200


def test_an_emoji_in_a_name_is_kept(client):
    register(client, display_name="Қарлығаш 🕊")
    assert User.objects.get().display_name == "Қарлығаш 🕊"


def test_a_weak_password_is_refused(client):
    assert list(errors_of(register(client, password1="12345678"))) == ["password1"]


def test_a_registration_never_proved_gives_way_to_a_later_one(client, django_user_model):
    register(client, display_name="First comer", password1="the-first-password-1")
    client.cookies.clear()
    cache.clear()  # ten seconds later
    register(client, display_name="Owner")
    assert confirm(client)["Location"] == "/en/profile/"
    user = django_user_model.objects.get()
    assert (user.display_name, user.check_password("the-first-password-1")) == ("Owner", False)


def test_the_code_of_a_registration_that_gave_way_proves_nothing(client):
    register(client)
    code = mailed_code()
    User.objects.all().delete()
    assert errors_of(confirm(client, code)) == {"code": ["This code is not right."]}
    assert "_auth_user_id" not in client.session


def test_an_address_never_proved_gets_no_sign_in_code(client):
    register(client)
    client.cookies.clear()
    mail.outbox.clear()
    client.post("/en/accounts/login/code/", {"email": "aigul@example.kz"})
    assert mail.outbox[0].subject == "There is no account with this address · Test portal"


def test_a_wrong_confirmation_code_confirms_nothing_and_three_end_the_try(client):
    register(client)
    for _try in range(2):
        assert errors_of(confirm(client, "AAAAAA"))["code"] == ["This code is not right."]
    assert confirm(client, "AAAAAA")["Location"] == "/en/accounts/login/"
    assert not User.objects.get().emailaddress_set.get().verified


def test_the_account_page_shows_and_changes_what_was_said(client):
    user = make_user()
    region = Region.objects.create(country="KZ", code="KZ-63", name_en="East Kazakhstan Region", kind="region")
    Region.objects.create(country="UZ", code="UZ-TK", name_en="Tashkent", kind="city")
    client.force_login(user)
    address = reverse("account_settings")
    page = client.get("/en/accounts/settings/")
    assert [str(name) for _pk, name in page.context["form"].fields["region"].choices] == [
        "Rather not say",
        "East Kazakhstan Region",
    ]
    answer = client.post(
        "/en/accounts/settings/",
        {"display_name": "Нұрлан", "language": "kk", "region": region.pk, "age_band": "-1959", "gender": "other"},
    )
    assert (answer.status_code, answer["Location"]) == (302, "/kk/accounts/settings/")
    assert address.endswith("/accounts/settings/")
    user.refresh_from_db()
    assert (user.display_name, user.language, user.region, user.age_band, user.gender) == (
        "Нұрлан",
        "kk",
        region,
        "-1959",
        "other",
    )


def test_a_name_refused_at_registration_is_refused_on_the_account_page(client):
    client.force_login(make_user())
    answer = client.post("/en/accounts/settings/", {"display_name": "М0дератор", "language": "kk"})
    assert list(errors_of(answer)) == ["display_name"]
    assert User.objects.get().display_name == "Айгүл"


def test_the_account_page_is_for_people_who_are_signed_in(client):
    assert client.get("/en/accounts/settings/")["Location"] == "/en/accounts/login/?next=/en/accounts/settings/"


def test_a_person_who_closed_the_page_signs_in_with_the_password_and_proves_the_address_then(client):
    register(client)
    client.cookies.clear()
    cache.clear()  # ten seconds later
    answer = client.post("/en/accounts/login/", {"login": "aigul@example.kz", "password": PASSWORD})
    assert answer["Location"] == "/en/accounts/confirm-email/"
    assert confirm(client)["Location"] == "/en/profile/"

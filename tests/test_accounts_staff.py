import re
from io import StringIO

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command

from portal.accounts.models import Region, User
from tests.accounts import PASSWORD, mailed_code, make_user
from tests.builders import staff_client

pytestmark = pytest.mark.django_db


def create_staff(email="staff@example.kz", role="administrator", **options):
    out = StringIO()
    call_command("create_staff", email, role=role, stdout=out, **options)
    return dict(re.findall(r"^(\w+):\s+(\S+)$", out.getvalue(), re.MULTILINE))


def totp(secret):
    return format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[1]))


def test_an_administrator_made_by_command_signs_in_with_the_second_factor_and_reaches_the_admin(client):
    made = create_staff()
    assert client.get("/admin/", follow=False)["Location"] == "/admin/login/?next=/admin/"
    answer = client.get("/admin/login/?next=/admin/", HTTP_ACCEPT_LANGUAGE="ru")
    assert answer["Location"] == "/ru/accounts/login/?next=%2Fadmin%2F"

    answer = client.post(answer["Location"], {"login": made["email"], "password": made["password"]})
    assert answer["Location"].split("?")[0] == "/ru/accounts/2fa/authenticate/"
    assert "_auth_user_id" not in client.session
    assert client.get(answer["Location"]).status_code == 200
    answer = client.post(answer["Location"], {"code": totp(made["totp"])})
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    page = client.get("/admin/")
    assert page.status_code == 200
    assert page.wsgi_request.user == User.objects.get(email="staff@example.kz", is_superuser=True)


@pytest.mark.parametrize(
    ("address", "line"),
    [("https://portal.example.kz", "https://portal.example.kz/admin/"), ("", "/admin/ of the portal")],
)
def test_the_command_names_the_portals_address_only_where_it_is_set(settings, monkeypatch, address, line):
    monkeypatch.setenv("SITE_URL", address)
    settings.SITE_URL = address or "http://127.0.0.1:8000"
    out = StringIO()
    call_command("create_staff", "staff@example.kz", role="analyst", stdout=out)
    assert out.getvalue().splitlines()[-1] == f"sign in:  {line}"


def test_a_wrong_second_factor_lets_nobody_in(client):
    made = create_staff()
    answer = client.post("/en/accounts/login/", {"login": made["email"], "password": made["password"]})
    answer = client.post(answer["Location"], {"code": "000000" if totp(made["totp"]) != "000000" else "111111"})
    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session


def test_neither_a_mailed_code_nor_a_new_password_goes_round_the_second_factor(client):
    create_staff()
    for path, steps in {
        "login/code/": [{"code": None}],
        "password/reset/": [{"code": None}, {"password1": "a-quite-new-password"}],
    }.items():
        client.cookies.clear()
        answer = client.post(f"/en/accounts/{path}", {"email": "staff@example.kz"})
        for step in steps:
            fields = {name: value or mailed_code() for name, value in step.items()}
            answer = client.post(answer["Location"], fields)
        assert answer["Location"].split("?")[0] == "/en/accounts/2fa/authenticate/"
        assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("role", ["senior-moderator", "moderator", "editor", "analyst"])
def test_a_role_is_a_group_and_no_superuser(role):
    create_staff(role=role)
    user = User.objects.get()
    assert (user.is_staff, user.is_superuser, [group.name for group in user.groups.all()]) == (True, False, [role])
    assert list(user.emailaddress_set.values_list("email", "verified", "primary")) == [("staff@example.kz", True, True)]


def test_an_address_that_has_an_account_is_refused_with_one_line():
    make_user("staff@example.kz")
    with pytest.raises(CommandError) as refusal:
        create_staff()
    assert "\n" not in str(refusal.value)
    assert not User.objects.get().is_staff


def test_reset_gives_new_secrets_and_keeps_the_account():
    first = create_staff(role="moderator")
    second = create_staff(role="editor", reset=True)
    user = User.objects.get()
    assert first["password"] != second["password"]
    assert first["totp"] != second["totp"]
    assert user.check_password(second["password"])
    assert user.authenticator_set.count() == 1
    assert [group.name for group in user.groups.all()] == ["editor"]


@pytest.mark.parametrize(("email", "options"), [("no-address", {}), ("new@example.kz", {"reset": True})])
def test_what_cannot_be_made_is_refused_and_nothing_is_made(email, options):
    with pytest.raises(CommandError):
        create_staff(email, **options)
    assert User.objects.count() == 0


def test_the_printed_otpauth_address_carries_the_secret():
    made = create_staff()
    assert made["otpauth"].startswith("otpauth://totp/Test%20portal%3Astaff%40example.kz?secret=" + made["totp"])


def test_a_participant_gets_no_further_than_a_page_that_says_no(client):
    client.force_login(make_user())
    assert client.get("/admin/login/?next=/admin/").status_code == 403


def test_the_admins_own_sign_in_form_takes_no_password(client):
    make_user(is_staff=True)
    answer = client.post("/admin/login/", {"username": "aigul@example.kz", "password": PASSWORD})
    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]
    assert "_auth_user_id" not in client.session


def test_the_admins_sign_in_sends_nobody_to_another_site(client):
    answer = client.get("/admin/login/?next=https://evil.example/", HTTP_ACCEPT_LANGUAGE="en")
    assert answer["Location"] == "/en/accounts/login/?next=%2Fadmin%2F"
    client = staff_client(make_user(is_staff=True))
    assert client.get("/admin/login/?next=//evil.example/")["Location"] == "/admin/"


def test_the_admin_lists_people_and_shows_one_without_a_password_or_an_inline_script():
    client = staff_client(make_user("boss@example.kz", is_staff=True, is_superuser=True))
    other = make_user()
    assert "aigul@example.kz" in client.get("/admin/accounts/user/").content.decode()
    answer = client.get(f"/admin/accounts/user/{other.pk}/change/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "md5$" not in page
    assert not re.search(r"<script>|\son(click|change|load)=", page)


def test_the_admin_shows_regions_in_three_languages():
    call_command("load_regions", verbosity=0)
    client = staff_client(make_user("boss@example.kz", is_staff=True, is_superuser=True))
    assert client.get("/admin/accounts/region/").status_code == 200
    page = client.get(f"/admin/accounts/region/{Region.objects.get(code='KZ-63').pk}/change/").content.decode()
    for name in ("Шығыс Қазақстан облысы", "Восточно-Казахстанская область", "East Kazakhstan Region"):
        assert name in page


def test_the_admin_gives_no_powers_through_a_forged_post_of_a_moderator():
    moderator = make_user("mod@example.kz", is_staff=True)
    moderator.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))
    client = staff_client(moderator)
    other = make_user()
    client.post(
        f"/admin/accounts/user/{other.pk}/change/",
        {"display_name": "Айгүл", "is_active": "on", "is_staff": "on", "is_superuser": "on", "email": "x@example.kz"}
        | {f"consents-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")},
    )
    other.refresh_from_db()
    assert (other.is_staff, other.is_superuser, other.email) == (False, False, "aigul@example.kz")

"""Each role of the staff has exactly its permissions; making them again changes nothing."""

from io import StringIO

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command

from feedback.actions.access import ROLES, role_of
from feedback.actions.roles import PERMISSIONS
from portal.accounts.management.commands.create_staff import NAMES
from portal.accounts.models import User
from tests.builders import make_user
from tests.test_accounts_staff import create_staff

pytestmark = pytest.mark.django_db


def sync() -> str:
    out = StringIO()
    call_command("sync_roles", stdout=out)
    return out.getvalue()


def permissions_of(role: str) -> set[str]:
    rows = Permission.objects.filter(group__name=role).values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in rows}


def test_every_role_gets_exactly_its_permissions_and_a_second_run_changes_nothing():
    assert sync() == "Roles of the staff: 5, changed: 5.\n"
    assert {role: permissions_of(role) for role in ROLES} == PERMISSIONS
    assert sync() == "Roles of the staff: 5, changed: 0.\n"


def test_what_a_role_has_too_much_of_is_taken_away_and_what_it_lacks_is_given():
    sync()
    analyst = Group.objects.get(name="analyst")
    analyst.permissions.add(Permission.objects.get(codename="view_user"))
    Group.objects.get(name="moderator").permissions.clear()
    assert sync() == "Roles of the staff: 5, changed: 2.\n"
    assert {role: permissions_of(role) for role in ROLES} == PERMISSIONS


def test_people_keep_their_roles_and_other_groups_their_permissions():
    sync()
    person, friends = make_user(is_staff=True), Group.objects.create(name="friends")
    person.groups.set([friends, Group.objects.get(name="editor")])
    friends.permissions.add(Permission.objects.get(codename="view_user"))
    sync()
    assert sorted(person.groups.values_list("name", flat=True)) == ["editor", "friends"]
    assert permissions_of("friends") == {"accounts.view_user"}


def test_a_permission_that_no_model_declares_is_said_in_one_line(monkeypatch):
    monkeypatch.setitem(PERMISSIONS, "analyst", PERMISSIONS["analyst"] | {"feedback.see_through_walls"})
    with pytest.raises(CommandError, match="^analyst: no such permission: feedback.see_through_walls$"):
        sync()
    assert Group.objects.count() == 0


@pytest.mark.parametrize("role", ROLES)
def test_an_account_made_by_command_has_its_roles_permissions_and_name(role):
    sync()
    create_staff(role=role)
    user = User.objects.get()
    assert (role_of(user), user.is_superuser) == (role, role == "administrator")
    assert user.get_group_permissions() >= PERMISSIONS[role]
    assert (role == "administrator") or user.get_all_permissions() == PERMISSIONS[role]


def test_create_staff_knows_the_same_roles():
    assert sorted(NAMES) == sorted(ROLES) == sorted(PERMISSIONS)


def test_only_the_administrator_sees_accounts():
    others = {name for role in ROLES if role != "administrator" for name in PERMISSIONS[role]}
    assert [name for name in others if name.split(".")[0] in {"accounts", "account", "auth", "mfa", "sessions"}] == []

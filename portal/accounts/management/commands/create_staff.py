"""manage.py create_staff EMAIL --role ROLE: a staff account with its password and second factor."""

import os
import secrets
from urllib.parse import quote, urlencode

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from portal.accounts.models import User

NAMES = {
    "administrator": "Administrator",
    "senior-moderator": "Senior moderator",
    "moderator": "Moderator",
    "editor": "Editor",
    "analyst": "Analyst",
}


class Command(BaseCommand):
    help = "Creates a staff account and prints its password and TOTP secret, once."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--role", choices=NAMES, required=True)
        parser.add_argument("--language", choices=dict(settings.LANGUAGES), default="ru")
        parser.add_argument("--reset", action="store_true", help="new secrets and this role for an account that exists")

    @transaction.atomic
    def handle(self, *, email, role, language, reset, **options):
        email = email.strip().lower()
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"{email!r} is not an e-mail address.") from None
        password, secret = secrets.token_urlsafe(15), generate_totp_secret()
        user = User.objects.filter(email__iexact=email).first()
        if user and not reset:
            raise CommandError(f"{email} has an account already; --reset gives it this role and new secrets.")
        if user is None:
            if reset:
                raise CommandError(f"{email} has no account to reset.")
            user = User(email=email, language=language)
        self.save(user, role, password)
        prove(user)
        Authenticator.objects.filter(user=user).delete()
        TOTP.activate(user, secret)
        self.report(user, role, password, secret)

    def save(self, user, role, password):
        if not user.is_staff:
            user.display_name = NAMES[role]
        user.is_staff = user.is_active = True
        user.is_superuser = role == "administrator"
        user.set_password(password)
        user.save()
        user.groups.set([Group.objects.get_or_create(name=role)[0]])

    def report(self, user, role, password, secret):
        issuer = settings.SITE_NAME or "Portal"
        otpauth = f"otpauth://totp/{quote(f'{issuer}:{user.email}')}?{urlencode({'secret': secret, 'issuer': issuer})}"
        self.stdout.write(f"email:    {user.email}")
        self.stdout.write(f"role:     {role}")
        self.stdout.write(f"password: {password}")
        self.stdout.write(f"totp:     {secret}")
        self.stdout.write(f"otpauth:  {otpauth}")
        # The default of SITE_URL is a guess: the portal may listen on another port.
        place = f"{settings.SITE_URL}/admin/" if os.environ.get("SITE_URL") else "/admin/ of the portal"
        self.stdout.write(f"sign in:  {place}")


def prove(user):
    """The address counts as verified: whoever runs commands on the server vouches for it."""
    EmailAddress.objects.filter(user=user).exclude(email__iexact=user.email).delete()
    EmailAddress.objects.update_or_create(
        user=user, email=user.email.lower(), defaults={"verified": True, "primary": True}
    )

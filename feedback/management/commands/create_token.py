"""manage.py create_token EMAIL --scope read|write: a personal token of the API for an account."""

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from feedback.actions.refusals import Refused
from feedback.actions.tokens import make_token
from feedback.models import ApiToken


class Command(BaseCommand):
    help = "Makes a personal token of the API for an account and prints it, once."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--scope", choices=ApiToken.Scope.values, required=True)
        parser.add_argument("--name", default="made by command")

    def handle(self, *, email, scope, name, **options):
        user = get_user_model().objects.filter(email__iexact=email.strip()).first()
        if user is None:
            raise CommandError(f"{email} has no account.")
        try:
            _token, secret = make_token(user, name=name, scope=scope)
        except Refused as refusal:
            raise CommandError(str(refusal.message)) from None
        self.stdout.write(secret)

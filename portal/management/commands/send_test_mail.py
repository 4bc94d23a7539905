"""manage.py send_test_mail ADDRESS: whether mail works, and if not, what fails."""

from smtplib import SMTPAuthenticationError, SMTPException

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils.translation import override

from portal.mail import render_letter


class Command(BaseCommand):
    help = "Sends a letter at once, not by way of the queue, and says whether that worked or what failed."

    def add_arguments(self, parser):
        parser.add_argument("address", help="whom to send it to")

    def handle(self, *, address, **options):
        try:
            validate_email(address)
        except ValidationError:
            raise CommandError(f"{address} is no e-mail address.") from None
        owner = get_user_model().objects.filter(email__iexact=address).first()
        with override(owner.language if owner else settings.LANGUAGE_CODE):
            subject, body = render_letter("portal/test_mail", {})
        way = way_of_mail()
        try:
            EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [address]).send()
        except SMTPAuthenticationError as fault:
            raise CommandError(f"The mail server refuses the name or the password in EMAIL_URL ({fault}).") from None
        except (SMTPException, OSError) as fault:
            raise CommandError(f"No mail was sent {way}: {type(fault).__name__}: {fault}") from None
        self.stdout.write(f"A mail to {address} was sent {way}, from {settings.DEFAULT_FROM_EMAIL}.")


def way_of_mail() -> str:
    """Where mail goes, in words."""
    if "filebased" in settings.EMAIL_BACKEND:
        return f"as a file in {settings.EMAIL_FILE_PATH}"
    if "smtp" in settings.EMAIL_BACKEND:
        return f"through {settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    return f"by {settings.EMAIL_BACKEND}"

"""manage.py prune_mail: forget the tasks of mail that was sent."""

from django.core.management.base import BaseCommand

from portal.mail import forget_sent_mail


class Command(BaseCommand):
    help = (
        "Deletes finished mail tasks: those sent more than a minute ago, and those that failed more than a day ago. "
        "The worker does it with each mail; address and text are gone from a task as soon as it was tried."
    )

    def handle(self, *, verbosity, **options):
        deleted = forget_sent_mail()
        if verbosity:
            self.stdout.write(f"{deleted} mail tasks were deleted.")

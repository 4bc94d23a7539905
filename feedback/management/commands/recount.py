from django.core.management.base import BaseCommand, CommandError

from feedback.ledger.recount import recount


class Command(BaseCommand):
    help = "Recount every kept number from the rows and from the ledger; exits non-zero where one differs."

    def handle(self, **options):
        differences = recount()
        if differences:
            raise CommandError("\n".join(differences))
        self.stdout.write("Every kept number equals its recount.")

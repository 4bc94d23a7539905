from django.core.management.base import BaseCommand, CommandError

from feedback.actions.witnessing import enter_witness


class Command(BaseCommand):
    help = "Enter an independent party that cosigns the ledger's checkpoints; once more to change what is known of it."

    def add_arguments(self, parser):
        parser.add_argument("name", help="such as witness.example.org; it stands in the signature lines")
        parser.add_argument("public_key", help="Ed25519, Base64; the witness's program prints it")
        parser.add_argument("--email", default="", help="where the newest checkpoint is mailed daily")
        parser.add_argument("--gone", action="store_true", help="it cosigns no more")

    def handle(self, *, name, public_key, email, gone, **options):
        try:
            witness = enter_witness(name, public_key, email=email, active=not gone)
        except ValueError as fault:
            raise CommandError(str(fault)) from None
        self.stdout.write(f"{witness.name} is {'no witness any more' if gone else 'a witness'}.")

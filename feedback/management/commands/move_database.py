from django.core.management.base import BaseCommand, CommandError

from feedback.safekeeping.moving import MoveFault, move


class Command(BaseCommand):
    help = (
        "Copy the database of DATABASE_URL into the empty one at URL, keys and ledger as they are, and compare them. "
        "Stop the portal before; set DATABASE_URL to URL afterwards."
    )

    def add_arguments(self, parser):
        parser.add_argument("url", metavar="URL", help="postgres://USER:PASSWORD@HOST/NAME")

    def handle(self, *, url, **options):
        if not url.startswith(("postgres://", "postgresql://")):
            raise CommandError("URL is postgres://USER:PASSWORD@HOST/NAME.")
        try:
            found = move(url)
        except MoveFault as fault:
            raise CommandError(str(fault)) from None
        rows, ledger = sum(found["rows"].values()), found["ledger"]
        self.stdout.write(f"Moved: {rows} rows, {ledger['head']} entries of the ledger, root {ledger['root']}.")

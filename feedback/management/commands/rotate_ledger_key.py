from django.core.management.base import BaseCommand, CommandError

from feedback.ledger.checkpoints import LogFault
from feedback.ledger.rotation import rotate_log_key, rotate_receipt_key
from feedback.models import SigningKey


class Command(BaseCommand):
    help = "Make a new key of the ledger's checkpoints, or of receipts, and name it in the ledger."

    def add_arguments(self, parser):
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--receipts", action="store_true", help="the key of receipts, not that of checkpoints")
        which.add_argument("--lost", action="store_true", help="the old key of checkpoints is lost and cannot sign")

    def handle(self, *, receipts, lost, **options):
        try:
            rotate_receipt_key() if receipts else rotate_log_key(lost=lost)
        except LogFault as fault:
            raise CommandError(str(fault)) from None
        role = SigningKey.Role.RECEIPTS if receipts else SigningKey.Role.LOG
        self.stdout.write(f"The new public key: {SigningKey.objects.filter(role=role).last().public_key}")

from django.core.management.base import BaseCommand, CommandError

from feedback.actions.roles import PERMISSIONS, sync_roles


class Command(BaseCommand):
    help = "Give each role of the staff exactly the permissions that it is meant to have; again changes nothing."

    def handle(self, **options):
        try:
            changed = sync_roles()
        except LookupError as fault:
            raise CommandError(str(fault)) from None
        self.stdout.write(f"Roles of the staff: {len(PERMISSIONS)}, changed: {changed}.")

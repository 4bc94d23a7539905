from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection


class Command(BaseCommand):
    help = "Say whether the database answers, in one line."
    requires_system_checks = []

    def handle(self, **options):
        connection.settings_dict["OPTIONS"].pop("pool", None)  # a pool tries again and again, and logs each try
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except DatabaseError as fault:
            reason = " ".join(str(fault).split())
            raise CommandError(f"The database that DATABASE_URL names does not answer: {reason}") from None
        finally:
            connection.close()

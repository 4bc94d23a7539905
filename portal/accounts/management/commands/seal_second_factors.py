from django.core.management.base import BaseCommand

from portal.accounts.second_factors import seal_all


class Command(BaseCommand):
    help = "Encrypts the secrets of second factors under the present SECRET_KEY, whatever they were written under."

    def handle(self, **options):
        self.stdout.write(f"{seal_all()} second factors are encrypted under the present key.")

from django.core.management.base import BaseCommand

from feedback.models import Comment
from feedback.search.index import reindex


class Command(BaseCommand):
    help = "Write the index of comments that search reads anew; others may read and write meanwhile."

    def handle(self, *, verbosity, **options):
        total = Comment.objects.visible().count()

        def progress(done: int) -> None:
            if verbosity and self.stderr.isatty():
                self.stderr.write(f"\r{done:,} of {total:,} comments", ending="")

        done = reindex(progress)
        if verbosity and self.stderr.isatty():
            self.stderr.write("")
        self.stdout.write(f"Indexed: {done:,} comments.")

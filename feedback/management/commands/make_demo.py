import sys
import time
from datetime import datetime

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from feedback.demo.consultation import Made, OutOfPlace, Size, make_consultation
from feedback.models import Comment, CommentVote, LedgerEntry, Participant, Rating, Report

RECOUNTED = 20_000  # comments up to which the recount follows at once
SECONDS_BETWEEN_LINES = 5  # of progress, where the output is no terminal


class Command(BaseCommand):
    help = (
        "Make a believable consultation with invented participants, for looking at and for measuring. Refuses where "
        "there are real participants. Writes in one transaction that holds the ledger's lock: an interrupted run "
        "leaves nothing behind, and a large one is best made while nothing else writes."
    )

    def add_arguments(self, parser):
        parser.add_argument("--participants", type=int, default=300)
        parser.add_argument("--comments", type=int, default=1000)
        parser.add_argument("--ratings", type=int, default=5000)
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same contents")
        parser.add_argument("--programme", metavar="SLUG", help="the first one by default")
        parser.add_argument(
            "--until",
            type=iso_time,
            metavar="ISO",
            help="when the last of it happens, such as 2026-11-23T07:00Z; by default now, cut to the hour. Contents "
            "are the same only with the same --until",
        )

    def handle(self, *, participants, comments, ratings, seed, programme, until, **options):
        began = time.monotonic()
        until = until or timezone.now().replace(minute=0, second=0, microsecond=0)
        progress = Progress(self.stderr, comments, ratings)
        try:
            made = make_consultation(
                Size(participants, comments, ratings), seed=seed, until=until, programme=programme, tell=progress.tell
            )
        except OutOfPlace as reason:
            raise CommandError(str(reason)) from None
        finally:
            progress.end()
        self.report(made, time.monotonic() - began)
        call_command("reindex_search", stdout=self.stdout, stderr=self.stderr)
        if comments <= RECOUNTED:
            call_command("recount", stdout=self.stdout)
        else:
            self.stdout.write("Run manage.py recount to prove every kept number; it takes a while.")

    def report(self, made: Made, seconds: float):
        rows = made.rows
        states = ", ".join(f"{state} {number:,}" for state, number in sorted(made.states.items()))
        self.stdout.write(
            f"{made.programme.slug}: {rows[Participant]:,} participants, {rows[Rating]:,} ratings, "
            f"{rows[Comment]:,} comments ({states}), {rows[CommentVote]:,} votes, {rows[Report]:,} reports, "
            f"{rows[LedgerEntry]:,} ledger entries, in {seconds:.1f} s."
        )


class Progress:
    """One line of what is written so far, kept up to date on a terminal."""

    def __init__(self, out, comments: int, ratings: int):
        self._out, self._comments, self._ratings = out, comments, ratings
        self._terminal = out.isatty() if hasattr(out, "isatty") else sys.stderr.isatty()
        self._told = time.monotonic()
        self._open = False

    def tell(self, written: dict) -> None:
        now = time.monotonic()
        if not self._terminal and now - self._told < SECONDS_BETWEEN_LINES:
            return
        self._told, self._open = now, self._terminal
        line = f"comments {written[Comment]:,} / {self._comments:,}, ratings {written[Rating]:,} / {self._ratings:,}"
        self._out.write(f"\r{line}" if self._terminal else line, ending="" if self._terminal else "\n")
        self._out.flush()

    def end(self) -> None:
        if self._open:
            self._out.write("")


def iso_time(text: str) -> datetime:
    """An ISO 8601 moment; without an offset it is in the portal's time zone."""
    moment = datetime.fromisoformat(text)
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)

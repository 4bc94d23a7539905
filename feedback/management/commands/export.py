import os
import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, InterfaceError
from django.utils import translation

from feedback.actions.exports import record_export
from feedback.export.catalogue import KINDS
from feedback.export.dictionary import dictionary_csv
from feedback.export.files import whole_file
from feedback.export.formats import FORMATS
from feedback.export.making import Order, write_export
from feedback.management.progress import Progress
from principles.models import Programme

PARQUET_MISSING = "Parquet needs pyarrow: pip install -r requirements-parquet.txt"


class Command(BaseCommand):
    help = (
        "Write rows of a kind to FILE, as the administration exports them: CSV (a data dictionary beside "
        "it), XLSX, JSON Lines or Parquet. The file is whole or not there."
    )

    def add_arguments(self, parser):
        parser.add_argument("kind", choices=KINDS)
        parser.add_argument("file", type=Path, help="its ending says the format: .csv, .xlsx, .jsonl, .parquet")
        parser.add_argument("--format", choices=[*FORMATS, "parquet"], help="the format, whatever FILE ends in")
        parser.add_argument("--columns", help="names with commas between, or `all`; the usual ones unless said")
        parser.add_argument("--list-columns", action="store_true", help="say which columns there are, write nothing")
        parser.add_argument("--programme", metavar="SLUG", help="only what is about this programme")
        parser.add_argument(
            "--language", choices=[code for code, _name in settings.LANGUAGES], default="en", help="of the dictionary"
        )

    def handle(self, *, kind, file, columns, programme, language, **options):
        kind = KINDS[kind]
        with translation.override(language):
            if options["list_columns"]:
                for column in kind.columns():
                    self.stdout.write(f"{column.name}{'' if column.usual else ' (not usual)'}: {column.meaning}")
                return
            order = Order(
                kind,
                self._columns(kind, columns),
                self._format(file, options["format"]),
                self._among(kind, programme),
            )
            self._write(order, file, f"--programme {programme}" if programme else "")

    def _write(self, order: Order, file: Path, query: str) -> None:
        name = order.kind.name
        began = time.monotonic()
        try:
            progress = Progress(self.stderr, {name: order.rows.count()})
            rows = write_export(
                order,
                file,
                lambda done: progress.tell(name, done),
                lambda number: record_export(order, by=None, query=query, rows=number),
            )
            progress.end()
            if order.format != "xlsx":
                with whole_file(file.with_name(f"{file.stem}.dictionary.csv")) as path:
                    path.write_text(dictionary_csv(order.columns), encoding="utf-8", newline="")
        except OSError as fault:
            reason = os.strerror(fault.errno) if fault.errno else fault
            raise CommandError(f"{file} was not written: {reason}.") from None
        except (DatabaseError, InterfaceError) as fault:
            raise CommandError(f"The database gave up, and {file} was not written: {fault}") from None
        self.stdout.write(f"{file}: {rows:,} {name} in {time.monotonic() - began:.1f} s.")

    @staticmethod
    def _columns(kind, names: str | None):
        try:
            if names == "all":
                return kind.offered_to(None)
            return kind.chosen(names and [name.strip() for name in names.split(",")])
        except LookupError as fault:
            raise CommandError(f"{kind.name} have no columns {fault}; --list-columns names them.") from None

    @staticmethod
    def _format(file: Path, wanted: str | None) -> str:
        name = wanted or file.suffix.removeprefix(".").lower()
        if name in FORMATS:
            return name
        if name == "parquet":
            raise CommandError(PARQUET_MISSING)
        raise CommandError(f"{file} ends in no format that is known: {', '.join(FORMATS)}.")

    @staticmethod
    def _among(kind, slug: str | None):
        if slug is None:
            return None
        if not kind.programme:
            raise CommandError(f"{kind.name} are of no programme.")
        if not Programme.objects.filter(slug=slug).exists():
            raise CommandError(f"There is no programme {slug}.")
        return kind.model.objects.filter(**{kind.programme: slug})

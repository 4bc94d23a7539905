"""Making a report: nine files in a folder of their own, all of them or none."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.utils.translation import override

from feedback.models import ResultsReport
from feedback.results.report.content import report_of
from feedback.results.report.docx import docx
from feedback.results.report.html import html
from feedback.results.report.pdf import pdf
from portal.localized import LANGUAGES
from principles.models import Programme

FORMATS: dict[str, Callable] = {"html": html, "pdf": pdf, "docx": docx}


def home() -> Path:
    return Path(settings.REPORTS_DIR)


def progress_file(report: ResultsReport) -> Path:
    """Where the number of files that are done stands while a report is made."""
    return home() / f".{report.pk}.progress"


def files_done(report: ResultsReport) -> int:
    """How many files of a report that is being made are done; 0 where nothing is known."""
    try:
        return int(progress_file(report).read_text())
    except (OSError, ValueError):
        return 0


def names(programme: Programme) -> list[str]:
    """The names of a report's files."""
    return [f"{programme.slug}-{language}.{suffix}" for language in LANGUAGES for suffix in FORMATS]


def make_report(programme: Programme, folder: Path, tell: Callable[[str], None] = lambda name: None) -> list[Path]:
    """Write the report of `programme` into `folder`, which must not be there yet; returns the files.

    A folder that could not be finished leaves nothing behind (OSError where it cannot be written).
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=".report-", dir=folder.parent))
    try:
        for language in LANGUAGES:
            with override(language):
                report = report_of(programme)
                for suffix, write in FORMATS.items():
                    name = f"{programme.slug}-{language}.{suffix}"
                    (beside / name).write_bytes(write(report))
                    tell(name)
        beside.chmod(0o755)
        beside.rename(folder)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    return [folder / name for name in names(programme)]

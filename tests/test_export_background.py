"""Exports that take longer: made in the background, their owner's alone, gone after a day, and failing cleanly."""

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from feedback.actions.due import do_due_work
from feedback.actions.exports import ATTEMPTS, KEPT, STALLED_AFTER, request_export, run_export
from feedback.admin import exporting
from feedback.export import shelf
from feedback.export.catalogue import KINDS
from feedback.export.making import Order
from feedback.models import Export, ExportRecord
from tests.builders import make_comment, make_participant, staff_client
from tests.desk import make_staff
from tests.programme_builders import make_measure
from tests.test_export_admin import ask, body, rows
from tests.test_export_files import full_disk

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst(monkeypatch):
    monkeypatch.setattr(exporting, "AT_ONCE", 2)
    return make_staff("analyst", language="en")


def page_of(export: Export, name: str = "change") -> str:
    return reverse(f"admin:feedback_export_{name}", args=[export.pk])


def asked(user, kind: str = "comments", format_name: str = "csv", **more) -> Export:
    order = Order(KINDS[kind], KINDS[kind].chosen(None, user), format_name)
    export = request_export(order, by=user, **more)
    export.refresh_from_db()
    return export


def undone(user, **fields) -> Export:
    """An export that was asked for and that no worker has taken up, or finished."""
    made = asked(user)
    shelf.remove(made)
    Export.objects.filter(pk=made.pk).update(finished_at=None, expires_at=None, size=None, total=None, **fields)
    made.refresh_from_db()
    return made


def everything_kept() -> list[Path]:
    folder = Path(settings.EXPORTS_DIR)
    return sorted(folder.iterdir()) if folder.is_dir() else []


def test_many_rows_are_made_in_the_background_and_told_of_by_mail(analyst):
    client, measure = staff_client(analyst), make_measure()
    ids = [str(make_comment(measure).pk) for _ in range(3)]
    answer = ask(client, "feedback_comment", "id")
    export = Export.objects.get()
    assert answer.url == page_of(export)
    page = client.get(page_of(export)).content.decode()
    assert (f'href="{page_of(export, "file")}"' in page, "data-under-way" in page) == (True, False)
    found = rows(client.get(page_of(export, "file")))
    assert [row["id"] for row in found] == ids
    described = client.get(f"{page_of(export, 'file')}?dictionary")
    assert [row["column"] for row in rows(described)] == ["id"]
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == ([analyst.email], "Your export is ready · Test portal")
    assert f"{settings.SITE_URL}{page_of(export)}" in letter.body
    assert (ExportRecord.objects.get().rows, export.total, export.by.user) == (3, 3, analyst)


def test_filters_and_ticks_are_kept_for_the_background(analyst):
    client, measure = staff_client(analyst), make_measure()
    russian = [str(make_comment(measure, language="ru").pk) for _ in range(4)]
    make_comment(measure, language="en")
    ask(client, "feedback_comment", "id", query="language__exact=ru")
    ask(client, "feedback_comment", "id", key=russian[:3])
    found = [rows(client.get(page_of(export, "file"))) for export in Export.objects.order_by("created_at")]
    assert [[row["id"] for row in each] for each in found] == [russian, russian[:3]]


def test_an_export_is_its_owner_s_alone_whoever_else_asks(analyst):
    make_comment(make_measure())
    export = asked(analyst)
    other = staff_client(make_staff("administrator"))
    assert other.get(page_of(export)).url == "/admin/"
    assert other.get(page_of(export, "file")).status_code == 404
    assert other.get(reverse("admin:feedback_export_changelist")).context["cl"].result_count == 0


def test_a_file_that_was_deleted_before_its_time_is_not_offered(analyst):
    make_comment(make_measure())
    client, export = staff_client(analyst), asked(analyst)
    shelf.remove(export)
    page = client.get(page_of(export)).content.decode()
    assert ("The file is no longer there" in page, page_of(export, "file") in page) == (True, False)
    assert client.get(page_of(export, "file")).status_code == 404


def test_a_file_is_gone_after_a_day_and_its_page_says_so(analyst):
    make_comment(make_measure())
    client, export = staff_client(analyst), asked(analyst)
    assert (bool(body(client.get(page_of(export, "file")))), len(everything_kept())) == (True, 3)
    with time_machine.travel(timezone.now() + KEPT + timedelta(minutes=1)):
        client = staff_client(analyst)
        assert client.get(page_of(export, "file")).status_code == 404
        assert "files are kept for 24 hours at most" in client.get(page_of(export)).content.decode()
        do_due_work()
        assert everything_kept() == []
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        do_due_work()
    assert (Export.objects.count(), ExportRecord.objects.count()) == (0, 1)


@pytest.mark.postgresql  # SQLite would find no room either
def test_a_full_disk_leaves_nothing_and_is_said_on_the_page_and_by_mail(analyst):
    measure = make_measure()
    for number in range(40):
        make_comment(measure, text=f"Comment {number} has something to say about it. " * 20)
    export = undone(analyst)
    mail.outbox.clear()
    with full_disk(8192):
        run_export.call(str(export.pk))
    export.refresh_from_db()
    assert (export.fault, export.finished_at, everything_kept()) == ("full", None, [])
    assert "The disk is full." in staff_client(analyst).get(page_of(export)).content.decode()
    assert [letter.subject for letter in mail.outbox] == ["Your export failed · Test portal"]


def test_a_folder_that_cannot_be_written_to_is_said_on_the_page_and_by_mail(analyst, settings, tmp_path):
    make_comment(make_measure())
    export = undone(analyst)
    mail.outbox.clear()
    (tmp_path / "file").write_text("no folder")
    settings.EXPORTS_DIR = str(tmp_path / "file" / "exports")
    run_export.call(str(export.pk))
    assert "The file could not be written." in staff_client(analyst).get(page_of(export)).content.decode()
    assert [letter.subject for letter in mail.outbox] == ["Your export failed · Test portal"]
    assert ExportRecord.objects.count() == 1  # the one that `undone` made


def test_whoever_lost_the_right_meanwhile_gets_nothing(analyst):
    make_comment(make_measure())
    export = undone(analyst)
    analyst.groups.clear()
    run_export.call(str(export.pk))
    export.refresh_from_db()
    assert (export.fault, everything_kept()) == ("right", [])


def test_personal_columns_are_refused_to_one_who_is_no_administrator_any_more(analyst):
    make_participant()
    administrator = make_staff("administrator")
    export = undone(administrator, kind="participants", columns="pseudonym email")
    type(administrator).objects.filter(pk=administrator.pk).update(is_superuser=False)
    run_export.call(str(export.pk))
    export.refresh_from_db()
    assert (export.fault, everything_kept()) == ("right", [])


def test_what_was_stopped_is_taken_up_again_and_given_up_in_the_end(analyst):
    make_comment(make_measure())
    export = undone(analyst, moved_at=timezone.now() - 2 * STALLED_AFTER)
    do_due_work()
    export.refresh_from_db()
    assert export.finished_at is not None
    export = undone(analyst, moved_at=timezone.now() - 2 * STALLED_AFTER, attempts=ATTEMPTS)
    do_due_work()
    export.refresh_from_db()
    assert (export.finished_at, export.fault) == (None, "stop")


def test_what_moves_is_left_to_whoever_moves_it(analyst):
    make_comment(make_measure())
    export = undone(analyst, moved_at=timezone.now() - 2 * STALLED_AFTER)
    shelf.tell(export, 7)
    do_due_work()
    export.refresh_from_db()
    assert export.finished_at is None
    old = time.time() - 2 * STALLED_AFTER.total_seconds()
    os.utime(shelf.home() / f"{export.pk}.{shelf.PROGRESS}", (old, old))
    assert "the background work was stopped" in staff_client(analyst).get(page_of(export)).content.decode()


def test_the_page_says_how_far_it_is_and_reloads_until_it_is_ready(analyst):
    make_comment(make_measure())
    export = undone(analyst)
    Export.objects.filter(pk=export.pk).update(total=40_000)
    shelf.tell(export, 12_000)
    page = staff_client(analyst).get(page_of(export)).content.decode()
    assert '<progress max="40000" value="12000">' in page
    assert ("data-under-way" in page, 'http-equiv="refresh"' in page) == (True, True)
    assert "12,000 of 40,000 rows." in page


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_letter_is_in_its_reader_s_language(language):
    make_comment(make_measure())
    asked(make_staff("analyst", language=language))
    said = {"kk": "Экспортыңыз дайын", "ru": "Выгрузка готова"}
    assert mail.outbox[-1].subject == f"{said[language]} · Test portal"


def test_a_workbook_in_the_background_holds_its_dictionary(analyst):
    make_comment(make_measure())
    export = asked(analyst, format_name="xlsx")
    answer = staff_client(analyst).get(page_of(export, "file"))
    assert body(answer)[:2] == b"PK"

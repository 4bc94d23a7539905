"""Asking for a report in the administration, and what its page says of it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from django.utils.translation import gettext, override

from feedback.actions.reports import STALLED_AFTER
from feedback.actions.roles import sync_roles
from feedback.models import ResultsReport
from feedback.results.report.making import home, names, progress_file
from portal.accounts.models import User
from tests.builders import make_moderator, make_user, staff_client
from tests.programme_builders import make_programme
from tests.test_report import consultation

pytestmark = pytest.mark.django_db


def staff(role: str):
    sync_roles()
    user = make_moderator() if role == "administrator" else make_user(is_staff=True)
    user.groups.set(Group.objects.filter(name=role))
    return staff_client(user)


def test_the_button_of_the_administration_has_the_report_made_and_offers_its_files():
    programme = consultation()
    browser = staff("editor")
    asked = browser.post("/admin/feedback/resultsreport/add/", {"programme": programme.pk})
    report = ResultsReport.objects.get()
    assert (asked.status_code, asked.url) == (302, f"/admin/feedback/resultsreport/{report.pk}/change/")
    assert (report.state, report.folder) == ("ready", f"test-programme-{report.pk}")
    assert report.asked_by is not None
    address = f"/admin/feedback/resultsreport/{report.pk}/change/"
    assert address in browser.get("/admin/feedback/resultsreport/").content.decode()
    page = browser.get(address).content.decode()
    assert (page.count("?file="), "9 of 9" in page, "Ready." in page) == (9, False, True)
    answer = browser.get(address, {"file": "test-programme-kk.pdf"})
    assert b"".join(answer)[:4] == b"%PDF"
    assert browser.get(address, {"file": "../../settings.py"}).status_code == 404


GONE = {
    "kk": "Оның файлдары серверде енді жоқ.",
    "ru": "Его файлов на сервере больше нет.",
    "en": "Its files are no longer on the server.",
}


@pytest.mark.parametrize("language", GONE)
def test_a_report_whose_files_were_deleted_says_so_and_points_to_a_new_one(language):
    report = ResultsReport.objects.create(
        programme=make_programme(), state="ready", folder="deleted", finished_at=timezone.now()
    )
    browser = staff("editor")
    User.objects.update(language=language)
    page = browser.get(f"/admin/feedback/resultsreport/{report.pk}/change/").content.decode()
    assert (GONE[language] in page, "/resultsreport/add/" in page, "?file=" in page) == (True, True, False)
    with override(language):
        assert gettext("no longer there") in browser.get("/admin/feedback/resultsreport/").content.decode()


def test_a_report_that_lacks_some_of_its_files_offers_the_others_and_says_so():
    programme = make_programme()
    report = ResultsReport.objects.create(programme=programme, state="ready", folder="half", finished_at=timezone.now())
    (home() / "half").mkdir(parents=True)
    (home() / "half" / names(programme)[0]).write_text("Some text")
    page = staff("editor").get(f"/admin/feedback/resultsreport/{report.pk}/change/").content.decode()
    assert (page.count("?file="), "Some of its files are no longer on the server" in page) == (1, True)


def test_a_report_that_failed_says_so_and_leaves_nothing(settings, tmp_path):
    programme = consultation()
    (tmp_path / "file").write_text("no folder")
    settings.REPORTS_DIR = str(tmp_path / "file" / "reports")
    browser = staff("administrator")
    browser.post("/admin/feedback/resultsreport/add/", {"programme": programme.pk})
    report = ResultsReport.objects.get()
    assert (report.state, report.fault) == ("failed", "The files could not be written: Not a directory")
    assert "The files could not be written" in browser.get("/admin/feedback/resultsreport/").content.decode()


def test_a_report_that_waits_is_not_asked_for_twice():
    programme = consultation()
    waiting = ResultsReport.objects.create(programme=programme)
    staff("analyst").post("/admin/feedback/resultsreport/add/", {"programme": programme.pk})
    assert list(ResultsReport.objects.values_list("pk", "state")) == [(waiting.pk, "waiting")]


def test_the_page_of_a_report_says_how_far_it_is_and_a_stopped_one_is_asked_for_again():
    programme = consultation()
    waiting = ResultsReport.objects.create(programme=programme)
    browser, address = staff("analyst"), f"/admin/feedback/resultsreport/{waiting.pk}/change/"
    home().mkdir(parents=True, exist_ok=True)
    progress_file(waiting).write_text("4")
    page = browser.get(address).content.decode()
    assert ("4 of 9 files." in page, '<progress max="9" value="4">' in page, "data-under-way" in page) == (True,) * 3
    ResultsReport.objects.filter(pk=waiting.pk).update(asked_at=timezone.now() - STALLED_AFTER - timedelta(seconds=1))
    page = browser.get(address).content.decode()
    assert ("Ask for the report once more." in page, "data-under-way" in page) == (True, False)
    browser.post("/admin/feedback/resultsreport/add/", {"programme": programme.pk})
    states = ResultsReport.objects.order_by("pk").values_list("state", "fault")
    assert list(states) == [("failed", "The work was stopped."), ("ready", "")]
    assert sorted(path.name for path in home().iterdir() if path.name.startswith(".")) == []


def test_a_role_without_reports_cannot_ask_for_one():
    programme = consultation()
    assert staff("moderator").post("/admin/feedback/resultsreport/add/", {"programme": programme.pk}).status_code == 403
    assert not ResultsReport.objects.exists()

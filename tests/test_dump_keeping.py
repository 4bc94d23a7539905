"""Kept dumps: cleared of what was taken back, made at night, and served at permanent addresses."""

import json
import signal
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from feedback.actions.comments import withdraw_comment
from feedback.actions.departure import delete_account
from feedback.dumps import shelf
from feedback.dumps.clearing import clear_all, waiting
from feedback.dumps.making import make_dump
from feedback.dumps.nightly import due
from feedback.ledger.sequencer import sequence
from tests.builders import hide, make_comment, make_participant
from tests.dumps import bodies, checksums, described, everything_written, made
from tests.processes import manage, wait_until
from tests.programme_builders import make_measure
from tests.test_api_reading import ROOT, everything, got


@pytest.mark.django_db
def test_what_is_taken_back_after_a_dump_is_taken_out_of_it():
    measure = make_measure()
    author, leaver, former = make_participant(), make_participant(), make_participant(display_name="CANARY name")
    stays = make_comment(measure, text="This stays.")
    hidden = make_comment(measure, text="CANARY hidden")
    withdrawn = make_comment(measure, by=author, text="CANARY withdrawn")
    make_comment(measure, by=leaver, text="CANARY erased")
    anonymous = make_comment(measure, by=former, text="This stays, too.")
    sequence()
    folder = made()
    before = checksums(folder)
    assert everything_written(folder).count(b"CANARY") >= 8
    hide(hidden)
    withdraw_comment(withdrawn, by=author)
    delete_account(leaver.user, erase_comments=True)
    delete_account(former.user, erase_comments=False)
    sequence()
    assert (waiting(), clear_all(), waiting(), clear_all()) == (True, 1, False, 0)
    assert b"CANARY" not in everything_written(folder)
    rows = {row["id"]: row for row in bodies(folder, "comments")}
    assert sorted(row["state"] for row in rows.values()) == ["erased", "hidden", "published", "published", "withdrawn"]
    assert rows[str(stays.pk)]["text"] == "This stays."
    assert (rows[str(anonymous.pk)]["text"], rows[str(anonymous.pk)]["author"]) == (
        "This stays, too.",
        {"name": None, "pseudonym": former.pseudonym},
    )
    after = checksums(folder)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {name for name in after if name.startswith("comments.")} | {"SHA256SUMS", "datapackage.json"}
    listed = dict(reversed(line.split("  ")) for line in (folder / "SHA256SUMS").read_text().splitlines())
    assert listed == {name: sha256 for name, sha256 in after.items() if name != "SHA256SUMS"}
    assert [row["sha256"] for row in shelf.find(folder.name).files] == [
        after[row["path"]] for row in described(folder)["resources"]
    ]


@pytest.mark.django_db
def test_dumps_are_due_at_once_then_each_night_and_cleared_when_something_was_taken_back(settings):
    settings.TIME_ZONE = "Asia/Almaty"
    author = make_participant()
    comment = make_comment(make_measure(), by=author)
    sequence()
    now = timezone.now()
    assert due(now) == ["make_dumps"]
    make_dump()
    midnight = timezone.localtime(now).replace(hour=0, minute=0) + timedelta(days=1)
    assert [due(now), due(midnight), due(midnight + timedelta(hours=2, minutes=59))] == [None] * 3
    assert due(midnight + timedelta(hours=3)) == ["make_dumps"]
    withdraw_comment(comment, by=author)
    sequence()
    assert due(now) == ["make_dumps", "--clear"]
    clear_all()
    assert due(now) is None


@pytest.mark.django_db
def test_the_command_makes_clears_and_removes_and_one_process_does_it_at_a_time(capsys):
    make_comment(make_measure())
    sequence()
    call_command("make_dumps", keep=1)
    (dump,) = shelf.kept()
    out = capsys.readouterr().out
    assert out.startswith(f"{dump.name}: made in ")
    assert "comments 1," in out
    with shelf.alone(), pytest.raises(CommandError, match="by another process"):
        call_command("make_dumps")
    with pytest.raises(CommandError, match="1 or more"):
        call_command("make_dumps", keep=0)


@pytest.mark.django_db(transaction=True)
def test_the_sequencer_s_process_has_the_first_dump_made_beside_it(settings):
    make_comment(make_measure(), text="The first one.")
    sequencer = manage("run_sequencer", "--interval", "0.1", DUMPS_DIR=settings.DUMPS_DIR)
    try:
        wait_until(shelf.kept)
    finally:
        sequencer.send_signal(signal.SIGTERM)
        assert sequencer.wait(30) == 0
    assert [row["text"] for row in bodies(Path(settings.DUMPS_DIR) / shelf.kept()[0].name, "comments")] == [
        "The first one."
    ]


@pytest.mark.django_db
def test_the_list_names_every_file_with_its_size_and_checksum(client):
    measure = make_measure()
    for number in range(3):
        make_comment(measure, text=f"Comment {number}.")
        sequence()
        make_dump()
    rows = got(client, "dumps/")["results"]
    assert [row["name"] for row in rows] == [dump.name for dump in shelf.kept()]
    assert everything(client, "dumps/", page_size=1) == rows
    page = got(client, "dumps/", page_size=2)
    last = json.loads(client.get(page["next"].removeprefix("http://127.0.0.1:8000")).content)
    back = json.loads(client.get(last["previous"].removeprefix("http://127.0.0.1:8000")).content)
    assert (last["next"], back["results"], back["previous"]) == (None, page["results"], None)
    assert got(client, f"dumps/{rows[0]['name']}/") == rows[0] == got(client, "dumps/latest/")
    assert got(client, "dumps/latest/", fields="seq") == {"seq": rows[0]["seq"]}
    sums = checksums(shelf.home() / rows[0]["name"])
    assert len(rows[0]["files"]) == len(sums) - 2
    for file in rows[0]["files"]:
        answer = client.get(file["url"].removeprefix("http://127.0.0.1:8000"))
        content = answer.getvalue()
        assert (answer.status_code, len(content)) == (200, file["bytes"])
        assert answer["ETag"] == f'"{file["sha256"]}"' == f'"{sums[file["url"].split("/")[-1]]}"'
    package = client.get(rows[0]["datapackage"].removeprefix("http://127.0.0.1:8000"))
    assert json.loads(package.getvalue()) == described(shelf.home() / rows[0]["name"])


@pytest.mark.django_db
def test_a_file_is_served_as_it_lies_there(client):
    make_comment(make_measure())
    sequence()
    folder = made()
    path = f"{ROOT}dumps/{folder.name}/tallies.csv.gz"
    first = client.get(path, headers={"accept-encoding": "gzip"})
    assert (first["Content-Type"], first.get("Content-Encoding")) == ("application/gzip", None)
    assert first.getvalue() == (folder / "tallies.csv.gz").read_bytes()
    assert first["Cache-Control"] == "public, max-age=31536000, immutable"
    assert first["Content-Disposition"] == f'attachment; filename="{folder.name}-tallies.csv.gz"'
    again = client.get(path, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = client.head(path)
    assert (head.content, head["Content-Length"], head["ETag"]) == (b"", first["Content-Length"], first["ETag"])
    # What its author takes back goes out of it: nobody may keep it for a year.
    for name in ("comments.csv.gz", "datapackage.json", "SHA256SUMS"):
        answer = client.get(f"{ROOT}dumps/{folder.name}/{name}")
        assert (answer["Cache-Control"], bool(answer.getvalue())) == ("public, max-age=3600", True)
    moved = client.get(f"{ROOT}dumps/latest/comments.csv.gz")
    assert (moved.status_code, moved["Location"]) == (
        302,
        f"http://127.0.0.1:8000{ROOT}dumps/{folder.name}/comments.csv.gz",
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "latest/",
        "latest/comments.csv.gz",
        "2026-11-24-1/",
        "{name}/nothing.csv.gz",
        "{name}/.lock",
        "{name}/..%2f.lock",
        "../dumps/.lock",
        "{name}/%2e%2e/%2e%2e/manage.py",
        ".making-1/comments.csv.gz",
        "{name}/comments.csv",
        "{name}%0a/SHA256SUMS",
    ],
)
def test_where_no_file_is_there_is_a_problem(client, path):
    name = "2026-11-24-1"
    if "{name}" in path:
        name = make_dump().name
    answer = client.get(f"{ROOT}dumps/{path.format(name=name)}")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")

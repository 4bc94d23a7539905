"""A base backup and the archived log bring PostgreSQL back to its last moment, or to any other."""

import shutil
import subprocess
from pathlib import Path

import pytest

from script.tortures.machinery import ArchivedCluster
from tests.processes import wait_until

pytestmark = pytest.mark.skipif(
    not shutil.which("pg_config") or not shutil.which("runuser"), reason="PostgreSQL's server is not installed"
)


class Hasty(ArchivedCluster):
    """One that is not cut off from its power, and so need not wait for the disk."""

    further = "fsync = off"


@pytest.fixture(scope="module")
def cluster():
    cluster = Hasty()
    yield cluster
    cluster.remove()


@pytest.fixture(autouse=True)
def nothing_said(cluster):
    cluster.ask("DROP TABLE IF EXISTS said; CREATE TABLE said (word text)")


def base_of(cluster: ArchivedCluster, *arguments: str) -> Path:
    made = cluster.script("portal-base-backup", cluster.folder / "base", cluster.folder / "wal", *arguments)
    assert (made.returncode, made.stderr) == (0, "")
    return Path(made.stdout.strip())


def say(cluster: ArchivedCluster, word: str) -> str:
    """Write a row; the moment after it."""
    cluster.ask(f"INSERT INTO said VALUES ('{word}')")
    return cluster.ask("SELECT clock_timestamp()")


def archive(cluster: ArchivedCluster) -> str:
    """Bring to the archive what was written so far, which otherwise takes a minute; the file's name."""
    segment = cluster.ask("SELECT pg_walfile_name(pg_switch_wal())")
    wait_until((cluster.folder / "wal" / segment).exists)
    return segment


def said(cluster: ArchivedCluster) -> str:
    return cluster.ask("SELECT string_agg(word, ' ' ORDER BY word) FROM said")


def test_what_was_archived_comes_back_to_its_end_and_to_any_moment_tried_one_after_another(cluster):
    say(cluster, "a")
    base = base_of(cluster)
    moment = say(cluster, "b")
    say(cluster, "c")
    archive(cluster)
    say(cluster, "d")  # in no archive yet
    cluster.destroy()
    cluster.recover(base)
    assert said(cluster) == "a b c"
    say(cluster, "e")  # it goes on, and so does its archive, in a history of its own
    archive(cluster)
    cluster.destroy()
    cluster.recover(base, "--until", moment, "--timeline", "1")
    assert said(cluster) == "a b"
    # A base backup of what was recovered holds no moment that would end the next recovery.
    base = base_of(cluster)
    say(cluster, "f")
    archive(cluster)
    cluster.destroy()
    cluster.recover(base)
    assert said(cluster) == "a b f"


def test_only_the_newest_base_backups_stay_and_the_log_that_they_need(cluster):
    base_of(cluster).rename(cluster.folder / "base" / "base-20200101T000000Z")
    archive(cluster)
    log = cluster.folder / "wal"
    before = sorted(path.name for path in log.iterdir() if len(path.name) == 24)
    base = base_of(cluster, "--keep", "1")
    assert [path.name for path in (cluster.folder / "base").iterdir()] == [base.name]
    say(cluster, "a")
    archive(cluster)
    assert len({*before} - {path.name for path in log.iterdir()}) >= 2
    cluster.destroy()
    cluster.recover(base)
    assert said(cluster) == "a"


def test_what_is_there_already_is_archived_once_more_only_where_it_is_the_same(cluster):
    last = archive(cluster)
    log, sent = cluster.folder / "wal", cluster.folder / "sent"
    shutil.copyfile(log / last, sent)
    command = cluster.ask("SHOW archive_command").replace("%p", str(sent)).replace("%f", last)
    same = subprocess.run(["sh", "-c", command]).returncode
    with sent.open("ab") as file:
        file.write(b"x")
    assert (same, subprocess.run(["sh", "-c", command]).returncode) == (0, 1)
    assert (log / last).stat().st_size == 16 * 2**20


def test_a_damaged_base_backup_and_a_place_that_is_not_empty_are_refused(cluster):
    base = base_of(cluster)
    place = cluster.folder / "elsewhere"
    refused = cluster.script("portal-restore-archive", base, cluster.folder / "wal", cluster.folder / "data")
    assert (refused.returncode, "is not empty: move it away first." in refused.stderr) == (1, True)
    manifest = base / "backup_manifest"
    manifest.write_text(manifest.read_text().replace('"Size": 3,', '"Size": 4,'))
    refused = cluster.script("portal-restore-archive", base, cluster.folder / "wal", place)
    assert (refused.returncode, (place / "recovery.signal").exists()) == (1, False)
    unclear = cluster.script("portal-restore-archive", base, cluster.folder / "wal", place, "--until")
    assert (unclear.returncode, unclear.stderr.splitlines()[-1].startswith("--timeline is for")) == (2, True)

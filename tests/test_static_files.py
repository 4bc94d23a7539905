"""Static files are collected anew with each upgrade, while the portal serves them: none is ever away."""

import gzip
import os

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.http import HttpResponseNotFound

from portal.static_files import StaticFiles

TEXT = "/* a style that is long enough to be compressed */\n" * 50


@pytest.fixture
def collect(settings, tmp_path):
    sources, root = tmp_path / "sources", tmp_path / "root"
    sources.mkdir()
    (sources / "picture.svg").write_text("<svg></svg>" * 50)
    (sources / "style.css").write_text(TEXT + "a { background: url(picture.svg) }")
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [sources], root
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "portal.static_files.KeptStaticFiles"}}
    settings.DEBUG = False

    def collect():
        call_command("collectstatic", interactive=False, verbosity=0)
        return root / staticfiles_storage.stored_name("style.css")

    return collect


def test_a_file_whose_name_says_what_is_in_it_is_written_once(collect, monkeypatch):
    style = collect()
    compressed = style.with_name(f"{style.name}.gz")
    assert "picture.svg" not in style.read_text().split("url")[1]  # the name in it is the one with a digest
    before = [os.stat(path).st_ino for path in (style, compressed)]
    removed, unlink = [], os.unlink
    monkeypatch.setattr(os, "remove", lambda path, *more, **named: removed.append(path) or unlink(path))
    assert collect() == style
    assert [os.stat(path).st_ino for path in (style, compressed)] == before
    assert str(style) not in map(str, removed)


def test_what_was_cut_off_is_written_anew(collect):
    style = collect()
    whole, compressed = style.read_bytes(), style.with_name(f"{style.name}.gz")
    style.write_bytes(whole[:100])
    compressed.write_bytes(compressed.read_bytes()[:20])
    assert collect().read_bytes() == whole
    assert gzip.decompress(compressed.read_bytes()) == whole


def test_a_process_serves_files_that_came_after_it_had_started_and_nothing_else(collect, settings, tmp_path, rf):
    settings.WHITENOISE_USE_FINDERS = False
    before = collect()
    process = StaticFiles(lambda request: HttpResponseNotFound())

    (tmp_path / "sources" / "style.css").write_text("a { color: green }")
    after = collect()
    assert after != before
    answer = process(asked(rf, after.name))
    assert b"".join(answer) == after.read_bytes()
    answer.close()
    (tmp_path / "secret.0123456789ab.txt").write_text("outside")
    (before.parent / "later.txt").write_text("no name of its content")
    for path in ("../secret.0123456789ab.txt", "x/../../secret.0123456789ab.txt", "later.txt", "x.0123456789ab.css"):
        assert process(asked(rf, path)).status_code == 404


def asked(rf, path: str):
    """A request for a static file, as a server hands it over: its path as it came."""
    request = rf.get("/")
    request.path_info = f"/static/{path}"
    return request

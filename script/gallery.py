"""What `script/screenshots` does: FOLDER/LANGUAGE/PAGE-WIDTH-SCHEME.png for every page of tests/browser/pages.py.

Django must be set up for a database that may be filled, before anything of the portal is imported.
"""

import argparse
import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.staticfiles.handlers import StaticFilesHandler  # noqa: E402
from django.core.cache import cache  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test.testcases import LiveServerThread, override_settings  # noqa: E402
from playwright.sync_api import Browser, sync_playwright  # noqa: E402

from tests.browser.pages import PLACES, Place, enter  # noqa: E402
from tests.browser.world import World, make_world  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
HEIGHTS = {320: 640, 768: 1024, 1280: 900}  # width → height of the window; a picture shows the whole page
SCHEMES = ["light", "dark"]
LANGUAGES = ["kk", "ru", "en"]
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking"]


def main() -> None:
    parser = argparse.ArgumentParser(prog="script/screenshots", description="Take a picture of every page.")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "var" / "screenshots")
    parser.add_argument("--only", nargs="+", metavar="NAME", default=[""], help="pages whose names begin so")
    parser.add_argument("--languages", nargs="+", choices=LANGUAGES, default=LANGUAGES)
    parser.add_argument("--widths", nargs="+", type=int, choices=HEIGHTS, default=list(HEIGHTS))
    parser.add_argument("--schemes", nargs="+", choices=SCHEMES, default=SCHEMES)
    parser.add_argument("--forced-colors", action="store_true", help="as a high-contrast theme shows the pages")
    parser.add_argument("--print", action="store_true", help="as the pages are printed")
    options = parser.parse_args()
    places = [place for place in PLACES if place.name.startswith(tuple(options.only))]
    call_command("migrate", verbosity=0)
    with portal() as address, sync_playwright() as playwright:
        world = make_world()
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        for language in options.languages:
            take(browser, address, world, language, places, options)
        browser.close()
    print(f"Pictures of {len(places)} pages are in {options.folder}")


@contextmanager
def portal() -> Iterator[str]:
    """The portal's address, served from this process as production serves it: with its own pages of errors."""
    server = LiveServerThread("127.0.0.1", StaticFilesHandler)
    changes = {
        "DEBUG": False,
        "ROOT_URLCONF": "tests.browser.urls",
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
        "TASKS": {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}},
    }
    logging.getLogger("django.request").setLevel(logging.CRITICAL)  # one page is of an error
    with override_settings(**changes):
        server.daemon = True
        server.start()
        server.is_ready.wait()
        if server.error:
            raise server.error
        settings.SITE_URL = f"http://{server.host}:{server.port}"
        yield settings.SITE_URL
        server.terminate()


def take(browser: Browser, address: str, world: World, language: str, places: list[Place], options) -> None:
    """Pictures of `places` in one language."""
    folder = options.folder / language
    folder.mkdir(parents=True, exist_ok=True)
    page = browser.new_page(base_url=address, locale=language, reduced_motion="reduce")
    who = None
    for place in places:
        cache.clear()  # of what limits sign-ins
        if place.start or place.act or place.who != who:
            enter(page, world, place.who, language)
            who = place.who
        page.set_viewport_size({"width": 1280, "height": HEIGHTS[1280]})
        place.open(page, language, world)
        for ending, width, media in looks(options):
            page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
            page.emulate_media(reduced_motion="reduce", **media)
            page.screenshot(path=folder / f"{place.name}-{ending}.png", full_page=True)
        page.emulate_media(media="screen")
    page.context.close()


def looks(options) -> list[tuple[str, int, dict]]:
    """(ending of the file's name, width of the window, media features) of each picture of a page."""
    if options.print:
        return [("print", 768, {"media": "print"})]
    if options.forced_colors:
        return [(f"{width}-forced", width, {"forced_colors": "active"}) for width in options.widths]
    return [
        (f"{width}-{scheme}", width, {"color_scheme": scheme}) for scheme in options.schemes for width in options.widths
    ]


if __name__ == "__main__":
    main()

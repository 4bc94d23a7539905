"""The picture of a measure that networks show beside a shared link: what is on it, and its drawing with typst."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache
from pathlib import Path
from urllib.parse import urlsplit

import typst
from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.results import QuestionResult
from portal.localized import localized
from principles.models import Measure

LAYOUT = Path(__file__).resolve().parent / "data" / "social_card.typ"
KEPT = 64  # pictures of about 90 KB in the memory of each process
PATIENCE = 3  # seconds
# One thread draws for the whole process: memory stays at what one drawing needs.
pen = ThreadPoolExecutor(max_workers=1, thread_name_prefix="social-card")


class Busy(Exception):
    """Too many pictures are being drawn at once."""


def card_of(measure: Measure, result: QuestionResult | None) -> str:
    """What the card of `measure` shows in the active language, as JSON; `result` is that of the first question."""
    title = localized(measure.current_edition, "title")
    return json.dumps(
        {
            "language": title.language,
            "programme": localized(measure.principle.programme, "title").text,
            "code": measure.code,
            "title": title.text,
            "question": localized(result.question, "text").text if result else "",
            "counts": (result and result.counts) or [0] * 5,
            "summary": _summary(result),
            "site": urlsplit(settings.SITE_URL).netloc,
        },
        ensure_ascii=False,
        sort_keys=True,
    )


def _summary(result: QuestionResult | None) -> str:
    n = result.n if result else 0
    shown = number_format(n, use_l10n=True, force_grouping=True)
    if n and result.counts:
        n = result.released_n
        text = ngettext(
            "%(share)s%% positive · %(n)s rating counted",
            "%(share)s%% positive · %(n)s ratings counted",
            n,
        )
        return text % {"n": number_format(n, use_l10n=True, force_grouping=True), "share": result.share_positive}
    if n:
        return ngettext("%(n)s participant has rated", "%(n)s participants have rated", n) % {"n": shown}
    return _("Read it, rate it, say what you think")


def version_of(card: str) -> str:
    """Changes whenever the picture does: with what it shows, and with its layout."""
    return hashlib.sha256(_layout() + card.encode()).hexdigest()[:16]


@lru_cache(maxsize=KEPT)
def draw(card: str) -> bytes:
    """The card as PNG; `Busy` where others wait to be drawn for too long.

    Kept here and not in Django's cache: sign-in limits are counted there, and pictures would push them out.
    """
    picture = pen.submit(_draw, card)
    try:
        return picture.result(timeout=PATIENCE)
    except TimeoutError:
        picture.cancel()
        raise Busy from None


def _draw(card: str) -> bytes:
    return typst.compile(
        LAYOUT, format="png", ppi=72, font_paths=_fonts(), ignore_system_fonts=True, sys_inputs={"card": card}
    )


@cache
def _layout() -> bytes:
    return LAYOUT.read_bytes()


@cache
def _fonts() -> typst.Fonts:
    """The fonts that typst carries, so that a card looks the same on every machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)

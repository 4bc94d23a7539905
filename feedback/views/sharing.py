"""What a reader takes away from a measure: its address, a citation that stays true, and links for passing it on."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from feedback.addresses import absolute
from feedback.results import QuestionResult
from feedback.social_card import card_of, version_of
from portal.localized import localized
from principles.models import Edition, Measure

# Language and territory as Open Graph writes them; each language as it is used in Kazakhstan, English as abroad.
LOCALES = {"kk": "kk_KZ", "ru": "ru_RU", "en": "en_GB"}
LONGEST_DESCRIPTION = 200  # characters; networks cut what is longer


@dataclass(frozen=True)
class Sharing:
    """Ready for a page: no link of these asks another site for anything before it is followed."""

    address: str
    permalink: str
    citation: str
    links: list[tuple[str, str]]  # name, address


def sharing_of(measure: Measure, edition: Edition) -> Sharing:
    address = absolute(measure.get_absolute_url())
    title = f"{measure.code} {localized(edition, 'title').text}"
    both = f"{title}\n{address}"
    return Sharing(
        address=address,
        permalink=absolute(reverse("edition", args=[measure.slug, edition.number])),
        citation=citation_of(measure, edition),
        links=[
            (_("By e-mail"), f"mailto:?{_query(subject=title, body=both)}"),
            ("Telegram", f"https://t.me/share/url?{_query(url=address, text=title)}"),
            ("WhatsApp", f"https://wa.me/?{_query(text=both)}"),
        ],
    )


def citation_of(measure: Measure, edition: Edition) -> str:
    """Whose measure it is, in which wording: a sentence that stays true when the wording changes."""
    return _("%(programme)s, measure %(code)s “%(title)s”, edition %(number)s of %(date)s") % {
        "programme": localized(measure.principle.programme, "title").text,
        "code": measure.code,
        "title": localized(edition, "title").text,
        "number": edition.number,
        "date": date_format(localtime(edition.created_at), "DATE_FORMAT"),
    }


def social_meta_of(measure: Measure, edition: Edition, result: QuestionResult | None) -> dict:
    """What networks show of a link to `measure` (Open Graph); `result` is that of the first question."""
    language = get_language()
    card = reverse("measure-card", args=[measure.slug])
    return {
        "title": f"{measure.code} {localized(edition, 'title').text}",
        "description": Truncator(localized(edition, "summary").text).chars(LONGEST_DESCRIPTION),
        "address": absolute(measure.get_absolute_url()),
        "image": absolute(f"{card}?v={version_of(card_of(measure, result))}"),
        "locale": LOCALES[language],
        "other_locales": [locale for code, locale in LOCALES.items() if code != language],
    }


def _query(**fields: str) -> str:
    """Fields of a query, with %20 for blanks: mail programs show a plus as a plus."""
    return urlencode(fields).replace("+", "%20")

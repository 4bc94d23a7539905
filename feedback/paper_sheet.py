"""The printed paper sheet: an A4 page per sheet with its questions, and a slip to tear off, drawn with typst."""

import json
from pathlib import Path

import typst
from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from feedback.models import PaperSheet
from feedback.models.comment import Stance
from portal.localized import localized

LAYOUT = Path(__file__).resolve().parent / "data" / "paper_sheet.typ"


def pdf_of(sheets: list[PaperSheet]) -> bytes:
    """One PDF with a page for each of `sheets`, which are of one measure and in one language."""
    content = _content(sheets[0])
    pages = [content | {"number": str(sheet.number), "slip": sheet.code} for sheet in sheets]
    words = json.dumps(pages, ensure_ascii=False)
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
    return typst.compile(LAYOUT, format="pdf", font_paths=fonts, ignore_system_fonts=True, sys_inputs={"sheets": words})


def _content(sheet: PaperSheet) -> dict:
    """What all sheets of a measure say, in their language."""
    person = get_user_model()
    with override(sheet.language):
        edition = sheet.measure.current_edition
        return {
            "language": sheet.language,
            "programme": localized(sheet.measure.principle.programme, "title").text,
            "code": sheet.measure.code,
            "title": localized(edition, "title").text,
            "summary": localized(edition, "summary").text,
            "address": settings.SITE_URL.split("://")[-1] + reverse("paper"),
            "questions": [
                {
                    "text": localized(question, "text").text,
                    "labels": [localized(question, f"label_{value}").text for value in range(1, 6)],
                }
                for question in sheet.measure.principle.programme.questions.all()
            ],
            "stances": [str(label) for _stance, label in Stance.choices],
            "ages": [str(label) for _band, label in person.AgeBand.choices],
            "genders": [str(label) for _gender, label in person.Gender.choices],
            "words": {
                "number": _("Sheet"),
                "comment": _("Your comment"),
                "comment_hint": _("Please write clearly. It is published without your name."),
                "stance": _("Your stance on the measure"),
                "about": _("About you"),
                "about_hint": _("Voluntary; shown only as numbers of ten people or more."),
                "region": _("Region"),
                "age": _("Age group, by year of birth"),
                "privacy": _(
                    "Please leave out names, addresses, phone numbers and identification numbers: staff enter the "
                    "sheet as it stands, a second person checks it, and the comment becomes public."
                ),
                "slip": _("Tear off and keep: with this code you find your comment and see what became of it."),
            },
        }

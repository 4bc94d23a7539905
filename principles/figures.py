"""How target figures and their readings are shown: "at least 7,000 classrooms", and how far a target has come."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from babel import Locale
from babel.numbers import format_decimal
from django.utils.translation import gettext, override

from principles.models import Reading, TargetFigure, Unit

NUMBER_PATTERN = "#,##0.####"


def number_text(value: Decimal, language: str) -> str:
    """`value` as `language` writes it, grouped and without trailing zeros: "7,000" in en, "7 000" in kk and ru."""
    return format_decimal(value, format=NUMBER_PATTERN, locale=language)


def amount_text(value: Decimal, unit: Unit, language: str) -> str:
    """`value` with its unit in the right plural form: "1 classroom", "7 000 кабинетов"."""
    forms = unit.forms.get(language) or next(iter(unit.forms.values()), {})
    # 7.0000 counts as 7: CLDR asks how a number is written, and trailing zeros are not.
    category = Locale.parse(language).plural_form(value.normalize() + 0)
    form = forms.get(category) or forms.get("other") or "{n}"
    return form.replace("{n}", number_text(value, language))


def figure_text(figure: TargetFigure, language: str) -> str:
    """What `figure` promises, in words: "at least 7,000 classrooms"; one promised exactly is the bare amount."""
    amount = amount_text(figure.value, figure.unit, language)
    with override(language):
        return {
            TargetFigure.Comparison.EQUAL: "%(amount)s",
            TargetFigure.Comparison.AT_LEAST: gettext("at least %(amount)s"),
            TargetFigure.Comparison.AT_MOST: gettext("at most %(amount)s"),
            TargetFigure.Comparison.MORE_THAN: gettext("more than %(amount)s"),
            TargetFigure.Comparison.LESS_THAN: gettext("less than %(amount)s"),
        }[figure.comparison] % {"amount": amount}


def meets(figure: TargetFigure, value: Decimal) -> bool:
    """Whether `value` is what `figure` promises."""
    return {
        TargetFigure.Comparison.EQUAL: value == figure.value,
        TargetFigure.Comparison.AT_LEAST: value >= figure.value,
        TargetFigure.Comparison.AT_MOST: value <= figure.value,
        TargetFigure.Comparison.MORE_THAN: value > figure.value,
        TargetFigure.Comparison.LESS_THAN: value < figure.value,
    }[figure.comparison]


def share(figure: TargetFigure, value: Decimal) -> int | None:
    """How many of 100 parts of the way to `figure` have been made at `value`.

    None where it means nothing: for an upper limit, for a target that is not positive, and for a value beside the
    scale. Rounded half up, but 100 only where the target is met, and 0 only where nothing is done.
    """
    upwards = {
        TargetFigure.Comparison.AT_LEAST,
        TargetFigure.Comparison.MORE_THAN,
        TargetFigure.Comparison.EQUAL,
    }
    met = meets(figure, value)
    if figure.comparison not in upwards or figure.value <= 0 or value < 0:
        return None
    if met:
        return 100
    if value > figure.value:
        return None
    parts = int((value * 100 / figure.value).to_integral_value(rounding=ROUND_HALF_UP))
    return min(max(parts, 1), 99) if value else 0


@dataclass(frozen=True)
class VoiceProgress:
    """What one voice says of a target: its readings, oldest first, and where the latest one stands."""

    voice: str
    readings: list[Reading]
    latest: Reading
    met: bool
    share: int | None

    @property
    def voice_label(self) -> str:
        """The voice in the active language."""
        return Reading.Voice(self.voice).label


def progress(figure: TargetFigure, readings: Iterable[Reading]) -> list[VoiceProgress]:
    """How far the target has come, each voice apart; a voice without readings is left out."""
    by_voice: dict[str, list[Reading]] = {voice: [] for voice in Reading.Voice.values}
    for reading in sorted(readings, key=lambda reading: (reading.read_on, reading.pk or 0)):
        by_voice[reading.voice].append(reading)
    return [
        VoiceProgress(voice, found, found[-1], meets(figure, found[-1].value), share(figure, found[-1].value))
        for voice, found in by_voice.items()
        if found
    ]

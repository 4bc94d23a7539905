"""The groups that people are told apart by: what they are called, in which order, and where a region's tile stands."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from feedback.models import Dimension
from feedback.models.comment import Channel

TILES = Path(__file__).resolve().parent.parent / "data" / "tiles.yaml"


def titles() -> dict[str, str]:
    """Dimension → the heading of what is shown by it."""
    return {
        Dimension.REGION: _("By region"),
        Dimension.AGE_BAND: _("By age group (year of birth)"),
        Dimension.GENDER: _("By gender"),
        Dimension.CHANNEL: _("By way of taking part, with and without paper"),
    }


def labels(dimension: str) -> dict[str, str]:
    """Group → what it is called in the active language, in the order in which groups are shown.

    "" is "not given" and comes last; everybody took part in some way, so that one has none.
    """
    user = get_user_model()
    if dimension == Dimension.REGION:
        regions = user._meta.get_field("region").related_model.objects.filter(country=settings.COUNTRY)
        found = {region.code: region.name for region in regions}
    elif dimension == Dimension.CHANNEL:
        return {value: str(label) for value, label in Channel.choices}
    else:
        found = {value: str(label) for value, label in user._meta.get_field(dimension).choices}
    return found | {"": _("not given")}


@dataclass(frozen=True)
class Spot:
    """Where a region's tile stands, and in each language its name in lines and its short form."""

    place: tuple[int, int]  # column and row
    names: dict[str, tuple[list[str], str]]

    @property
    def lines(self) -> list[str]:
        return self.names[get_language()][0]

    @property
    def short(self) -> str:
        return self.names[get_language()][1]


@cache
def tiles() -> dict[str, Spot]:
    """Region → its tile; empty for a country without a drawing."""
    spots = yaml.safe_load(TILES.read_text(encoding="utf-8")).get(settings.COUNTRY, {})
    return {
        code: Spot(
            tuple(spot.pop("at")), {language: (name.split("/"), short) for language, (name, short) in spot.items()}
        )
        for code, spot in spots.items()
    }

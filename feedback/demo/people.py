"""Who takes part: invented people of every region, age and language."""

import random
from collections.abc import Iterator
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Model, QuerySet

from feedback.demo.bank import load_bank
from feedback.demo.rhythm import moment
from feedback.models import Participant

DOMAIN = "@demo.invalid"  # RFC 2606: never delivered
# How many people of each band of the year of birth take part, and how many leave it blank.
AGES = {"-1959": 7, "1960-1969": 12, "1970-1979": 17, "1980-1989": 23, "1990-1999": 22, "2000-": 12, "": 7}
GENDERS = {"female": 52, "male": 39, "other": 1, "": 8}
NO_REGION = 0.06
PAUSE_BEFORE = 5 * 86400  # everybody registered within the days before the consultation's first comment


class Person(NamedTuple):
    """What the rest of the demo asks about a participant; `pk` is the participant's."""

    pk: int
    pseudonym: str
    language: str
    region: str
    age_band: str
    gender: str


def regions_of_country() -> QuerySet:
    """The regions that people of the portal's country may say they live in."""
    region = get_user_model()._meta.get_field("region").related_model
    return region.objects.filter(country=settings.COUNTRY)


def make_people(
    chance: random.Random,
    *,
    number: int,
    after: int,
    first_user: int,
    first_participant: int,
    regions: list[Model],
    start: float,
) -> Iterator[tuple[Person, object, Participant]]:
    """`number` people with the rows of their accounts: addresses numbered behind `after`, keys from the given ones."""
    bank = load_bank()
    places = bank["regions"]
    weights = [places.get(region.code, {}).get("weight", 8) for region in regions]
    model = get_user_model()
    ages, age_weights = list(AGES), list(AGES.values())
    genders, gender_weights = list(GENDERS), list(GENDERS.values())
    for index in range(number):
        region = None if chance.random() < NO_REGION else chance.choices(regions, weights)[0]
        code = region.code if region else ""
        kazakh = places.get(code, {}).get("kazakh", 0.55)
        language = "en" if chance.random() < 0.1 else "kk" if chance.random() < kazakh else "ru"
        person = Person(
            first_participant + index,
            f"{chance.getrandbits(64):016x}",
            language,
            code,
            chance.choices(ages, age_weights)[0],
            chance.choices(genders, gender_weights)[0],
        )
        user = model(
            pk=first_user + index,
            email=f"demo-{after + index + 1:03d}{DOMAIN}",
            password=UNUSABLE_PASSWORD_PREFIX + f"{chance.getrandbits(160):040x}",
            display_name=_name(chance, bank["names"][language], person.gender),
            language=language,
            region_id=region.pk if region else None,
            age_band=person.age_band,
            gender=person.gender,
            date_joined=moment(start - chance.random() * PAUSE_BEFORE),
        )
        yield person, user, Participant(pk=person.pk, user_id=user.pk, pseudonym=person.pseudonym)


def _name(chance: random.Random, names: dict, gender: str) -> str:
    """A first name with an initial, or a pseudonym, sometimes with a number behind it."""
    if chance.random() < 0.3:
        name = chance.choice(names["pseudonyms"])
        return f"{name} {chance.randint(2, 99)}" if chance.random() < 0.4 else name
    kind = gender if gender in {"female", "male"} else chance.choice(["female", "male"])
    first = chance.choice(names[kind])
    return first if chance.random() < 0.15 else f"{first} {chance.choice(names['initials'])}."

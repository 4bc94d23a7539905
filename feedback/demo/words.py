"""What people say: texts put together from the bank's phrases about the measure at hand."""

import random
from dataclasses import dataclass
from functools import cached_property
from string import Formatter

from feedback.demo.bank import load_bank
from portal.localized import localized
from principles.models import LANGUAGES, Measure

LONGEST = 1500
DISTANCES = (15, 20, 25, 30, 35, 40, 45, 60, 70, 80, 90, 120)  # numbers of one plural form in Russian
QUOTES = {"kk": "«»„“", "ru": "«»„“", "en": "“”‘’"}
# Sentences of a text: short, middling, long; the long ones come in paragraphs.
LENGTHS, LENGTH_WEIGHTS = ("short", "middling", "long"), (42, 42, 16)


@dataclass(frozen=True)
class Subject:
    """A measure as texts name it: its quoted title and its area, per language, and its area's slug."""

    title: dict[str, str]
    area: dict[str, str]
    area_slug: str

    @classmethod
    def of(cls, measure: Measure) -> "Subject":
        titles = {}
        for language in LANGUAGES:
            opening, closing, inner_opening, inner_closing = QUOTES[language]
            title = localized(measure.current_edition, "title", language).text
            title = title.replace(opening, inner_opening).replace(closing, inner_closing)
            titles[language] = f"{opening}{title}{closing}"
        areas = {
            language: localized(measure.area, "name", language).text if measure.area else "" for language in LANGUAGES
        }
        return cls(titles, areas, measure.area.slug if measure.area else "")


@dataclass(frozen=True)
class _Phrase:
    """A phrase of the bank, and which of the slots it has that may be missing."""

    text: str
    needs: frozenset[str]

    @classmethod
    def of(cls, text: str) -> "_Phrase":
        slots = {name for _, name, _, _ in Formatter().parse(text) if name}
        return cls(text, frozenset(slots & {"area", "region"}))


class Writer:
    """Writes comments and replies, drawing from one source of chance."""

    def __init__(self, chance: random.Random):
        self._chance = chance
        self._usable: dict[tuple, list[str]] = {}
        self._said: set[str] = set()  # phrases of the text at hand, none of which comes twice

    @cached_property
    def _phrases(self) -> dict[str, dict[str, list[_Phrase]]]:
        phrases = load_bank()["phrases"]
        return {
            language: {group: [_Phrase.of(text) for text in texts] for group, texts in groups.items()}
            for language, groups in phrases.items()
        }

    def comment(self, subject: Subject, *, language: str, region: str, stance: str) -> str:
        """A comment of one sentence to several paragraphs, whose words fit `stance` ("" lies anywhere)."""
        self._said.clear()
        chance = self._chance
        mood = stance or chance.choice(["neutral", "neutral", "for", "against"])
        length = chance.choices(LENGTHS, LENGTH_WEIGHTS)[0]
        opening = self._pick(subject, language, region, f"opening_{mood}", 1)
        if length == "short":
            more = chance.random() < 0.6
            paragraphs = [opening + (self._pick(subject, language, region, mood, 1) if more else [])]
            if not more and chance.random() < 0.4:
                paragraphs = [self._pick(subject, language, region, mood, 1)]
        elif length == "middling":
            paragraphs = [opening + self._body(subject, language, region, mood, chance.randint(2, 4))]
        else:
            paragraphs = [opening + self._body(subject, language, region, mood, chance.randint(3, 5))]
            paragraphs.append(self._pick(subject, language, region, "personal", 2) + self._from_life(subject, language))
            if chance.random() < 0.7:
                paragraphs.append(self._pick(subject, language, region, mood, chance.randint(2, 4)))
            paragraphs.append(
                self._pick(subject, language, region, "question", chance.randint(0, 2))
                + self._pick(subject, language, region, "closing", 1)
            )
        return self._joined(paragraphs)

    def reply(self, subject: Subject, *, language: str, region: str, relation: str, stance: str) -> str:
        """A reply that agrees, disagrees or asks (`relation`), mostly with a word in favour of `stance`."""
        self._said.clear()
        chance = self._chance
        sentences = self._pick(subject, language, region, relation, 1)
        if relation != "ask" and stance and chance.random() < 0.65:
            sentences += self._pick(subject, language, region, stance, chance.randint(1, 2))
        if chance.random() < 0.3:
            sentences += self._pick(subject, language, region, "personal", 1)
        return self._joined([sentences])

    def addition(self, text: str, *, language: str) -> str:
        """`text` as its author edited it."""
        return f"{text}\n\n{self._chance.choice(load_bank()['phrases'][language]['addition'])}"

    def unfit(self, code: str, *, language: str) -> str | None:
        """A text that breaks the rule `code`, or None where the bank has none."""
        texts = load_bank()["unfit"].get(code)
        return self._chance.choice(texts[language]) if texts else None

    def held(self, *, language: str) -> str:
        """A sentence with an identification number, made up and of a century ago, which holds a comment back."""
        return self._chance.choice(load_bank()["held"][language])

    def _body(self, subject: Subject, language: str, region: str, mood: str, number: int) -> list[str]:
        chance = self._chance
        sentences = self._pick(subject, language, region, mood, max(1, number - 1))
        if chance.random() < 0.6:
            place = chance.randint(0, 1)
            sentences[place:place] = self._pick(subject, language, region, "personal", 1)
        if chance.random() < 0.35:
            sentences += self._from_life(subject, language)
        if chance.random() < 0.35:
            sentences += self._pick(subject, language, region, "question", 1)
        if chance.random() < 0.3:
            sentences += self._pick(subject, language, region, "closing", 1)
        return sentences

    def _from_life(self, subject: Subject, language: str) -> list[str]:
        area = load_bank()["areas"].get(subject.area_slug)
        return self._unsaid(area[language], 1) if area else []

    def _unsaid(self, texts: list[str], number: int) -> list[str]:
        texts = [text for text in texts if text not in self._said]
        chosen = self._chance.sample(texts, min(number, len(texts)))
        self._said.update(chosen)
        return chosen

    def _pick(self, subject: Subject, language: str, region: str, group: str, number: int) -> list[str]:
        """`number` different sentences of a group of phrases, filled in."""
        chance, bank = self._chance, load_bank()
        place = bank["regions"].get(region, {}).get(language, "")
        area = subject.area[language]
        key = (language, group, bool(place), bool(area))
        if key not in self._usable:
            missing = {name for name, value in (("region", place), ("area", area)) if not value}
            self._usable[key] = [phrase.text for phrase in self._phrases[language][group] if not phrase.needs & missing]
        return [
            _capital(
                text.format(
                    measure=subject.title[language],
                    area=_lower(area),
                    region=place,
                    job=chance.choice(bank["fillers"]["job"][language]),
                    kids=chance.choice(bank["fillers"]["kids"][language]),
                    years=_years(chance.randint(3, 34), language),
                    n=chance.choice(DISTANCES),
                )
                if "{" in text
                else text
            )
            for text in self._unsaid(self._usable[key], number)
        ]

    def _joined(self, paragraphs: list[list[str]]) -> str:
        """Sentences as text, whole paragraphs dropped from the end where they are too long; at times careless."""
        blocks = [" ".join(sentences) for sentences in paragraphs if sentences]
        while len(blocks) > 1 and sum(map(len, blocks)) + 2 * len(blocks) > LONGEST:
            blocks.pop()
        text = "\n\n".join(blocks)
        if len(text) < 120 and self._chance.random() < 0.15:
            text = text.rstrip(".")
        return text


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _lower(name: str) -> str:
    """A name within a sentence: small, unless it is an abbreviation."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def _years(number: int, language: str) -> str:
    """A number of years, 3 or more, in the nominative."""
    if language == "kk":
        return f"{number} жыл"
    if language == "en":
        return f"{number} years"
    if number % 10 == 1 and number != 11:
        return f"{number} год"
    return f"{number} {'года' if number % 10 in (2, 3, 4) and not 11 <= number <= 14 else 'лет'}"

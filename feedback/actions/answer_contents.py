"""What an answer says, and what it must say before everybody may read it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from feedback.actions.refusals import Invalid
from feedback.models import Answer
from portal.localized import LANGUAGES
from portal.plain_text import clean_text
from principles.models import Edition, Measure, Reading

LONGEST_TEXT = 10_000


@dataclass(frozen=True)
class Contents:
    """What an answer says, with its texts by language, and the comments that it answers (none: the measure)."""

    measure: Measure
    outcome: str
    answered_on: date
    text: Mapping[str, str]
    body: Mapping[str, str]
    link: str = ""
    edition: Edition | None = None
    reading: Reading | None = None
    comments: frozenset[UUID] = field(default_factory=frozenset)


def write_contents(answer: Answer, contents: Contents) -> None:
    """Put what `contents` says into the row, which is not saved yet."""
    answer.measure, answer.outcome, answer.answered_on = contents.measure, contents.outcome, contents.answered_on
    for language in LANGUAGES:
        text = clean_text(contents.text.get(language) or "")
        if len(text) > LONGEST_TEXT:
            raise Invalid(_("The answer is longer than 10,000 characters."))
        setattr(answer, f"text_{language}", text)
        setattr(answer, f"body_{language}", " ".join(clean_text(contents.body.get(language) or "").split()))
    answer.link, answer.edition, answer.reading = contents.link, contents.edition, contents.reading
    came_of_it = [answer.edition, answer.reading and answer.reading.target]
    if any(each.measure_id != answer.measure_id for each in came_of_it if each):
        raise Invalid(_("What came of it belongs to another measure."))
    try:
        answer.clean_fields(exclude=["measure", "edition", "reading", "by"])
    except ValidationError as fault:
        raise Invalid(" ".join(fault.messages)) from None


def require_whole(answer: Answer) -> None:
    """Refuse what lacks something that every reader needs."""
    if not any(getattr(answer, f"text_{language}") for language in LANGUAGES):
        raise Invalid(_("Write the answer in at least one language before it is published."))
    if not any(getattr(answer, f"body_{language}") for language in LANGUAGES):
        raise Invalid(_("Name the body that answers before it is published."))

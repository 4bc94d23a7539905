"""The statement that heads a programme when its consultation has closed."""

from collections.abc import Mapping

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.actions.answers import ChangedMeanwhile, editor_of
from feedback.actions.notices import tell_closing
from feedback.actions.refusals import Invalid, NotPossibleNow
from feedback.ledger.canonical import digest
from feedback.models import ClosingStatement
from portal.localized import LANGUAGES
from portal.plain_text import clean_text
from principles.models import Programme

PARTS = ("heard", "changes", "unchanged")
LONGEST_PART = 10_000


def seen_of(statement: ClosingStatement) -> str:
    """Names everything that an editor sees of `statement`: what they hand back when they save."""
    texts = {f"{part}_{each}": getattr(statement, f"{part}_{each}") or "" for part in PARTS for each in LANGUAGES}
    return digest(texts | {"published": statement.published_at is not None})


@transaction.atomic
def save_statement(
    programme: Programme,
    *,
    by: AbstractBaseUser,
    publish: bool = False,
    seen: str | None = None,
    **parts: Mapping[str, str],
) -> ClosingStatement:
    """Write the statement of `programme`, a draft or a published one; each of `PARTS` is a text by language.

    `publish`: publish it as well, where that has not happened. `seen` is `seen_of` the statement as the editor opened
    it.
    """
    editor = editor_of(by)
    Programme.objects.select_for_update(no_key=True).filter(pk=programme.pk).values_list("pk").get()
    statement = ClosingStatement.objects.filter(programme=programme).first() or ClosingStatement(programme=programme)
    if seen is not None and (statement.pk is None or seen != seen_of(statement)):
        raise ChangedMeanwhile
    if seen is None and statement.pk is not None:
        raise ChangedMeanwhile(_("This programme has a closing statement already."))
    for part in PARTS:
        for language in LANGUAGES:
            text = clean_text(parts.get(part, {}).get(language) or "")
            if len(text) > LONGEST_PART:
                raise Invalid(_("A part of the statement is longer than 10,000 characters."))
            setattr(statement, f"{part}_{language}", text)
    if statement.published_at:
        _require_text(statement)
    statement.by = editor
    statement.save()
    return _publish(statement) if publish else statement


@transaction.atomic
def publish_statement(statement: ClosingStatement, *, by: AbstractBaseUser) -> ClosingStatement:
    """Put the statement at the head of its programme, whose consultation has closed, and tell who follows it.

    A published one stays as it is.
    """
    editor_of(by)
    ClosingStatement.objects.select_for_update(no_key=True).filter(pk=statement.pk).values_list("pk").get()
    return _publish(ClosingStatement.objects.select_related("programme").get(pk=statement.pk))


def _publish(statement: ClosingStatement) -> ClosingStatement:
    if statement.published_at:
        return statement
    if not statement.programme.has_closed():
        raise NotPossibleNow(_("The consultation has not closed yet."))
    _require_text(statement)
    statement.published_at = timezone.now()
    statement.save(update_fields=["published_at"])
    tell_closing(statement)
    return statement


def _require_text(statement: ClosingStatement) -> None:
    if len(statement.missing_languages) == len(LANGUAGES):
        raise Invalid(_("Write the statement in at least one language before it is published."))

"""Adding a measure, and giving one a new edition. Editions and their figures never change."""

from collections.abc import Iterable
from types import MappingProxyType

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from principles.models import LANGUAGES, Area, Edition, Measure, Principle, Target, TargetFigure, Unit
from principles.wording import (
    Figure,
    Texts,
    Wording,
    figures_of,
    per_language,
    same_figures,
    same_wording,
    texts_of,
    wording_of,
)

NOTHING: Texts = MappingProxyType({})


class NothingChanged(ValidationError):
    """A new edition would say what the current one says."""

    def __init__(self):
        super().__init__(_("Nothing has changed: the wording and the figures are those of the current edition."))


class StaleEdition(ValidationError):
    """Somebody else made a new edition meanwhile."""

    def __init__(self):
        super().__init__(_("This measure got a new edition meanwhile. Compare your text with it, then save again."))


@transaction.atomic
def add_measure(
    *,
    principle: Principle,
    slug: str,
    code: str,
    wording: Wording,
    figures: Iterable[Figure] = (),
    area: Area | None = None,
    paragraph: int | None = None,
    order: int | None = None,
    note: Texts = NOTHING,
) -> Measure:
    """Add a measure with its first edition, as the last one unless `order` says otherwise.

    `note` says in each language what is new and why. Raises ValidationError if a field is wrong.
    """
    if order is None:
        last = principle.measures.aggregate(last=Max("order"))["last"]
        order = 0 if last is None else last + 1
    measure = Measure(principle=principle, slug=slug, code=code, area=area, paragraph=paragraph, order=order)
    measure.full_clean()
    measure.save()
    _write_edition(measure, number=1, series=1, wording=wording, figures=list(figures), note=note)
    return measure


@transaction.atomic
def revise_measure(
    measure: Measure,
    *,
    wording: Wording,
    figures: Iterable[Figure],
    substantive: bool,
    note: Texts = NOTHING,
    expected_edition: int | None = None,
) -> Edition:
    """Give `measure` a new edition, with exactly these figures.

    A substantive one starts a series of its own; a correction stays in the current one's. `note` says in each
    language what changed and why. Raises StaleEdition if the current edition is not number `expected_edition`,
    NothingChanged if there is nothing new, and ValidationError if the wording or a figure is wrong.
    """
    locked = Measure.objects.select_for_update().get(pk=measure.pk)
    current = locked.current_edition
    if expected_edition is not None and current.number != expected_edition:
        raise StaleEdition()
    figures = list(figures)
    if same_wording(wording, wording_of(current)) and same_figures(figures, figures_of(current)):
        raise NothingChanged()
    number = current.number + 1
    edition = _write_edition(
        locked,
        number=number,
        series=number if substantive else current.series,
        wording=wording,
        figures=figures,
        note=note,
    )
    measure.current_edition = edition
    return edition


def _write_edition(
    measure: Measure, *, number: int, series: int, wording: Wording, figures: list[Figure], note: Texts
) -> Edition:
    """Write the edition and its figures and make it the current one."""
    edition = Edition(
        measure=measure,
        number=number,
        series=series,
        **per_language("title", wording.title),
        **per_language("summary", wording.summary),
        **per_language("note", note),
    )
    _require_text(edition, "title", "summary")
    edition.clean_fields(exclude=["title", "summary", "note"])
    edition.save()
    _write_figures(edition, figures)
    measure.current_edition = edition
    measure.save(update_fields=["current_edition"])
    return edition


def _write_figures(edition: Edition, figures: list[Figure]) -> None:
    measure = edition.measure
    slugs = [figure.target for figure in figures]
    if len(set(slugs)) < len(slugs):
        raise ValidationError(_("A target is named twice."), code="duplicate")
    targets = {target.slug: target for target in Target.objects.filter(slug__in=slugs)}
    units = {unit.slug: unit for unit in Unit.objects.filter(programme__principles=measure.principle_id)}
    for order, figure in enumerate(figures):
        if figure.unit not in units:
            raise ValidationError(_("Unknown unit: %(slug)s"), code="unit", params={"slug": figure.unit})
        target = targets.get(figure.target)
        if target is None:
            target = Target(measure=measure, slug=figure.target)
            target.full_clean()
            target.save()
        elif target.measure_id != measure.pk:
            raise ValidationError(
                _("The target %(slug)s belongs to another measure."),
                code="target",
                params={"slug": figure.target},
            )
        row = TargetFigure(
            edition=edition,
            target=target,
            comparison=figure.comparison,
            value=figure.value,
            unit=units[figure.unit],
            due=figure.due,
            order=order,
            **per_language("label", figure.label),
        )
        _require_text(row, "label")
        row.clean_fields(exclude=["label"])
        row.save()


def _require_text(row: Edition | TargetFigure, *fields: str) -> None:
    """In at least one language, every one of `fields` is there."""
    texts = [texts_of(row, field) for field in fields]
    if not any(all(text[language] for text in texts) for language in LANGUAGES):
        raise ValidationError(_("Write it in at least one language."), code="required")

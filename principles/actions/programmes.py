"""Loading a programme from its file: the database comes to say what the file says, and no more is written."""

from collections import Counter, defaultdict
from pathlib import Path

from django.db import models, transaction
from django.utils import timezone

from principles.actions.codes import park_codes
from principles.actions.measures import NothingChanged, add_measure, revise_measure
from principles.models import Area, Measure, Principle, Programme, Question, Target, TargetFigure, Unit
from principles.programme_file import (
    ParsedMeasure,
    ParsedProgramme,
    ProgrammeFileRefused,
    collisions,
    read_programme_file,
)
from principles.wording import Figure, per_language

KINDS = ("programme", "questions", "areas", "units", "principles", "measures", "editions", "targets")


class Changes:
    """How many rows of each kind were added, changed, retired, brought back, removed or left as they were."""

    def __init__(self):
        self.counts: dict[str, Counter[str]] = defaultdict(Counter)

    def note(self, kind: str, what: str, number: int = 1) -> None:
        if number:
            self.counts[kind][what] += number

    @property
    def any(self) -> bool:
        """Whether anything was written."""
        return any(set(counts) - {"unchanged"} for counts in self.counts.values())

    def lines(self) -> list[str]:
        """One line for each kind: "measures: 1 changed, 32 unchanged"."""
        return [
            f"{kind}: " + ", ".join(f"{number} {what}" for what, number in sorted(self.counts[kind].items()))
            for kind in KINDS
            if self.counts[kind]
        ]


def load_programme(path: str | Path, *, substantive: bool = True) -> Changes:
    """Load the file at `path`. Raises ProgrammeFileRefused, with every fault, and then changes nothing."""
    parsed, faults = read_programme_file(path)
    with transaction.atomic():
        if parsed is not None:
            faults = [*faults, *collisions(parsed)]
        if faults or parsed is None:
            raise ProgrammeFileRefused(str(path), faults)
        return apply_programme(parsed, substantive=substantive)


@transaction.atomic
def apply_programme(parsed: ParsedProgramme, *, substantive: bool) -> Changes:
    """Make the database say what `parsed` says; where it does already, nothing is written.

    A measure whose wording or figures differ gets a new edition, `substantive` or a correction. Principles and
    measures that the file no longer has are retired, and come back when it has them again. Raises
    ProgrammeFileRefused if another programme holds one of the slugs.
    """
    changes = Changes()
    list(Programme.objects.select_for_update().filter(slug=parsed.slug))
    if faults := collisions(parsed):
        raise ProgrammeFileRefused(parsed.slug, faults)
    programme = _apply_head(parsed, changes)
    _apply_questions(programme, parsed, changes)
    areas = _apply_areas(programme, parsed, changes)
    _apply_units(programme, parsed, changes)
    _retire_missing(programme, parsed, changes)
    principles = _apply_principles(programme, parsed, changes)
    _apply_measures(programme, parsed, principles, areas, substantive, changes)
    _remove_unused(programme, parsed, changes)
    return changes


def _write(row: models.Model, values: dict, kind: str, changes: Changes) -> None:
    """Save `row` with `values` if it is new or says anything else."""
    new = row.pk is None
    differing = {name: value for name, value in values.items() if new or not _says(row, name, value)}
    for name, value in differing.items():
        setattr(row, name, value)
    if differing:
        row.save()
    changes.note(kind, "added" if new else "changed" if differing else "unchanged")


def _says(row: models.Model, name: str, value: object) -> bool:
    """Whether `row` has this value; a translated text that was never written is an empty one."""
    current = getattr(row, name)
    return current == value or (current is None and value == "")


def _apply_head(parsed: ParsedProgramme, changes: Changes) -> Programme:
    programme = Programme.objects.filter(slug=parsed.slug).first() or Programme(slug=parsed.slug)
    values = {
        **per_language("title", parsed.title),
        **per_language("summary", parsed.summary),
        **per_language("announced_by", parsed.announced_by),
        "announced_on": parsed.announced_on,
        "country": parsed.country,
        "source_title": parsed.source_title,
        "source_url": parsed.source_url,
        "source_published_on": parsed.source_published_on,
        "source_language": parsed.source_language,
    }
    # What the file does not say is the admin's to say.
    settings = {
        "opens_at": parsed.opens,
        "closes_at": parsed.closes,
        "moderation": parsed.moderation,
        "order": parsed.order,
    }
    values |= {name: value for name, value in settings.items() if value is not None}
    _write(programme, values, "programme", changes)
    return programme


def _apply_questions(programme: Programme, parsed: ParsedProgramme, changes: Changes) -> None:
    rows = {row.slug: row for row in programme.questions.all()}
    for order, question in enumerate(parsed.questions):
        row = rows.get(question.slug) or Question(programme=programme, slug=question.slug)
        values = {"order": order, **per_language("text", question.text)}
        for position in range(5):
            texts = {language: labels[position] for language, labels in question.labels.items()}
            values |= per_language(f"label_{position + 1}", texts)
        _write(row, values, "questions", changes)


def _apply_areas(programme: Programme, parsed: ParsedProgramme, changes: Changes) -> dict[str, Area]:
    rows = {row.slug: row for row in programme.areas.all()}
    for order, (slug, name) in enumerate(parsed.areas.items()):
        row = rows.setdefault(slug, Area(programme=programme, slug=slug))
        _write(row, {"order": order, **per_language("name", name)}, "areas", changes)
    return rows


def _apply_units(programme: Programme, parsed: ParsedProgramme, changes: Changes) -> None:
    rows = {row.slug: row for row in programme.units.all()}
    for slug, forms in parsed.units.items():
        _write(rows.get(slug) or Unit(programme=programme, slug=slug), {"forms": forms}, "units", changes)


def _retire_missing(programme: Programme, parsed: ParsedProgramme, changes: Changes) -> None:
    """Retire what the file no longer has, which gives its codes free."""
    now = timezone.now()
    named = [measure.slug for principle in parsed.principles for measure in principle.measures]
    measures = Measure.objects.in_force().filter(principle__programme=programme).exclude(slug__in=named)
    changes.note("measures", "retired", measures.update(retired_at=now))
    principles = programme.principles.in_force().exclude(slug__in=[one.slug for one in parsed.principles])
    changes.note("principles", "retired", principles.update(retired_at=now))


def _apply_principles(programme: Programme, parsed: ParsedProgramme, changes: Changes) -> dict[str, Principle]:
    rows = {row.slug: row for row in programme.principles.all()}
    park_codes([rows[one.slug] for one in parsed.principles if one.slug in rows and rows[one.slug].code != one.code])
    for order, principle in enumerate(parsed.principles):
        row = rows.setdefault(principle.slug, Principle(programme=programme, slug=principle.slug))
        values = {
            "code": principle.code,
            "order": order,
            "retired_at": None,
            **per_language("title", principle.title),
            **per_language("summary", principle.summary),
        }
        _write(row, values, "principles", changes)
    return rows


def _apply_measures(
    programme: Programme,
    parsed: ParsedProgramme,
    principles: dict[str, Principle],
    areas: dict[str, Area],
    substantive: bool,
    changes: Changes,
) -> None:
    rows = {row.slug: row for row in Measure.objects.filter(principle__programme=programme)}
    targets = set(Target.objects.filter(measure__in=rows.values()).values_list("slug", flat=True))
    places = [
        (principles[principle.slug], order, measure)
        for principle in parsed.principles
        for order, measure in enumerate(principle.measures)
    ]
    park_codes(
        [
            rows[measure.slug]
            for principle, _order, measure in places
            if measure.slug in rows
            and (rows[measure.slug].code, rows[measure.slug].principle_id) != (measure.code, principle.pk)
        ]
    )
    for principle, order, measure in places:
        place = {
            "principle": principle,
            "code": measure.code,
            "order": order,
            "area": areas.get(measure.area),
            "paragraph": measure.paragraph,
        }
        figures = [target.figure for target in measure.targets]
        if measure.slug in rows:
            _write(rows[measure.slug], {"retired_at": None, **place}, "measures", changes)
            _revise(rows[measure.slug], measure, figures, substantive, changes)
        else:
            add_measure(slug=measure.slug, wording=measure.wording, figures=figures, **place)
            changes.note("measures", "added")
            changes.note("editions", "added")
        for figure in figures:
            changes.note("targets", "unchanged" if figure.target in targets else "added")


def _revise(row: Measure, measure: ParsedMeasure, figures: list[Figure], substantive: bool, changes: Changes) -> None:
    try:
        revise_measure(row, wording=measure.wording, figures=figures, substantive=substantive)
    except NothingChanged:
        changes.note("editions", "unchanged")
    else:
        changes.note("editions", "added")


def _remove_unused(programme: Programme, parsed: ParsedProgramme, changes: Changes) -> None:
    """Remove areas and units that neither the file nor any measure or edition has any more."""
    areas = programme.areas.filter(measures=None).exclude(slug__in=parsed.areas)
    changes.note("areas", "removed", areas.delete()[0])
    used = TargetFigure.objects.filter(unit__programme=programme).values("unit")
    units = programme.units.exclude(slug__in=parsed.units).exclude(pk__in=used)
    changes.note("units", "removed", units.delete()[0])

"""Faults that only the database shows: names that others hold, and what a file must not take away."""

from principles.models import Measure, Principle, Programme, Question, Target
from principles.programme_file.faults import Fault
from principles.programme_file.shape import ParsedProgramme


def collisions(parsed: ParsedProgramme) -> list[Fault]:
    """What stands in the way of `parsed` in the database, with the lines of the file."""
    if not parsed.slug:
        return []
    return [*_taken_slugs(parsed), *_moved_targets(parsed), *_dropped_questions(parsed), *_dates(parsed)]


def _taken_slugs(parsed: ParsedProgramme) -> list[Fault]:
    measures = [measure for principle in parsed.principles for measure in principle.measures]
    principle_lines = {principle.slug: principle.line for principle in parsed.principles}
    measure_lines = {measure.slug: measure.line for measure in measures}
    target_lines = {target.figure.target: target.line for measure in measures for target in measure.targets}
    kinds = [
        ("principle", Principle.objects, "programme__slug", principle_lines),
        ("measure", Measure.objects, "principle__programme__slug", measure_lines),
        ("target", Target.objects, "measure__principle__programme__slug", target_lines),
    ]
    return [
        Fault(lines[slug], f"{kind} slug {slug!r} is taken by the programme {owner!r}")
        for kind, rows, programme, lines in kinds
        for slug, owner in rows.filter(slug__in=lines)
        .exclude(**{programme: parsed.slug})
        .values_list("slug", programme)
    ]


def _moved_targets(parsed: ParsedProgramme) -> list[Fault]:
    """A target keeps its measure: readings and old editions stand on it."""
    places = {
        target.figure.target: (measure.slug, target.line)
        for principle in parsed.principles
        for measure in principle.measures
        for target in measure.targets
    }
    rows = Target.objects.filter(slug__in=places, measure__principle__programme__slug=parsed.slug)
    return [
        Fault(places[slug][1], f"target {slug!r} belongs to the measure {owner!r}; give this one another slug")
        for slug, owner in rows.values_list("slug", "measure__slug")
        if owner != places[slug][0]
    ]


def _dropped_questions(parsed: ParsedProgramme) -> list[Fault]:
    """A question stays once it is loaded: people may have answered it."""
    named = [question.slug for question in parsed.questions]
    if not named or "" in named:
        return []
    return [
        Fault(parsed.questions[0].line, f"question {slug!r} is missing: it was loaded before and cannot be dropped")
        for slug in Question.objects.filter(programme__slug=parsed.slug)
        .exclude(slug__in=named)
        .values_list("slug", flat=True)
    ]


def _dates(parsed: ParsedProgramme) -> list[Fault]:
    """The file may say one of opens and closes, the admin the other."""
    row = Programme.objects.filter(slug=parsed.slug).first()
    if row is None or (parsed.opens and parsed.closes):
        return []
    opens, closes = parsed.opens or row.opens_at, parsed.closes or row.closes_at
    if opens is None or closes is None or opens < closes:
        return []
    return [Fault(parsed.line, f"programme: it would open {opens} and close {closes}, by the times already set")]

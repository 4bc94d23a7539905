"""A small programme's file for tests, and ways to load it, spoil it and see what it left in the database."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from principles.models import (
    Area,
    Edition,
    Measure,
    Principle,
    Programme,
    Question,
    Target,
    TargetFigure,
    Unit,
)

MODELS = [Programme, Question, Area, Unit, Principle, Measure, Edition, Target, TargetFigure]
REFUSED = "The programme was not loaded, nothing was changed."

# A whole programme, one key a line, so that a test can name the line of its fault.
SMALL = """\
programme:
  slug: small
  title: {kk: Шағын, ru: Малая, en: Small}
  summary: {kk: Мазмұны, ru: Содержание, en: Summary}
  announced_on: 2026-01-31
  announced_by: {kk: ҮЕҰ, ru: НПО, en: An NGO}
  country: KZ
  source:
    title: A source
    url: https://example.org/source
    published_on: 2026-02-01
    language: en
  opens: 2026-03-01
  closes: 2026-03-31
  moderation: before
  order: 7
questions:
  - slug: support
    text: {kk: Қолдау, ru: Поддержка, en: Support}
    labels:
      kk: [а, ә, б, в, г]
      ru: [а, б, в, г, д]
      en: [a, b, c, d, e]
areas:
  schools: {kk: Мектеп, ru: Школа, en: Schools}
units:
  years:
    kk: {other: '{n} жыл'}
    ru: {one: '{n} год', few: '{n} года', many: '{n} лет', other: '{n} года'}
    en: {one: '{n} year', other: '{n} years'}
principles:
  - code: "1"
    slug: first
    title: {kk: Бірінші, ru: Первый, en: First}
    summary: {kk: Мазмұны, ru: Содержание, en: Summary}
    measures:
      - code: "1.1"
        slug: one
        area: schools
        paragraph: 3
        title: {kk: Бір, ru: Один, en: One}
        summary: {kk: Мазмұны, ru: Содержание, en: Summary}
        targets:
          - slug: one-target
            label: {kk: Белгі, ru: Метка, en: Label}
            comparison: at_least
            value: 7.5
            unit: years
            due: 2030
      - code: "1.2"
        slug: two
        title: {kk: Екі, ru: Два, en: Two}
        summary: {kk: Мазмұны, ru: Содержание, en: Summary}
"""


def load(tmp_path, text, *options):
    """Load `text` as a file and return what the command printed."""
    path = tmp_path / "small.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    out = StringIO()
    call_command("load_programme", str(path), *options, stdout=out)
    return out.getvalue().splitlines()


def faults(tmp_path, text):
    """The faults that `text` is refused for, each `line: reason`."""
    before = dump()
    with pytest.raises(CommandError) as refused:
        load(tmp_path, text)
    assert dump() == before
    first, *rest = str(refused.value).splitlines()
    assert first == REFUSED
    prefix = f"{tmp_path / 'small.yaml'}:"
    assert [line for line in rest if not line.startswith(prefix)] == []
    return [line.removeprefix(prefix) for line in rest]


def dump():
    """Every row of every table of a programme."""
    return [list(model.objects.order_by("pk").values()) for model in MODELS]


def changed(*pairs, text=SMALL):
    """The small programme with each `old` replaced by its `new`, once."""
    for old, new in pairs:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    return text

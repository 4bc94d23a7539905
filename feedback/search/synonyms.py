"""Words that people type for what programmes call by another: `synonyms.yaml` beside this file, by stem."""

from pathlib import Path

import yaml

from feedback.search.words import stems, stems_in, words_in

TABLE = Path(__file__).with_name("synonyms.yaml")


def read(text: str) -> dict[str, frozenset[str]]:
    """Stem of a word on the left → stems of what it stands for, out of a table like `synonyms.yaml`."""
    found: dict[str, frozenset[str]] = {}
    for language, table in yaml.safe_load(text).items():
        for typed, meanings in table.items():
            meant = frozenset(stem for meaning in meanings for stem in stems_in(meaning, language))
            for word, _start, _end in words_in(typed):
                for stem in stems(word, language):
                    found[stem] = found.get(stem, frozenset()) | meant
    return found


SYNONYMS = read(TABLE.read_text(encoding="utf-8"))

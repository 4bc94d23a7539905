"""docs/programme-format.md says what the code reads."""

import re
from pathlib import Path

import pytest

from principles.models import Measure
from principles.programme_file import keys
from tests.programme_files import load

DOCUMENT = (Path(__file__).resolve().parent.parent / "docs" / "programme-format.md").read_text(encoding="utf-8")


def documented():
    """{section: {key: whether it is needed}} by the document's tables."""
    found = {}
    for line in DOCUMENT.splitlines():
        if heading := re.fullmatch(r"### `(\w+)`", line):
            section = found.setdefault(heading[1], {})
        elif row := re.match(r"\| `(\w+)` \| (yes|no) \|", line):
            section[row[1]] = row[2] == "yes"
    return found


def test_every_key_is_documented_and_no_other():
    assert documented() == {
        name: {key: key in section.required for key in section} for name, section in keys.ALL.items()
    }


@pytest.mark.django_db
def test_the_documents_example_loads(tmp_path):
    load(tmp_path, re.search(r"```yaml\n(.*?)```", DOCUMENT, re.DOTALL)[1])

    assert [(measure.code, measure.slug) for measure in Measure.objects.all()] == [("1.1", "gas-buses")]

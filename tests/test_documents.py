"""The documents say what the code does: settings, commands, and the versions of what people agree to."""

import hashlib
import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from portal.accounts.documents import VERSIONS

ROOT = Path(__file__).resolve().parent.parent
# A changed text needs a new version in `portal/accounts/documents.py`, and then its digest here.
DIGESTS = {
    "privacy": ("2026-11-30.5", "cc7ad9ab0e144bff"),
    "rules": ("2026-11-30", "f923856274be89e0"),
}
TEXTS = {
    "privacy": [f"portal/documents/privacy.{language}.md" for language in ("kk", "ru", "en")],
    "rules": ["feedback/data/rules.yaml"],
}


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_readme_lists_every_setting_and_no_other():
    listed = re.findall(r"^\| `([A-Z_]+)` \|", read("README.md"), re.MULTILINE)
    known = set(re.findall(r'\bread(?:_bool)?\(\s*"([A-Z_]+)"', read("portal/settings.py")))
    assert (sorted(listed), len(set(listed))) == (sorted(known), len(listed))


def test_the_readme_names_every_command_of_ours():
    ours = {
        name for name, app in get_commands().items() if app in {"portal", "portal.accounts", "principles", "feedback"}
    }
    named = {name for name in ours if f"`{name}" in read("README.md")}
    assert named == ours


def test_every_script_is_named_in_the_readme():
    scripts = {path.name for path in (ROOT / "script").iterdir() if path.suffix != ".py" and path.name != "__pycache__"}
    assert {name for name in scripts if f"`{name}`" not in read("README.md")} == set()


@pytest.mark.parametrize("document", ["privacy", "rules"])
def test_a_text_that_people_agree_to_changes_with_its_version(document):
    digest = hashlib.sha256("".join(read(name) for name in TEXTS[document]).encode()).hexdigest()[:16]
    assert (VERSIONS[document], digest) == DIGESTS[document]

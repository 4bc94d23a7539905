"""What a process would otherwise read from files when it first needs it.

An upgrade puts the new version's files under processes that still run the old one: what they had not read by then,
they would read from the wrong version, and answer 500 (`script/torture upgrade`).
"""

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template import engines
from django.urls import get_resolver
from django.utils.translation import trans_real

OWN = ("portal", "principles", "feedback")
COMMANDS = {"management", "migrations", "demo"}  # what no process needs that runs on


def load_everything() -> None:
    """Every module, template and catalogue of the portal, and the names of static files."""
    for name in OWN:
        load_modules(name)
    list(get_resolver().url_patterns)
    for language, _name in settings.LANGUAGES:
        trans_real.translation(language)
    hasattr(staticfiles_storage, "hashed_files")  # made, and its manifest read, at the first use of anything of it
    for name in own_templates():
        engines["django"].get_template(name)


def load_modules(package: str) -> None:
    for module in pkgutil.iter_modules(import_module(package).__path__, f"{package}."):
        if module.name.rpartition(".")[2] in COMMANDS:
            continue
        try:
            import_module(module.name)
        except ModuleNotFoundError as fault:
            if fault.name.partition(".")[0] in OWN:
                raise
            continue  # it needs a package that is optional
        if module.ispkg:
            load_modules(module.name)


def own_templates() -> Iterator[str]:
    for folder in map(Path, engines["django"].engine.dirs):
        yield from (str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())

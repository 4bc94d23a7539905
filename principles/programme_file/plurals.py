"""The plural forms of a unit, as the file gives them."""

import yaml

from principles.plural_forms import FORM_LIMIT, categories, form_fault, missing_categories
from principles.programme_file.faults import Refusal
from principles.programme_file.section import Faults, languages_of, pairs
from principles.programme_file.values import short_text

form = short_text(limit=FORM_LIMIT)


def read_forms(node: yaml.Node, what: str, key_node: yaml.Node, faults: Faults) -> dict[str, dict[str, str]]:
    """{language: {plural category: form}}; a language has every category of its own, or `other` alone."""
    found = languages_of(node, what, key_node, faults, lambda value: value)
    return {language: _forms(value, f"{what} in {language}", language, faults) for language, value in found.items()}


def _forms(node: yaml.Node, what: str, language: str, faults: Faults) -> dict[str, str]:
    forms, named, known = {}, set(), categories(language)
    for category, key_node, value in pairs(node, what, faults):
        if category not in known:
            faults.note(key_node, f"{what}: unknown plural category {category!r}; it can be {', '.join(sorted(known))}")
            continue
        named.add(category)
        try:
            forms[category] = _form(value)
        except Refusal as refusal:
            faults.note(key_node, f"{what}: {category} {refusal}")
    if isinstance(node, yaml.MappingNode):
        for category in missing_categories(language, named):
            faults.note(node, f"{what}: the plural form {category} is missing")
    return forms


def _form(node: yaml.Node) -> str:
    value = form(node)
    if fault := form_fault(value):
        raise Refusal(fault)
    return value

"""Plural forms of a unit, checked against the plural categories that CLDR gives each language."""

from functools import cache

import yaml
from babel import Locale

from principles.programme_file.faults import Refusal
from principles.programme_file.section import Faults, languages_of, pairs
from principles.programme_file.values import short_text

FORM_LIMIT = 100
form = short_text(limit=FORM_LIMIT)


@cache
def categories(language: str) -> frozenset[str]:
    """The plural categories of `language`: {"one", "other"} in English."""
    return frozenset(Locale.parse(language).plural_form.tags | {"other"})


def read_forms(node: yaml.Node, what: str, key_node: yaml.Node, faults: Faults) -> dict[str, dict[str, str]]:
    """{language: {plural category: form}}; a language has every category of its own, or `other` alone."""
    found = languages_of(node, what, key_node, faults, lambda value: value)
    return {language: _forms(value, f"{what} in {language}", language, faults) for language, value in found.items()}


def _forms(node: yaml.Node, what: str, language: str, faults: Faults) -> dict[str, str]:
    forms, known = {}, categories(language)
    named = set()
    for category, key_node, value in pairs(node, what, faults):
        if category not in known:
            faults.note(key_node, f"{what}: unknown plural category {category!r}; it can be {', '.join(sorted(known))}")
            continue
        named.add(category)
        try:
            forms[category] = _form(value)
        except Refusal as refusal:
            faults.note(key_node, f"{what}: {category} {refusal}")
    if isinstance(node, yaml.MappingNode) and named != {"other"}:
        for category in sorted(known - named):
            faults.note(node, f"{what}: the plural form {category} is missing")
    return forms


def _form(node: yaml.Node) -> str:
    value = form(node)
    rest = value.replace("{n}", "")
    if rest == value:
        raise Refusal("has no {n} for the number to stand in")
    if "{" in rest or "}" in rest:
        raise Refusal("has a brace other than {n}")
    return value

"""Every write to a programme, its measures and their editions."""

from principles.actions.codes import park_codes
from principles.actions.measures import NothingChanged, StaleEdition, add_measure, revise_measure
from principles.actions.programmes import Changes, apply_programme, load_programme

__all__ = [
    "Changes",
    "NothingChanged",
    "StaleEdition",
    "add_measure",
    "apply_programme",
    "load_programme",
    "park_codes",
    "revise_measure",
]

"""Every write to a programme, its measures and their editions."""

from principles.actions.measures import NothingChanged, StaleEdition, add_measure, revise_measure

__all__ = ["NothingChanged", "StaleEdition", "add_measure", "revise_measure"]

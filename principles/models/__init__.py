"""What is proposed: programme → principle → measure → edition → target figure. Knows nothing of feedback.

Slugs are unique portal-wide (one table each). Wording lives on the edition alone; an edition never changes.
"""

from principles.models.edition import Edition, Reading, Target, TargetFigure
from principles.models.measure import Measure, Principle
from principles.models.programme import Area, Programme, Question, Unit

LANGUAGES = ("kk", "ru", "en")

__all__ = [
    "LANGUAGES",
    "Area",
    "Edition",
    "Measure",
    "Principle",
    "Programme",
    "Question",
    "Reading",
    "Target",
    "TargetFigure",
    "Unit",
]

"""The desk of those who keep programmes: their wording, their measures' editions, and readings of targets."""

from principles.admin.measures import EditionAdmin, MeasureAdmin
from principles.admin.programmes import PrincipleAdmin, ProgrammeAdmin
from principles.admin.targets import TargetAdmin

__all__ = ["EditionAdmin", "MeasureAdmin", "PrincipleAdmin", "ProgrammeAdmin", "TargetAdmin"]

"""A programme's YAML file: read, checked, and handed on as plain values."""

from principles.programme_file.collisions import collisions
from principles.programme_file.faults import Fault, ProgrammeFileRefused
from principles.programme_file.reader import read_programme_file
from principles.programme_file.shape import ParsedMeasure, ParsedPrinciple, ParsedProgramme, ParsedQuestion

__all__ = [
    "Fault",
    "ParsedMeasure",
    "ParsedPrinciple",
    "ParsedProgramme",
    "ParsedQuestion",
    "ProgrammeFileRefused",
    "collisions",
    "read_programme_file",
]

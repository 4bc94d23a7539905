"""The keys that a programme file may have; docs/programme-format.md describes each one."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Keys:
    """The keys of one kind of mapping."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    def __contains__(self, key: str) -> bool:
        return key in self.required or key in self.optional

    def __iter__(self):
        return iter(self.required + self.optional)


FILE = Keys(("programme", "questions", "principles"), ("areas", "units"))
PROGRAMME = Keys(
    ("slug", "title", "summary"),
    (
        "announced_on",
        "announced_by",
        "country",
        "source",
        "opens",
        "closes",
        "moderation",
        "order",
    ),
)
SOURCE = Keys(("title", "url"), ("published_on", "language"))
QUESTION = Keys(("slug", "text", "labels"))
PRINCIPLE = Keys(("code", "slug", "title", "summary", "measures"))
MEASURE = Keys(("code", "slug", "title", "summary"), ("area", "paragraph", "targets"))
TARGET = Keys(("slug", "label", "comparison", "value", "unit"), ("due",))

ALL = {
    "file": FILE,
    "programme": PROGRAMME,
    "source": SOURCE,
    "question": QUESTION,
    "principle": PRINCIPLE,
    "measure": MEASURE,
    "target": TARGET,
}

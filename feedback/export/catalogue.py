"""Every kind of export by its name, in the order in which lists of them stand."""

from feedback.export.contributions import COMMENTS, PARTICIPANTS, RATINGS
from feedback.export.kinds import Kind
from feedback.export.official import ANSWERS_KIND, DECISIONS, MEASURES

KINDS: dict[str, Kind] = {
    kind.name: kind for kind in (COMMENTS, RATINGS, MEASURES, PARTICIPANTS, DECISIONS, ANSWERS_KIND)
}

"""The shapes of what clients send, as JSON Schema."""

from feedback.api.schemata import STRING, UUID, null_or, said
from feedback.models.comment import Language, Stance
from feedback.text import LONGEST_COMMENT


def sent(required: list[str], **properties: dict) -> dict:
    """What a client sends: these properties and no others."""
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


WRITTEN = said({"type": "string", "minLength": 1, "maxLength": LONGEST_COMMENT}, "Plain text.")
LANGUAGE = said(null_or(STRING) | {"enum": [*Language.values, None]}, "Recognised where it is missing.")
STANCE = null_or(STRING) | {"enum": [*Stance.values, None]}
EDITION = {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}
SEEN = said(null_or(EDITION), "The edition that was seen; a replaced one is a 409.")
BODIES = {
    "NewComment": sent(
        ["measure", "text"],
        measure={"type": "string", "maxLength": 80},
        text=WRITTEN,
        parent=null_or(UUID),
        language=LANGUAGE,
        stance=STANCE,
        edition=SEEN,
    ),
    "EditedComment": sent(["text"], text=WRITTEN, language=LANGUAGE, stance=STANCE),
    "NewRating": sent(["value", "edition"], value={"type": "integer", "minimum": 1, "maximum": 5}, edition=EDITION),
    "RatingTakenBack": sent([], edition=SEEN),
    "NewVote": sent(["value"], value={"type": "integer", "minimum": -1, "maximum": 1}),
    "NewReport": sent(["rule"], rule={"type": "string", "maxLength": 40}, note={"type": "string", "maxLength": 1000}),
    "Nothing": sent([]),
}

"""Words to write JSON Schema with (OpenAPI 3.1): kinds of values, objects, references."""

INT = {"type": "integer"}
STRING = {"type": "string"}
TIME = {"type": "string", "format": "date-time", "examples": ["2026-11-24T07:00:00Z"]}
DATE = {"type": "string", "format": "date"}
URL = {"type": "string", "format": "uri"}
UUID = {"type": "string", "format": "uuid"}


def null_or(schema: dict) -> dict:
    return {**schema, "type": [schema["type"], "null"]} if "type" in schema else {"anyOf": [schema, {"type": "null"}]}


def ref(name: str) -> dict:
    return {"$ref": f"#/components/schemas/{name}"}


def record(description: str, /, **properties: dict) -> dict:
    """An object with all of these properties. What may be left out by `?fields=` is still described as present."""
    return {"type": "object", "description": description, "properties": properties}


def said(schema: dict, description: str) -> dict:
    return {**schema, "description": description}


def one_of(values, description: str = "") -> dict:
    return {"type": "string", "enum": [str(value) for value in values]} | (
        {"description": description} if description else {}
    )


TEXTS = {
    "anyOf": [
        {
            "type": "object",
            "properties": {code: null_or(STRING) for code in ("kk", "ru", "en")},
            "required": ["kk", "ru", "en"],
        },
        {"type": "string"},
        {"type": "null"},
    ],
    "description": "A text per language, null where it is missing; with ?lang= the one text.",
}
COUNTS = {"type": "array", "items": INT, "minItems": 5, "maxItems": 5}

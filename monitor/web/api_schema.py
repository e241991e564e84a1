"""JSON Schema (2020-12) in few words."""

from typing import Any, Final

Json = dict[str, Any]

TEXT: Final[Json] = {"type": "string"}
WHOLE: Final[Json] = {"type": "integer"}
NUMBER: Final[Json] = {"type": "number"}
FLAG: Final[Json] = {"type": "boolean"}
DAY: Final[Json] = {"type": "string", "format": "date"}
TIME: Final[Json] = {"type": "string", "format": "date-time"}
COUNTS: Final[Json] = {"type": "object", "additionalProperties": {"type": "integer"}}
ANYTHING: Final[Json] = {"type": "object"}


def words(*values: str) -> Json:
    """One of some words."""
    return {"type": "string", "enum": list(values)}


def maybe(shape: Json) -> Json:
    """It, or null: insufficient evidence, not known, not yet."""
    return {"anyOf": [shape, {"type": "null"}]}


def many(shape: Json) -> Json:
    """A list of them."""
    return {"type": "array", "items": shape}


def record(**fields: Json) -> Json:
    """An object that has at least these fields."""
    return {"type": "object", "required": list(fields), "properties": fields}


def named(name: str) -> Json:
    """One of `COMPONENTS`."""
    return {"$ref": f"#/components/schemas/{name}"}


def page_of(shape: Json) -> Json:
    """A page of a list, and where the next one begins; null at the end."""
    return record(items=many(shape), after=maybe(TEXT))

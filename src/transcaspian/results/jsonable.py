"""This module owns results as JSON: what they become, and the JSON Schema that says so.

Both read the same dataclasses, so the schema cannot drift from the output. Moments are ISO 8601 in UTC, numbers keep
their units (named in the schema), what is unknown is ``null``.
"""

import builtins
import json
import math
import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any, get_args, get_origin, get_type_hints

import numpy as np

from transcaspian.units import unit_of

DIGITS = 12
"""Significant digits of a number in JSON: what a computation with 16 leaves, without its noise."""


def jsonable(value: Any, digits: int = DIGITS) -> Any:
    """Return a result as plain lists, dicts, strings and numbers; 17 digits give every number back exactly.

    >>> jsonable((0.1 + 0.2, 3.1e-11, float("inf"))), jsonable(0.1 + 0.2, 17)
    ([0.3, 3.1e-11, None], 0.30000000000000004)
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: jsonable(getattr(value, f.name), digits) for f in fields(value)}
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(k): jsonable(v, digits) for k, v in value.items()}
    if isinstance(value, np.ndarray):
        return jsonable(value.tolist(), digits)
    if isinstance(value, (list, tuple, set, frozenset)):
        return [jsonable(v, digits) for v in value]
    if isinstance(value, (float, np.floating)):
        return None if not math.isfinite(value) else float(f"{value:.{digits}g}")
    return value.item() if isinstance(value, np.generic) else value


def dumps(value: Any) -> str:
    """Return a result as JSON text."""
    return json.dumps(jsonable(value), ensure_ascii=False, indent=1)


def json_schema(cls: Any) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a result class, or of a tuple of them."""
    definitions: dict[str, Any] = {}
    root = _schema(cls, definitions)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **root, "$defs": definitions}


PLAIN: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    float: {"type": ["number", "null"]},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    type(None): {"type": "null"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
}


def _schema(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    hint = getattr(hint, "__supertype__", hint)  # an id is a text with a name of its own
    parts = get_args(hint)
    if hint in PLAIN:
        return PLAIN[hint]
    if is_dataclass(hint):
        return _object(hint, definitions)
    match get_origin(hint):
        case typing.Annotated:
            return {**_schema(parts[0], definitions), "description": unit_of(hint)}
        case typing.Union | types.UnionType:
            return {"anyOf": [_schema(part, definitions) for part in parts]}
        case typing.Literal:
            return {"enum": list(parts)}
        case builtins.tuple:
            return _series(parts, definitions)
        case builtins.dict:
            return {"type": "object", "additionalProperties": _schema(parts[1], definitions)}
        case np.ndarray:
            return {"type": "array", "items": {"type": ["array", "number", "null"]}}
    raise TypeError(f"results have no schema for {hint}")


def _series(parts: tuple[Any, ...], definitions: dict[str, Any]) -> dict[str, Any]:
    if Ellipsis in parts:
        return {"type": "array", "items": _schema(parts[0], definitions)}
    items = [_schema(part, definitions) for part in parts]
    return {"type": "array", "prefixItems": items, "minItems": len(items), "maxItems": len(items)}


def _object(cls: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if cls.__name__ not in definitions:
        definitions[cls.__name__] = {}
        hints = get_type_hints(cls, include_extras=True)
        properties = {f.name: _schema(hints[f.name], definitions) for f in fields(cls)}
        definitions[cls.__name__] = {
            "type": "object",
            "description": (cls.__doc__ or "").split("\n")[0],
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        }
    return {"$ref": f"#/$defs/{cls.__name__}"}

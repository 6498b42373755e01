"""This module owns results as JSON: what they become, and the JSON Schema that says so.

Both read the same dataclasses, so the schema cannot drift from the output. Moments are ISO 8601 in UTC, numbers keep
their units (named in the schema), what is unknown is ``null``.
"""

import json
import math
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import numpy as np

from transcaspian.units import unit_of


def jsonable(value: Any) -> Any:
    """Return a result as plain lists, dicts, strings and numbers."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: jsonable(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(k): jsonable(v) for k, v in value.items()}
    if isinstance(value, np.ndarray):
        return jsonable(value.tolist())
    if isinstance(value, (list, tuple, set, frozenset)):
        return [jsonable(v) for v in value]
    if isinstance(value, (float, np.floating)):
        return None if not math.isfinite(value) else round(float(value), 6)
    return value.item() if isinstance(value, np.generic) else value


def dumps(value: Any) -> str:
    """Return a result as JSON text."""
    return json.dumps(jsonable(value), ensure_ascii=False, indent=1)


def json_schema(cls: type) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a result class."""
    definitions: dict[str, Any] = {}
    root = _schema(cls, definitions)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **root, "$defs": definitions}


def _schema(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    origin, unit = get_origin(hint), unit_of(hint)
    if origin is Annotated:
        return {**_schema(get_args(hint)[0], definitions), "description": unit}
    if origin in (Union, types.UnionType):
        return {"anyOf": [_schema(part, definitions) for part in get_args(hint)]}
    if origin is Literal:
        return {"enum": list(get_args(hint))}
    if origin is tuple:
        return {"type": "array", "items": _schema(get_args(hint)[0], definitions)}
    if origin is dict:
        return {"type": "object", "additionalProperties": _schema(get_args(hint)[1], definitions)}
    if isinstance(hint, type) and is_dataclass(hint):
        return _object(hint, definitions)
    names = {str: "string", float: "number", int: "integer", bool: "boolean", type(None): "null"}
    if hint is float:
        return {"type": ["number", "null"]}
    if hint in names:
        return {"type": names[hint]}
    if hint in (datetime, date):
        return {"type": "string", "format": "date-time" if hint is datetime else "date"}
    return {"type": "array"}


def _object(cls: type, definitions: dict[str, Any]) -> dict[str, Any]:
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

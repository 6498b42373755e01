"""This module owns what others read of a noun's declaration: Table Schema, JSON Schema and documentation tables."""

from typing import Any

from transcaspian.model.corridor import TABLES
from transcaspian.model.schema import Column, columns, key_names

MISSING_VALUES = [""]


def table_schema(cls: type) -> dict[str, Any]:
    """Return the Frictionless Table Schema of a noun."""
    found: dict[str, Any] = {
        "fields": [_field(c) for c in columns(cls)],
        "primaryKey": list(key_names(cls)),
        "missingValues": MISSING_VALUES,
    }
    names = {noun: table for table, noun in TABLES.items()}
    foreign = [
        {"fields": c.name, "reference": {"resource": "" if c.mark.ref == names.get(cls) else c.mark.ref.replace("_", "-"), "fields": "id"}}
        for c in columns(cls)
        if c.mark.ref and "|" not in c.mark.ref
    ]
    return found | ({"foreignKeys": foreign} if foreign else {})


def _field(column: Column) -> dict[str, Any]:
    found: dict[str, Any] = {"name": column.name, "type": column.kind, "description": column.mark.doc}
    if column.mark.unlimited:
        found["type"] = "any"
    if column.kind == "boolean":
        found |= {"trueValues": ["yes"], "falseValues": ["no"]}
    if column.unit:
        found["unit"] = column.unit
    constraints: dict[str, Any] = {"required": True} if column.required else {}
    if column.choices:
        constraints["enum"] = list(column.choices)
    if column.mark.pattern:
        constraints["pattern"] = column.mark.pattern
    if not column.mark.unlimited:
        constraints |= {k: v for k, v in (("minimum", column.mark.low), ("maximum", column.mark.high)) if v is not None}
    return found | ({"constraints": constraints} if constraints else {})


def json_schema(cls: type) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a row of a noun."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": cls.__name__,
        "description": (cls.__doc__ or "").strip().split("\n")[0],
        "type": "object",
        "properties": {c.name: _property(c) for c in columns(cls)},
        "required": [c.name for c in columns(cls) if c.required],
        "additionalProperties": False,
    }


def _property(column: Column) -> dict[str, Any]:
    kinds: list[str] = ["string" if column.kind == "date" else column.kind]
    if not column.required:
        kinds.append("null")
    found: dict[str, Any] = {"type": kinds if len(kinds) > 1 else kinds[0], "description": column.mark.doc}
    if column.kind == "date":
        found["format"] = "date"
    if column.unit:
        found["unit"] = column.unit
    if column.choices:
        found["enum"] = [*column.choices, *([] if column.required else [None])]
    if column.mark.pattern:
        found["pattern"] = f"^({column.mark.pattern})$"
    if column.mark.unlimited:
        found["anyOf"] = [{"type": "number"}, {"const": "unlimited"}, {"type": "null"}]
        del found["type"]
    limits = (("minimum", column.mark.low), ("maximum", column.mark.high), ("exclusiveMinimum", column.mark.above))
    return found | {k: v for k, v in limits if v is not None}


def markdown_table(cls: type) -> str:
    """Return the documentation table of a noun: name, type, unit, default, sentence."""
    lines = ["| attribute | type | unit | default | what it is |", "|---|---|---|---|---|"]
    for c in columns(cls):
        kind = " \\| ".join(c.choices) if c.choices else c.kind + (f" → {c.mark.ref}" if c.mark.ref else "")
        default = "required" if c.required else "" if c.default is None else str(c.default)
        name = f"**{c.name}**" if c.mark.key else c.name
        lines.append(f"| {name} | {kind} | {c.unit} | {default} | {c.mark.doc.replace('|', chr(92) + '|')} |")
    return "\n".join(lines)

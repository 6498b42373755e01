"""This module owns what others read of a noun's declaration: Table Schema, JSON Schema and documentation tables."""

import inspect
from collections.abc import Collection, Iterator
from typing import Any

from transcaspian.model.cells import text_of
from transcaspian.model.corridor import TABLES
from transcaspian.model.schema import Column, columns, key_names


def table_schema(cls: type, resources: Collection[str] | None = None) -> dict[str, Any]:
    """Return the Frictionless Table Schema of a noun.

    Beside the standard's properties a field has ``unit`` and ``references`` (the tables whose keys it takes). A foreign
    key of the standard names one resource, so it is given only for tables that are one; ``references`` always is.

    Parameters
    ----------
    cls : the noun
    resources : tables that are one resource each; by default all

    Examples
    --------
    >>> from transcaspian.model.corridor.place import PlaceGauge
    >>> schema = table_schema(PlaceGauge)
    >>> schema["primaryKey"], schema["fields"][1]["unit"], schema["foreignKeys"][0]["reference"]
    (['place', 'gauge'], 'mm', {'resource': 'places', 'fields': 'id'})
    """
    found: dict[str, Any] = {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fields": [_field(column) for column in columns(cls)],
        "primaryKey": list(key_names(cls)),
        "missingValues": [""],
    }
    foreign = [
        {"fields": column.name, "reference": _reference(column.mark.ref, cls)}
        for column in columns(cls)
        if column.mark.ref in TABLES and (resources is None or column.mark.ref in resources)
    ]
    return found | ({"foreignKeys": foreign} if foreign else {})


def _reference(table: str, cls: type) -> dict[str, str]:
    """Return where a foreign key leads; the standard leaves the resource out where it is the table itself."""
    return ({} if TABLES[table] is cls else {"resource": table.replace("_", "-")}) | {"fields": "id"}


def _field(column: Column) -> dict[str, Any]:
    mark = column.mark
    found: dict[str, Any] = {"name": column.name, "type": column.kind, "description": mark.doc}
    if mark.unlimited:
        found["type"] = "any"  # a number or the word, which the standard has no type for
    if column.kind == "boolean":
        found |= {"trueValues": ["yes"], "falseValues": ["no"]}
    if column.unit:
        found["unit"] = column.unit
    if mark.ref:
        found["references"] = mark.ref.split("|")
    constraints: dict[str, Any] = {"required": True} if column.required else {}
    if column.choices:
        constraints["enum"] = list(column.choices)
    if mark.pattern:
        constraints["pattern"] = mark.pattern
    if not mark.unlimited:
        constraints |= _limits(column)
    return found | ({"constraints": constraints} if constraints else {})


def _limits(column: Column) -> dict[str, float]:
    mark = column.mark
    limits = (("minimum", mark.low), ("maximum", mark.high), ("exclusiveMinimum", mark.above))
    return {name: limit for name, limit in limits if limit is not None}


def json_schema(cls: type) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a row of a noun, as ``json_row`` gives it.

    >>> from transcaspian.model.corridor.place import PlaceGauge
    >>> json_schema(PlaceGauge)["properties"]["gauge"]
    {'type': 'integer', 'description': 'Track gauge.', 'unit': 'mm', 'minimum': 600, 'maximum': 1700}
    """
    found: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": cls.__name__,
        "description": inspect.cleandoc(cls.__doc__ or ""),
        "type": "object",
        "properties": {column.name: _property(column) for column in columns(cls)},
        "required": [column.name for column in columns(cls) if column.required],
        "additionalProperties": False,
    }
    conditions = [_condition(column, *column.mark.applies) for column in columns(cls) if column.mark.applies]
    return found | ({"allOf": conditions} if conditions else {})


def _property(column: Column) -> dict[str, Any]:
    kind = "string" if column.kind == "date" else column.kind
    may_be_unknown = not column.required and column.default is None
    found: dict[str, Any] = {"type": [kind, "null"] if may_be_unknown else kind, "description": column.mark.doc}
    if column.kind == "date":
        found["format"] = "date"
    if column.unit:
        found["unit"] = column.unit
    if column.choices:
        found["enum"] = [*column.choices, *([None] if may_be_unknown else [])]
    if column.mark.pattern:
        found["pattern"] = f"^({column.mark.pattern})$"
    if column.mark.unlimited:
        kinds: list[dict[str, Any]] = [{"type": found.pop("type")}, {"const": "unlimited"}]
        found["anyOf"] = kinds
    if not column.required and column.default is not None:
        found["default"] = json_value(column.default)
    return found | _limits(column)


def _condition(column: Column, other: str, allowed: tuple[str, ...]) -> dict[str, Any]:
    """Return the rule that an attribute is filled only where another has one of some values."""
    filled = {"properties": {column.name: {"not": {"type": "null"}}}, "required": [column.name]}
    return {"if": filled, "then": {"properties": {other: {"enum": list(allowed)}}, "required": [other]}}


def json_row(row: Any) -> dict[str, Any]:
    """Return a row as a JSON object: numbers and truth values as such, the unknown as ``null``.

    >>> from transcaspian.model.corridor.place import PlaceGauge
    >>> json_row(PlaceGauge(place="aktau", gauge=1520))
    {'place': 'aktau', 'gauge': 1520}
    """
    return {column.name: json_value(getattr(row, column.name)) for column in columns(row.__class__)}


def json_value(value: Any) -> Any:
    """Return a value as JSON has it."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    text = text_of(value)
    return value if isinstance(value, float) and text != "unlimited" else text


def markdown_table(cls: type) -> str:
    """Return the documentation table of a noun: a row for each attribute, with its rules as short sentences.

    >>> from transcaspian.model.corridor.place import PlaceGauge
    >>> print(markdown_table(PlaceGauge).splitlines()[-1])
    | `gauge` | integer | mm | required | Track gauge. Part of the key. At least 600. At most 1700. |
    """
    lines = ["| column | type | unit | default | what it is |", "|---|---|---|---|---|"]
    return "\n".join([*lines, *(_documented(column) for column in columns(cls))])


def _documented(column: Column) -> str:
    said = [column.mark.doc.replace("``", "`"), *_rules(column)]
    default = "required" if column.required else "empty" if column.default is None else f"`{text_of(column.default)}`"
    kind = " or ".join(f"`{choice}`" for choice in column.choices) or column.kind
    cells = [f"`{column.name}`", kind, column.unit, default, " ".join(said)]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _rules(column: Column) -> Iterator[str]:
    """Give the rules of an attribute as short sentences."""
    mark = column.mark
    if mark.key:
        yield "Part of the key."
    if mark.ref:
        yield "A key of " + " or ".join(f"[{t}](#{t})" for t in mark.ref.split("|")) + "."
    if mark.above is not None:
        yield f"Above {mark.above:g}."
    if mark.low is not None:
        yield f"At least {mark.low:g}."
    if mark.high is not None:
        yield f"At most {mark.high:g}."
    if mark.unlimited:
        yield "The word `unlimited` is allowed."
    if mark.applies:
        yield f"Only where `{mark.applies[0]}` is " + " or ".join(f"`{v}`" for v in mark.applies[1]) + "."

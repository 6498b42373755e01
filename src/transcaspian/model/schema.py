"""This module owns how a noun declares its attributes, once.

A noun is a frozen dataclass; each attribute is written once, as ``name: Type = column("One sentence.", ...)``. Type,
unit, default and sentence are read from there by everything that needs them: the CSV header, the Table Schema, the
JSON Schema, the documentation tables, the reader of files and ``data check``.

- ``column`` declares an attribute, ``noun`` makes a class a noun of a named table.
- ``Column`` is the declaration as read back; ``columns(cls)`` lists a noun's columns, ``key_of(row)`` gives its key.
"""

import math
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from functools import cache
from typing import (
    Annotated,
    Any,
    Literal,
    TypeVar,
    Union,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

from transcaspian.units import unit_of

UNLIMITED = math.inf
"""The value of an amount that has no limit: the word ``unlimited`` in files. Unknown is ``None``, never this."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Mark:
    """What ``column`` was told and a type hint cannot say."""

    doc: str
    key: bool = False
    ref: str = ""
    low: float | None = None
    high: float | None = None
    above: float | None = None
    unlimited: bool = False
    pattern: str = ""
    applies: tuple[str, tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One attribute of a noun, as declared.

    ``kind`` is one of ``string``, ``number``, ``integer``, ``boolean``, ``date``; ``choices`` lists the words allowed.
    """

    name: str
    kind: str
    unit: str
    required: bool
    default: Any
    choices: tuple[str, ...]
    mark: Mark


def column(  # noqa: PLR0913 - each is one independent fact about the attribute
    doc: str,
    *,
    default: Any = MISSING,
    key: bool = False,
    ref: str = "",
    low: float | None = None,
    high: float | None = None,
    above: float | None = None,
    unlimited: bool = False,
    pattern: str = "",
    applies: tuple[str, tuple[str, ...]] | None = None,
) -> Any:
    """Declare one attribute of a noun.

    Parameters
    ----------
    doc : one sentence, shown wherever the attribute is described
    default : value of an empty cell; without it the attribute is required
    key : part of the row's key
    ref : table whose key the value must be; several as ``"steps|services"``
    low, high, above : bounds of a number, inclusive, and an exclusive lower one
    unlimited : the word ``unlimited`` is allowed
    pattern : regular expression the whole text must match
    applies : ``(attribute, values)``: only rows whose attribute has one of the values may fill this one
    """
    mark = Mark(doc, key, ref, low, high, above, unlimited, pattern, applies)
    return field(default=default, metadata={"mark": mark})


NOUNS: dict[str, type] = {}
"""Every noun by the name of its table, in the order a reader should meet them."""


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(column,))
def noun(table: str) -> Callable[[type[T]], type[T]]:
    """Make a class a noun: a frozen, keyword-only value that lives in the named table."""

    def declare(cls: type[T]) -> type[T]:
        made = dataclass(frozen=True, kw_only=True, slots=True)(cls)
        NOUNS[table] = made
        return made

    return declare


@cache
def columns(cls: Any) -> tuple[Column, ...]:
    """Return the columns of a noun, in order of declaration."""
    hints = get_type_hints(cls, include_extras=True)
    found = []
    for item in fields(cls):
        hint = hints[item.name]
        kind, choices = _kind(hint)
        required = item.default is MISSING
        found.append(
            Column(
                name=item.name,
                kind=kind,
                unit=unit_of(hint),
                required=required,
                default=None if required else item.default,
                choices=choices,
                mark=item.metadata["mark"],
            )
        )
    return tuple(found)


@cache
def key_names(cls: Any) -> tuple[str, ...]:
    """Return the names of the attributes that make up a noun's key."""
    return tuple(f.name for f in fields(cls) if f.metadata["mark"].key)


def key_of(row: Any) -> str:
    """Return the key of a row: its id, or the parts of a composite key joined by ``:``."""
    cls: Any = type(row)
    names = key_names(cls)
    return str(getattr(row, names[0])) if len(names) == 1 else ":".join([str(getattr(row, n)) for n in names])


_KINDS: Mapping[type, str] = {str: "string", float: "number", int: "integer", bool: "boolean", date: "date"}


def _kind(hint: Any) -> tuple[str, tuple[str, ...]]:
    """Return the kind of a hint and the words it allows."""
    origin = get_origin(hint)
    if origin is Annotated:
        return _kind(get_args(hint)[0])
    if origin in (Union, types.UnionType):
        return _kind(next(part for part in get_args(hint) if part is not type(None)))
    if origin is Literal:
        return "string", tuple(get_args(hint))
    base = getattr(hint, "__supertype__", hint)
    return _KINDS[base], ()

"""This module owns how a command reads its words: everything wrong with them is told at once."""

from collections.abc import Iterator
from typing import Any

import typer
from typer.core import TyperCommand

from transcaspian.errors import Problem, RequestError


class Command(TyperCommand):
    """A command that tells every option that is missing or cannot be read, not the first alone."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the words of a command.

        Raises
        ------
        RequestError
            With every option and argument that is missing, cannot be read, or does not go with another.
        """
        try:
            rest = super().parse_args(ctx, list(args))
        except typer.BadParameter:
            raise RequestError(self._problems(ctx, args)) from None
        problems = _both(ctx.params)
        if problems:
            raise RequestError(problems)
        return rest

    def _problems(self, ctx: Any, args: list[str]) -> Iterator[Problem]:
        given, _, _ = self.make_parser(ctx).parse_args(args=list(args))
        for parameter in self.get_params(ctx):
            if not parameter.is_eager:
                value, _ = parameter.consume_value(ctx, given)
                try:
                    parameter.process_value(ctx, value)
                except typer.BadParameter as error:
                    name = (parameter.name or "").removeprefix("as_")
                    yield Problem("request", "", name, "" if value is None else str(value), _right(parameter, error))
        yield from _both(given)


def _right(parameter: Any, error: typer.BadParameter) -> str:
    """Return what would be right for a parameter: its sentence of help, and what was said of the value given."""
    written = parameter.opts[-1] if parameter.param_type_name == "option" else parameter.name.upper()
    said = error.message.rstrip(".") if error.message else ""
    return f"{written}: {(parameter.help or '').rstrip('.')}" + (f" ({said})" if said else "")


def _both(given: dict[str, Any]) -> list[Problem]:
    """Return the problem of an answer that is asked for in two forms."""
    if given.get("as_json") and given.get("as_csv"):
        return [Problem("request", "", "json", "--json --csv", "one of the two")]
    return []

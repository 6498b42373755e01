"""The command line: arguments in, a use case of ``study``, text or JSON out.

No command imports what it does not use, so that ``--help`` answers at once.
"""

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transcaspian.errors import Problem

INTERRUPTED = 130
"""The exit code of Ctrl-C."""


def main() -> None:
    """Run the command line: exit 0 with an answer, 2 for bad input, 3 when the answer is that there is none.

    With ``--json`` what is wrong is printed as JSON too, in place of the answer.
    """
    # One thread per worker: those of linear algebra would wait for one another, and the processes beside for them. It
    # is read when NumPy is imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    import typer

    from transcaspian.cli.app import app
    from transcaspian.errors import InputError, NoRouteError, NotConvergedError, Problem

    try:
        code = app(standalone_mode=False)
    except InputError as error:
        code = _refused(error.problems)
    except typer.TyperException as error:
        if "--json" in sys.argv:
            code = _refused([Problem("request", "", "", error.format_message(), "what `transcaspian --help` lists")])
        else:
            error.show()  # type: ignore[attr-defined]  # what the reader of words raises can show itself
            code = 2
    except NoRouteError as error:
        code = _unanswered("no way", str(error), error.constraints)
    except NotConvergedError as error:
        code = _unanswered("not solved", str(error), ())
    except BrokenPipeError:
        code = 0
    except OSError as error:
        right = "a path that can be read, or written with room left on the disk"
        code = _refused([Problem("file", str(error.filename or ""), "", error.strerror or str(error), right)])
    except KeyboardInterrupt:
        code = INTERRUPTED
    if code == INTERRUPTED:
        print("interrupted; nothing was left half-written", file=sys.stderr)
    raise SystemExit(code if isinstance(code, int) else 0)


def _refused(problems: "Sequence[Problem]") -> int:
    """Print every problem and return the exit code."""
    if "--json" in sys.argv:
        from transcaspian.results.jsonable import dumps
        from transcaspian.results.messages import Refused

        print(dumps(Refused(tuple(problems))))
    else:
        head = f"{len(problems)} problem{'s' if len(problems) > 1 else ''}:"
        print(head, *(f"- {p}" for p in problems), sep="\n", file=sys.stderr)
    return 2


def _unanswered(what: str, reason: str, constraints: Sequence[str]) -> int:
    """Print why there is no answer and return the exit code."""
    if "--json" in sys.argv:
        from transcaspian.results.jsonable import dumps
        from transcaspian.results.messages import Unanswered

        print(dumps(Unanswered(f"{what}: {reason}", tuple(constraints))))
    else:
        print(f"{what}: {reason}", file=sys.stderr)
    return 3

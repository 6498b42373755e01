"""The command line: arguments in, a use case of ``study``, text or JSON out.

No command imports what it does not use, so that ``--help`` answers at once.
"""

import sys


def main() -> None:
    """Run the command line: exit 0 with an answer, 2 for bad input, 3 when the answer is that there is none."""
    from transcaspian.cli.app import app
    from transcaspian.errors import InputError, NoRouteError, NotConvergedError

    try:
        app()
    except InputError as error:
        count = len(error.problems)
        print(
            f"{count} problem{'s' if count > 1 else ''}:",
            *(f"- {p}" for p in error.problems),
            sep="\n",
            file=sys.stderr,
        )
        raise SystemExit(2) from None
    except NoRouteError as error:
        print(f"no way: {error}", file=sys.stderr)
        raise SystemExit(3) from None
    except NotConvergedError as error:
        print(f"not solved: {error}", file=sys.stderr)
        raise SystemExit(3) from None
    except BrokenPipeError:
        raise SystemExit(0) from None
    except KeyboardInterrupt:
        print("interrupted; nothing was left half-written", file=sys.stderr)
        raise SystemExit(130) from None

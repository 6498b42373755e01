#!/usr/bin/env python3
"""This script owns the way from a fresh checkout to an answer: it makes what is missing, then runs it.

Python's standard library alone, and little of it: a warm start pays for every import here. What a step made is
remembered by a stamp that holds the very bytes the step was made from, so no stamp can be stale. A stamp is written
last: an interrupted step leaves none, and the next run makes it again.
"""

from __future__ import annotations  # an old Python must get as far as being told that it is too old

import os
import sys

TYPE_CHECKING = False  # the module typing costs a warm start some milliseconds
if TYPE_CHECKING:
    from typing import NoReturn, TextIO

ROOT = os.path.dirname(os.path.realpath(__file__))
TOOLS, VENV = os.path.join(ROOT, ".tools"), os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
KERNELS = os.path.join(ROOT, "src", "transcaspian", "kernels")
OLDEST, NEWEST = (3, 11), (3, 14)

HELP = """\
./go asks the model of the Trans-Caspian route a question, and makes the environment first if it is not there.

Ask
  ./go appraise eu-2025
      what an investment would change, for whom, and whether it pays
  ./go plan "Xi'an" Constanța --cargo 12x40HC --commodity electronics --depart 2026-12-01
      how a shipment gets there: when, at what cost, how surely
  ./go --help
      every command; ./go COMMAND --help, every option of one

Work on it
  ./go test [PYTEST ARGUMENTS]    every check: style, types, layers, doctests, tests; with arguments, only those tests
  ./go lint                       style, types and layers
  ./go format                     put the code in the one style
  ./go docs                       build the documentation into site/
  ./go bench [ARGUMENTS]          measure, side by side with rivals
  ./go wheel FOLDER               build the wheel into a folder
  ./go python [ARGUMENTS]         Python with everything in place
  ./go lock [--upgrade]           make the locks again
"""


def main(arguments: list[str]) -> int:
    """Run one request and return its exit code; a question replaces this process and does not return."""
    if not arguments:
        print(HELP, end="")
        return 0
    os.environ["UV_PYTHON_DOWNLOADS"] = "never"
    for name in ("PYTHONPATH", "PYTHONHOME"):  # they would put other packages before those of the lock
        os.environ.pop(name, None)
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        restart_newer()
    name, rest = arguments[0], arguments[1:]
    if name in CHORES:
        return CHORES[name](rest)
    make_environment()
    compile_kernels()
    return become([PYTHON, os.path.join(VENV, "bin", "transcaspian"), *arguments])


# ---------------------------------------------------------------------------------------------- what is there already


def content(*names: str) -> bytes:
    """Return the bytes of files of the checkout, with what else an environment depends on: its folder and Python."""
    parts = [ROOT.encode(), "{}.{}".format(*sys.version_info).encode()]
    for name in names:
        with open(os.path.join(ROOT, name), "rb") as file:
            parts.append(file.read())
    return b"\0".join(parts)


def holds(stamp: str, made_from: bytes) -> bool:
    """Return whether a stamp says that its step was made from exactly these bytes."""
    try:
        with open(stamp, "rb") as file:
            return file.read() == made_from
    except OSError:
        return False


def write_stamp(stamp: str, made_from: bytes) -> None:
    """Remember a finished step, whole or not at all."""
    with open(stamp + ".part", "wb") as file:
        file.write(made_from)
    os.replace(stamp + ".part", stamp)


def alone() -> TextIO:
    """Wait until no other run makes things here; others wait until what is returned is closed."""
    import fcntl

    file = open(os.path.join(ROOT, ".go.lock"), "w")
    fcntl.flock(file, fcntl.LOCK_EX)
    return file


# ------------------------------------------------------------------------------------------------------ what is made


def make_tools() -> None:
    """Make ``.tools``: uv, which installs packages, and hatchling, which builds ours."""
    stamp, made_from = os.path.join(TOOLS, "stamp"), content("requirements-tools.lock")
    if holds(stamp, made_from):
        return
    import shutil

    lock = os.path.join(ROOT, "requirements-tools.lock")
    python = os.path.join(TOOLS, "bin", "python")
    uv = shutil.which("uv")
    if uv:
        step(
            "Making .tools with the uv found here", [uv, "venv", *quiet(), "--clear", "--python", sys.executable, TOOLS]
        )
        install = [uv, "pip", "install", *quiet(), "--python", python]
    else:
        need_venv()
        step("Making .tools", [sys.executable, "-m", "venv", "--clear", TOOLS])
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    step("Fetching the installer (uv) into .tools, 25 MB", [*install, "--require-hashes", "-r", lock])
    write_stamp(stamp, made_from)


def need_venv() -> None:
    """Stop with what to install if this Python cannot make environments, as Debian's cannot without a package."""
    from importlib.util import find_spec

    if not (find_spec("venv") and find_spec("ensurepip")):
        fail(
            "this Python cannot make an environment: its module venv is not installed.\n"
            "On Debian and Ubuntu: apt install python3-venv. Or install uv. Then run the same command again."
        )


def make_environment() -> None:
    """Make ``.venv``: exactly the packages of the lock, and this checkout."""
    stamp, made_from = os.path.join(VENV, "stamp"), content("pyproject.toml", "requirements.lock")
    if not (holds(stamp, made_from) and os.path.exists(PYTHON)):
        with alone():
            install_environment(stamp, made_from)


def install_environment(stamp: str, made_from: bytes) -> None:
    """Install what ``make_environment`` found missing, unless another run just did."""
    if holds(stamp, made_from) and os.path.exists(PYTHON):
        return
    say("The environment is made once, in .tools and .venv (500 MB): a minute or two, most of it download.")
    make_tools()
    step("Making .venv", [uv(), "venv", *quiet(), "--clear", "--python", sys.executable, VENV])
    # Bytecode now: where Python is told to write none, as in many containers, each question would take a second longer.
    exact = [*pip_install(), "--compile-bytecode", "--require-hashes", "-r", "requirements.lock"]
    step("Installing the packages of requirements.lock", exact)
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        step("Building transcaspian as a link to this checkout", build("editable", folder))
        wheels = [os.path.join(folder, name) for name in os.listdir(folder)]
        step("Installing transcaspian", [*pip_install(), "--no-deps", "--no-index", *wheels])
    write_stamp(stamp, made_from)


def make_development() -> None:
    """Make ``.venv`` with what tests, checks, documentation and benchmarks need besides."""
    make_environment()
    stamp = os.path.join(VENV, "stamp-dev")
    made_from = content("pyproject.toml", "requirements.lock", "requirements-dev.lock")
    if not holds(stamp, made_from):
        with alone():
            install_development(stamp, made_from)


def install_development(stamp: str, made_from: bytes) -> None:
    """Install what ``make_development`` found missing."""
    make_tools()
    lock = "requirements-dev.lock"
    step("Installing the packages of " + lock, [*pip_install(), "--require-hashes", "-r", lock])
    write_stamp(stamp, made_from)


def compile_kernels() -> None:
    """Compile the kernels, once for each version of their sources."""
    sources = [os.path.join(KERNELS, name) for name in sorted(os.listdir(KERNELS)) if name.endswith(".py")]
    if os.path.join(KERNELS, "__main__.py") not in sources:
        return
    stamp, made_from = os.path.join(VENV, "stamp-kernels"), content(*sources)
    if not holds(stamp, made_from):
        step("Compiling the kernels for this machine", [PYTHON, "-m", "transcaspian.kernels"])
        write_stamp(stamp, made_from)


# ------------------------------------------------------------------------------------------------------------ chores


def test(arguments: list[str]) -> int:
    """Run every check and every test; with arguments, only the tests they name. Pytest has the last word."""
    make_development()
    compile_kernels()
    pytest = [PYTHON, "-m", "pytest", "-n", "2"]
    if arguments:
        return call([*pytest, *arguments])
    failed = failed_checks()
    say("pytest")
    code = call(pytest)
    return code or bool(failed)


def lint(_arguments: list[str]) -> int:
    """Check style, types and layers."""
    make_development()
    return int(bool(failed_checks()))


def failed_checks() -> list[str]:
    """Run the checks one after the other and return the names of those that failed."""
    tools = os.path.join(VENV, "bin", "")
    checks = {
        "ruff check": [tools + "ruff", "check", "--quiet", "--output-format", "concise"],
        "ruff format": [tools + "ruff", "format", "--check", "--quiet", "--output-format", "concise"],
        "mypy": [PYTHON, "-m", "mypy"],
        "import contracts": [PYTHON, tools + "lint-imports", "--no-logo", "--no-cache"],
    }
    failed = []
    for name, command in checks.items():
        say(name)
        if call(command):
            failed.append(name)
    say("checks: " + ("failed: " + ", ".join(failed) if failed else "all passed"))
    return failed


def put_in_style(_arguments: list[str]) -> int:
    """Format the code and mend what can be mended by itself."""
    make_development()
    ruff = os.path.join(VENV, "bin", "ruff")
    return call([ruff, "check", "--fix"]) | call([ruff, "format"])


def docs(_arguments: list[str]) -> int:
    """Build the documentation into ``site/``; a warning is an error."""
    make_development()
    code = call([PYTHON, os.path.join("docs", "generate.py")])
    return code or call([PYTHON, os.path.join(VENV, "bin", "zensical"), "build", "--clean", "--strict"])


def bench(arguments: list[str]) -> int:
    """Measure."""
    make_development()
    compile_kernels()
    return become([PYTHON, os.path.join(ROOT, "benchmarks", "run.py"), *arguments])


def wheel(arguments: list[str]) -> int:
    """Build the wheel into a folder."""
    if len(arguments) != 1:
        fail("say into which folder: ./go wheel FOLDER", code=2)
    with alone():
        make_tools()
    return call(build("wheel", os.path.abspath(arguments[0])))


def python(arguments: list[str]) -> int:
    """Run Python with everything in place."""
    make_development()
    return become([PYTHON, *arguments])


def lock(arguments: list[str]) -> int:
    """Make the locks again: hashes for Python 3.11 and above, no address."""
    with alone():
        make_tools()
    command = [uv(), "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"]
    command += ["--no-emit-index-url", "--no-emit-find-links", "--no-annotate", "--no-header", *arguments]
    runtime, dev, tools = "requirements.lock", "requirements-dev.lock", "requirements-tools.lock"
    step("Locking what runs", [*command, "pyproject.toml", "-o", runtime])
    step("Locking what develops", [*command, "pyproject.toml", "--group", "dev", "-c", runtime, "-o", dev])
    step("Locking what installs", [*command, "--group", "tools", "-o", tools])
    if b"://" in content(runtime, dev, tools):
        fail("a lock names an address; a package must be named by version and hash alone")
    return 0


CHORES = {
    "test": test,
    "lint": lint,
    "format": put_in_style,
    "docs": docs,
    "bench": bench,
    "wheel": wheel,
    "python": python,
    "lock": lock,
}


# ----------------------------------------------------------------------------------------------------------- running


def uv() -> str:
    """Return the path of the pinned uv."""
    return os.path.join(TOOLS, "bin", "uv")


def pip_install() -> list[str]:
    """Return the command that installs packages into ``.venv``."""
    return [uv(), "pip", "install", *quiet(), "--python", PYTHON]


def quiet() -> list[str]:
    """Return uv's switch for where nobody watches; a person gets its progress bars."""
    return [] if sys.stderr.isatty() else ["--quiet"]


def build(kind: str, folder: str) -> list[str]:
    """Return the command that builds a wheel of a kind (``wheel`` or ``editable``) with the pinned tools."""
    program = "import sys; from hatchling import build; getattr(build, 'build_' + sys.argv[1])(sys.argv[2])"
    return [os.path.join(TOOLS, "bin", "python"), "-c", program, kind, folder]


def call(command: list[str]) -> int:
    """Run a command in the root of the checkout and return its exit code."""
    import subprocess

    sys.stdout.flush()
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def step(words: str, command: list[str]) -> None:
    """Run a command as a step that says what it does and how long it took; stop if it fails."""
    import subprocess
    import time

    say(words + " ...")
    began = time.monotonic()
    # The answer alone goes to standard output, so that `./go plan --json > file` holds nothing else.
    done = subprocess.run(command, cwd=ROOT, stdout=sys.stderr, check=False)
    if done.returncode:
        say("this step failed (exit code {}): {}".format(done.returncode, " ".join(command)))
        fail("Nothing is lost: the same command goes on from here.")
    say("    done in {:.1f} s".format(time.monotonic() - began))


def become(command: list[str]) -> NoReturn:
    """Replace this process by a command."""
    sys.stdout.flush()
    os.execv(command[0], command)


def restart_newer() -> NoReturn:
    """Go on with a Python of the right age if there is one."""
    import shutil

    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        found = shutil.which("python3.{}".format(minor))
        if found:
            os.execv(found, [found, os.path.join(ROOT, "go"), *sys.argv[1:]])
    fail("this is Python {}.{}; transcaspian needs 3.{} to 3.{}".format(*sys.version_info[:2], OLDEST[1], NEWEST[1]))


def say(words: str) -> None:
    """Tell the person what is going on, beside the answer."""
    print("go: " + words, file=sys.stderr, flush=True)


def fail(words: str, code: int = 1) -> NoReturn:
    """Stop with a message."""
    say(words)
    sys.exit(code)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        say("stopped; the next run goes on from here")
        sys.exit(130)

"""This module owns writing a folder whole or not at all, and never over something that is not ours."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from transcaspian.errors import DataError, Problem


@contextmanager
def whole_folder(folder: Path, ours: Callable[[str], bool]) -> Iterator[Path]:
    """Give a temporary folder to fill; it takes the place of ``folder`` when the block ends well.

    ``ours`` says by name whether something in the folder that stands there may be replaced. If the block fails, what
    stood at ``folder`` stands there still.

    Raises
    ------
    DataError
        If ``folder`` is a file, or holds something that is not ours.
    """
    folder = Path(os.path.realpath(folder))
    strange = sorted(p.name for p in folder.iterdir() if not ours(p.name)) if folder.is_dir() else []
    if strange or (folder.exists() and not folder.is_dir()):
        found = ", ".join(strange) or "a file"
        raise DataError([Problem("dataset", str(folder), "", found, "a new folder, or one with such a dataset alone")])
    folder.parent.mkdir(parents=True, exist_ok=True)
    room = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        part = room / "new"
        part.mkdir()
        yield part
        for path in part.rglob("*"):
            if path.is_file():
                with path.open("rb") as written:
                    os.fsync(written.fileno())
        _swap(part, folder, room / "old")
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _swap(part: Path, folder: Path, old: Path) -> None:
    """Put a finished folder in the place of another; a folder cannot be renamed over a full one in one step."""
    if not folder.exists():
        part.replace(folder)
        return
    folder.replace(old)
    try:
        part.replace(folder)
    except BaseException:
        old.replace(folder)
        raise

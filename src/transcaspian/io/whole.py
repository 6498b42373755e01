"""This module owns writing a file or folder whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from transcaspian.errors import DataError, Problem


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a temporary file beside ``path``; it takes the place of ``path`` when the block ends well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=path.suffix, dir=path.parent)
    os.close(handle)
    part = Path(name)
    try:
        yield part
        part.chmod(0o644)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def whole_folder(folder: Path, ours: frozenset[str]) -> Iterator[Path]:
    """Give a temporary folder beside ``folder``; it takes the place of ``folder`` when the block ends well.

    Raises
    ------
    DataError
        If the folder holds files whose suffix is not among ``ours``: nothing of somebody else's is ever replaced.
    """
    strange = [p.name for p in folder.iterdir() if p.is_file() and p.suffix not in ours] if folder.is_dir() else []
    if strange or (folder.exists() and not folder.is_dir()):
        found = ", ".join(strange[:5]) or "a file"
        raise DataError([Problem("dataset", str(folder), "", found, "a new folder, or one that holds only such a dataset")])
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        yield part
        part.chmod(0o755)
        old = folder.with_name(f".{folder.name}.old")
        if folder.exists():
            folder.replace(old)
        part.replace(folder)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(part, ignore_errors=True)

"""This module owns writing results whole or not at all."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give a temporary file beside ``path`` to write; it takes the place of ``path`` when the block ends well.

    If the block fails, what stood at ``path`` stands there still.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}{path.suffix}")
    part.touch(exist_ok=False)  # whoever may read other files of this user may read it: ``tempfile`` makes it private
    try:
        yield part
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)

"""This module owns the identity of the program: what another state of it made is not taken for its own."""

import hashlib
from pathlib import Path

ROOT = Path(__file__).parent.parent


def source_id(*packages: str) -> str:
    """Return a hash of the sources of some packages, of all by default: a version has many states as it grows."""
    digest = hashlib.sha256()
    for folder in [ROOT / name for name in packages] or [ROOT]:
        for path in sorted(folder.rglob("*.py")):
            digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()

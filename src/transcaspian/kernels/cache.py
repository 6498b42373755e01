"""This module owns where compiled kernels are kept, and the decorator that makes a kernel.

A stale cache is a silent wrong answer, so the folder's name is a hash of every kernel's source, the versions of Python,
numpy and numba, the processor and the switches that change what is compiled.
"""

import hashlib
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np
from platformdirs import user_cache_path

F = TypeVar("F", bound=Callable[..., Any])


def cache_folder() -> Path:
    """Return the folder of the compiled kernels of exactly this code on exactly this machine."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    switches = [os.environ.get(name, "") for name in ("NUMBA_BOUNDSCHECK", "NUMBA_CPU_NAME")]
    facts = [sys.version, np.__version__, numba.__version__, platform.machine(), platform.processor(), *switches]
    digest.update("\0".join(facts).encode())
    return user_cache_path("transcaspian") / f"kernels-{digest.hexdigest()[:16]}"


if "NUMBA_CACHE_DIR" not in os.environ:
    setattr(numba.config, "CACHE_DIR", str(cache_folder()))  # noqa: B010 - numba makes its settings at run time


def kernel(function: F) -> F:
    """Compile an entry point that may make arrays: cached, without the interpreter lock, with strict floating point."""
    return cast(F, numba.njit(cache=True, nogil=True)(function))


def inner(function: F) -> F:
    """Compile a function that only kernels call."""
    return cast(F, numba.njit(nogil=True, forceinline=True)(function))


_njit = cast(Any, numba.njit)
"""Without its types: they do not know the option that turns counting of references off."""


def lean_kernel(function: F) -> F:
    """Compile an entry point that makes no array: without counting references to those it is given.

    Counting costs two atomic operations for each array of a call; with the thirty arrays of a world that is most of the
    time of a search.
    """
    return cast(F, _njit(cache=True, nogil=True, error_model="numpy", _nrt=False)(function))


def lean(function: F) -> F:
    """Compile a function that only lean kernels call."""
    return cast(F, _njit(nogil=True, error_model="numpy", _nrt=False)(function))


def lean_inline(function: F) -> F:
    """Compile a function that only lean kernels call, into each of its callers: for what happens at every event.

    A call that is not compiled in hands over every array of a scene by seven words, two hundred in all: as long as an
    event takes.
    """
    return cast(F, _njit(nogil=True, error_model="numpy", forceinline=True, _nrt=False)(function))

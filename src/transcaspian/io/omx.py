"""This module owns OMX files, for AequilibraE, Visum or Emme: a matrix read, and flows written.

Flows are matrices of tonnes a year by commodity.

``copper`` is what is carried of copper, ``copper-demand`` what came new and wants to move.

Open Matrix 0.2 is HDF5 with square matrices under ``data``, ids of rows and columns under ``lookup`` and the shape as
an attribute. It needs ``h5py``, which comes with ``transcaspian[omx]``.
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transcaspian.errors import DataError, InputError, Problem, nearest
from transcaspian.results.flows import Flows
from transcaspian.results.writing import whole


def matrices(flows: Flows) -> tuple[tuple[str, ...], dict[str, NDArray[np.float64]]]:
    """Return the places that cargo goes between, and what is carried and wanted of each commodity, (N, N) t a year."""
    places = tuple(sorted({p for d in flows.demands for p in (d.origin, d.destination)}))
    found: dict[str, NDArray[np.float64]] = {}
    for d in flows.demands:
        for name, units in ((d.commodity, d.carried), (f"{d.commodity}-demand", d.new)):
            matrix = found.setdefault(name, np.zeros((len(places), len(places))))
            matrix[places.index(d.origin), places.index(d.destination)] += sum(units) * d.tonnes_per_unit
    return places, found


def _h5py(path: Path, column: str) -> Any:
    try:
        import h5py
    except ImportError:
        right = "pip install 'transcaspian[omx]'"
        raise InputError([Problem("request", "", column, f"{path.name}, and h5py is not installed", right)]) from None
    return h5py


def read_omx(path: Path | str, name: str | None = None) -> NDArray[np.float64]:
    """Return a matrix of an OMX file, (N, N); the only one, if none is named.

    Parameters
    ----------
    path : the file
    name : of the matrix

    Raises
    ------
    InputError
        If ``h5py`` is not installed.
    DataError
        If there is no such file or matrix, or it is not square.
    """
    path = Path(path)
    h5py = _h5py(path, "trips")
    try:
        with h5py.File(path) as file:
            there = sorted(file["data"])
            name = name or (there[0] if len(there) == 1 else "")
            if name not in there:
                raise DataError([Problem(path.name, "", "matrix", name, nearest(name, there))])
            matrix = np.asarray(file["data"][name], dtype=np.float64)
    except (OSError, KeyError) as error:
        raise DataError([Problem(path.name, "", "", str(error), "an Open Matrix file")]) from None
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise DataError([Problem(path.name, "", name, f"shape {matrix.shape}", "a square matrix")])
    return matrix


def write_omx(flows: Flows, path: Path) -> Path:
    """Write what is carried as an OMX file, whole or not at all, and return its path.

    Raises
    ------
    InputError
        If ``h5py`` is not installed.
    """
    h5py = _h5py(path, "out")
    places, found = matrices(flows)
    with whole(path) as part, h5py.File(part, "w") as file:
        file.attrs["OMX_VERSION"] = np.bytes_("0.2")
        file.attrs["SHAPE"] = np.array([len(places)] * 2, np.int32)
        for name, matrix in sorted(found.items()):
            file.create_dataset(f"data/{name}", data=matrix, compression="gzip").attrs["unit"] = "t/year"
        file.create_dataset("lookup/place", data=np.array(places, dtype=bytes))
    return path

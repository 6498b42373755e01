"""This module owns which formats there are: reading a corridor from any of them, and writing it to any of them.

The data package is the original and is read when the program starts, so it alone is imported at once.

====================  ==============================  ==================================
format                is read and written as          by default if the path is
====================  ==============================  ==================================
``package``           folder of CSV files             any other folder
``gpkg``              one GeoPackage file             a name in ``.gpkg``
``parquet``           folder of Parquet files         a folder's name in ``parquet``
``gmns``              folder of GMNS files            a folder's name in ``gmns``
====================  ==============================  ==================================

Flows are written as an OMX file if the name ends in ``.omx``, as a GMNS folder if it ends in ``gmns``, and else as a
folder of Parquet files, which alone has all of them.
"""

from pathlib import Path

from transcaspian.errors import DataError, Problem, nearest
from transcaspian.io.package import bundled, read_tables, write_corridor
from transcaspian.io.tables import Read
from transcaspian.model.corridor import Corridor
from transcaspian.results.flows import Flows

FORMATS = ("package", "gpkg", "parquet", "gmns")


def load(path: Path | str | None = None) -> Corridor:
    """Read a corridor to ask it something, by default the bundled Middle Corridor.

    Parameters
    ----------
    path : a data package, a folder of Parquet or GMNS files, or a GeoPackage

    Raises
    ------
    DataError
        Once, with every problem of the dataset, if something cannot be read or a row that is named is not there.

    Examples
    --------
    >>> load().places["aktau"].country
    'kz'
    """
    return read(bundled() if path is None else Path(path)).answerable()


def read(path: Path) -> Read:
    """Return a dataset in any format as far as it can be read."""
    if path.is_file() or path.suffix == ".gpkg":
        from transcaspian.io.geopackage import read_geopackage

        return read_geopackage(path)
    if (path / "node.csv").exists():
        from transcaspian.io.gmns import read_gmns

        return read_gmns(path)
    if any(path.glob("*.parquet")):
        from transcaspian.io.parquet import read_parquet

        return read_parquet(path)
    return read_tables(path)


def export(corridor: Corridor, path: Path | str, format: str | None = None) -> Path:
    """Write a corridor whole or not at all, and return where it is.

    Parameters
    ----------
    corridor : what to write
    path : a file in ``.gpkg``, or a folder
    format : ``package``, ``gpkg``, ``parquet`` or ``gmns``; by default as the path's name ends

    Raises
    ------
    DataError
        If there is no such format, if a value could not be read back, or if something that is not ours stands there.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     load(export(load(), f"{folder}/corridor.gpkg")) == load()
    True
    """
    path = Path(path)
    kind = format or _format_of(path)
    if kind == "package":
        return write_corridor(corridor, path)
    if kind == "gpkg":
        from transcaspian.io.geopackage import write_geopackage

        return write_geopackage(corridor, path)
    if kind == "parquet":
        from transcaspian.io.parquet import write_parquet

        return write_parquet(corridor, path)
    if kind == "gmns":
        from transcaspian.io.gmns import write_gmns

        return write_gmns(corridor, path)
    raise DataError([Problem("export", str(path), "format", kind, nearest(kind, FORMATS))])


def export_flows(flows: Flows, corridor: Corridor, path: Path) -> Path:
    """Write the flows of a corridor in the format that a path's name asks for, whole or not at all; return the path.

    Raises
    ------
    DataError, InputError
        If something that is not ours stands there, or what writes the format is not installed.
    """
    if path.suffix == ".omx":
        from transcaspian.io.omx import write_omx

        return write_omx(flows, path)
    if _format_of(path) == "gmns":
        from transcaspian.io.gmns import write_gmns

        return write_gmns(corridor, path, flows)
    from transcaspian.io.flows import write_flows

    return write_flows(flows, path)


def _format_of(path: Path) -> str:
    """Return the format a name asks for.

    >>> [_format_of(Path(p)) for p in ("a/b.gpkg", "b.parquet", "gmns", "my-corridor", "corridor.v2")]
    ['gpkg', 'parquet', 'gmns', 'package', 'package']
    """
    ending = path.name.lower().rpartition(".")[2].rpartition("-")[2]
    if ending in FORMATS:
        return ending
    if path.suffix.lower() in (".csv", ".zip", ".xlsx", ".json", ".geojson", ".shp", ".sqlite", ".db"):
        raise DataError([Problem("export", str(path), "", path.suffix, "a folder, or a file in .gpkg")])
    return "package"

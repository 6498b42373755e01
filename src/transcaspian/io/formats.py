"""This module owns which formats there are: reading a corridor from any of them, and writing it to any of them.

The data package is the original and is read when the program starts, so it alone is imported at once.

====================  ==============================  ==================================
format                is read and written as          by default if the path is
====================  ==============================  ==================================
``package``           folder of CSV files             a folder's name without an ending
``gpkg``              one GeoPackage file             a name in ``.gpkg``
``parquet``           folder of Parquet files         a folder's name in ``parquet``
``gmns``              folder of GMNS files            a folder's name in ``gmns``
====================  ==============================  ==================================

Flows are written as an OMX file if the name ends in ``omx``, as a GMNS folder if it ends in ``gmns``, and else as a
folder of Parquet files, which alone has all of them. An ending that no format has is refused: nobody who asks for
``corridor.xlsx`` wants a folder of that name.
"""

from collections.abc import Sequence
from pathlib import Path

from transcaspian.errors import DataError, Problem, nearest
from transcaspian.io.package import bundled, read_tables, write_corridor
from transcaspian.io.tables import Read
from transcaspian.model.corridor import Corridor
from transcaspian.model.rules import Rule
from transcaspian.results.flows import Flows

FORMATS = ("package", "gpkg", "parquet", "gmns")
FLOW_FORMATS = ("parquet", "gmns", "omx")


def load(path: Path | str | None = None, rules: Sequence[Rule] = ()) -> Corridor:
    """Read a corridor to ask it something, by default the bundled Middle Corridor.

    Parameters
    ----------
    path : a data package, a folder of Parquet or GMNS files, or a GeoPackage
    rules : rules of ``model.rules`` that a dataset must keep; those of the bundled one are checked by its tests

    Raises
    ------
    DataError
        Once, with every problem of the dataset, if something cannot be read or a row that is named is not there; else
        with all that ``rules`` find.

    Examples
    --------
    >>> load().places["aktau"].country
    'kz'
    """
    folder = bundled() if path is None else Path(path)
    return read(folder).answerable(() if folder.resolve() == bundled().resolve() else rules)


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
    kind = format or format_of(path)
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
        If no format has the name's ending, something that is not ours stands there, or what writes the format is not
        installed.
    """
    kind = format_of(path, FLOW_FORMATS)
    if kind == "omx":
        from transcaspian.io.omx import write_omx

        return write_omx(flows, path)
    if kind == "gmns":
        from transcaspian.io.gmns import write_gmns

        return write_gmns(corridor, path, flows)
    from transcaspian.io.flows import write_flows

    return write_flows(flows, path)


def format_of(path: Path, formats: tuple[str, ...] = FORMATS) -> str:
    """Return the format a name asks for, which for a folder's name without an ending is the first.

    Raises
    ------
    DataError
        If the name has an ending that no format has, and is not that of a folder which is there.

    Examples
    --------
    >>> [format_of(Path(p)) for p in ("a/b.gpkg", "b.parquet", "gmns", "my-corridor")]
    ['gpkg', 'parquet', 'gmns', 'package']
    """
    ending = path.name.lower().rpartition(".")[2].rpartition("-")[2]
    if ending in formats:
        return ending
    if path.suffix and not path.is_dir():
        right = f"a folder's name without an ending, or one in {', '.join(f'.{f}' for f in formats)}"
        raise DataError([Problem("export", str(path), "", path.suffix, right)])
    return formats[0]

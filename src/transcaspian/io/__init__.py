"""Readers and writers of corridor data: data package, GeoPackage, Parquet and GMNS."""

from pathlib import Path

from transcaspian.errors import DataError, Problem, nearest
from transcaspian.io.package import bundled, load, read_corridor, read_tables, write_corridor
from transcaspian.model.corridor import Corridor

FORMATS = ("package", "gpkg", "parquet", "gmns")


def export(corridor: Corridor, path: Path | str, format: str | None = None) -> Path:
    """Write a corridor and return the path; the format is that of the suffix ``.gpkg``, else a data package.

    Parameters
    ----------
    corridor : what to write
    path : a file for ``gpkg``, a folder for the others
    format : ``package``, ``gpkg``, ``parquet`` or ``gmns``

    Raises
    ------
    DataError
        If the format is not known, or the folder holds something else.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     export(load(), folder + "/corridor.gpkg").name
    'corridor.gpkg'
    """
    target = Path(path)
    chosen = format or ("gpkg" if target.suffix == ".gpkg" else "package")
    if chosen not in FORMATS:
        raise DataError([Problem("export", str(path), "format", chosen, nearest(chosen, FORMATS))])
    if chosen == "package":
        return write_corridor(corridor, target)
    if chosen == "gpkg":
        from transcaspian.io.geopackage import write_geopackage

        return write_geopackage(corridor, target)
    if chosen == "parquet":
        from transcaspian.io.parquet import write_parquet

        return write_parquet(corridor, target)
    from transcaspian.io.gmns import write_gmns

    return write_gmns(corridor, target)


__all__ = ["FORMATS", "bundled", "export", "load", "read_corridor", "read_tables", "write_corridor"]

"""The published tables as Parquet beside the DuckDB file, for readers that cannot open DuckDB.

``parquet/<schema>/<table>.parquet``, or for a mart with a business date
``parquet/<schema>/<table>/<YYYY-MM>.parquet``. A mart or month equal to that of the parent version is a hard
link to the parent's file, so a night costs only what it changed.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from followthrough.database import connect, literal, quoted
from followthrough.paths import copy_file, sync_file, sync_folder

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

UNDATED = "undated"


def month_of(date_column: str) -> str:
    """SQL for the month file a row belongs to."""
    return f"coalesce(strftime({quoted(date_column)}, '%Y-%m'), {literal(UNDATED)})"


def write(
    folder: Path,
    tables: Mapping[str, Mapping[str, Any]],
    dates: Mapping[str, str],
    before: tuple[Path, Mapping[str, Mapping[str, Any]]] | None,
) -> None:
    """Write the tables of the version in ``folder``; a mart or month equal to that of ``before`` is linked.

    ``tables`` and the second part of ``before`` are the summaries of manifests, ``dates`` the business date
    column of tables split by month. ``before`` is None when its columns may differ.
    """
    old_folder, old_tables = before or (folder, {})
    with connect(folder / "followthrough.duckdb", folders=(folder,), read_only=True) as connection:
        for name, summary in tables.items():
            old = _parts(name, old_tables[name], dates) if name in old_tables and _keeps_columns(name) else {}
            for part, content in _parts(name, summary, dates).items():
                if old.get(part) == content and (old_folder / part).exists():
                    _link(old_folder / part, folder / part)
                else:
                    _copy(connection, _rows(name, part, dates), folder / part)
    for path, _, _ in os.walk(folder / "parquet"):
        sync_folder(Path(path))


def _keeps_columns(name: str) -> bool:
    """Whether the table has the columns it had in a version of the same fingerprint."""
    return name.startswith("marts.")  # those of trust are declared here, which is in no fingerprint


def _parts(name: str, summary: Mapping[str, Any], dates: Mapping[str, str]) -> dict[str, str]:
    """The hash of what each file of a table holds, by the file's path in a version's folder."""
    stem = f"parquet/{name.replace('.', '/')}"
    if name in dates:
        return {f"{stem}/{month}.parquet": content for month, content in summary["months"].items()}
    return {f"{stem}.parquet": summary["rows_hash"]}


def _rows(name: str, part: str, dates: Mapping[str, str]) -> str:
    if name not in dates:
        return f"SELECT * FROM {name}"
    return f"SELECT * FROM {name} WHERE {month_of(dates[name])} = {literal(Path(part).stem)}"


def _link(old: Path, new: Path) -> None:
    """Hard-link the file, or copy it where the file system has no links."""
    new.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(old, new)
    except OSError:
        copy_file(old, new)
        _settle(new)


def _copy(connection: "DuckDBPyConnection", query: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    connection.execute(f"COPY ({query}) TO {literal(target)} (FORMAT parquet, COMPRESSION zstd)")
    _settle(target)


def _settle(path: Path) -> None:
    sync_file(path)
    path.chmod(0o444)

"""The published tables as Parquet beside the DuckDB file, for readers that cannot open DuckDB.

``parquet/<schema>/<table>.parquet``, or for a mart with a business date
``parquet/<schema>/<table>/<YYYY-MM>.parquet``. A month equal to that of the parent version is a hard link to
the parent's file, so a night costs only what it changed.
"""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from followthrough.database import connect, literal, quoted
from followthrough.paths import sync_file, sync_folder

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
    """Write the tables of the version in ``folder``; a month equal to that of ``before`` is linked.

    ``tables`` and the second part of ``before`` are the summaries of manifests, ``dates`` the business date
    column of tables split by month. ``before`` is None when its columns may differ.
    """
    with connect(folder / "followthrough.duckdb", folders=(folder,), read_only=True) as connection:
        for name, summary in tables.items():
            target = folder / "parquet" / name.replace(".", "/")
            if name in dates:
                _write_months(connection, name, dates[name], summary["months"], target, before)
            else:
                _copy(connection, f"SELECT * FROM {name}", target.with_suffix(".parquet"))
    for path, _, _ in os.walk(folder / "parquet"):
        sync_folder(Path(path))


def _write_months(
    connection: "DuckDBPyConnection",
    name: str,
    date_column: str,
    months: Mapping[str, str],
    target: Path,
    before: tuple[Path, Mapping[str, Mapping[str, Any]]] | None,
) -> None:
    old_folder, old_tables = before or (target, {})
    old_months = old_tables.get(name, {}).get("months", {})
    for month, content in months.items():
        old = old_folder / "parquet" / name.replace(".", "/") / f"{month}.parquet"
        new = target / old.name
        if old_months.get(month) == content and old.exists():
            _link(old, new)
        else:
            rows = f"SELECT * FROM {name} WHERE {month_of(date_column)} = {literal(month)}"
            _copy(connection, rows, new)


def _link(old: Path, new: Path) -> None:
    """Hard-link the file, or copy it where the file system has no links."""
    new.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(old, new)
    except OSError:
        shutil.copyfile(old, new)
        _settle(new)


def _copy(connection: "DuckDBPyConnection", query: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    connection.execute(f"COPY ({query}) TO {literal(target)} (FORMAT parquet, COMPRESSION zstd)")
    _settle(target)


def _settle(path: Path) -> None:
    sync_file(path)
    path.chmod(0o444)

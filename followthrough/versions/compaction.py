"""Rewrites a database file that is mostly free space."""

# DuckDB never shrinks a file, and a candidate starts as a copy of its parent's files.

from pathlib import Path
from typing import TYPE_CHECKING

from followthrough.database import connect, literal, quoted
from followthrough.errors import FollowthroughError
from followthrough.paths import sync_file

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_MOST_BLOCKS = 4 / 3
"""How many times the blocks in use a file may have. Those are up to an eighth more than in a new file."""


def compact(database: Path) -> bool:
    """Rewrite a closed database if most of it is free; whether it was. A crash leaves the file as it was."""
    with connect(database, read_only=True) as connection:
        total, used = connection.execute(
            "SELECT total_blocks, used_blocks FROM pragma_database_size()"
        ).fetchall()[0]
    if total <= _MOST_BLOCKS * used:
        return False
    beside = database.with_name(f"{database.name}.compact")
    beside.unlink(missing_ok=True)
    with connect(folders=(database.parent,)) as connection:
        connection.execute(f"ATTACH {literal(database)} AS loose (READ_ONLY)")
        connection.execute(f"ATTACH {literal(beside)} AS dense")
        connection.execute("COPY FROM DATABASE loose TO dense")
        connection.execute("CHECKPOINT dense")
        if _contents(connection, "dense") != _contents(connection, "loose"):
            raise FollowthroughError(f"{database} could not be copied whole", "run the night again")
    sync_file(beside)
    beside.replace(database)
    return True


def _contents(connection: "DuckDBPyConnection", database: str) -> list[tuple[object, ...]]:
    """Every table with its number of rows, and every view."""
    of = f"database_name = {literal(database)}"
    tables = connection.execute(f"SELECT schema_name, table_name FROM duckdb_tables() WHERE {of}").fetchall()
    views = connection.execute(
        f"SELECT schema_name, view_name FROM duckdb_views() WHERE {of} AND NOT internal"
    ).fetchall()
    return sorted(
        [
            *views,
            *(
                (
                    schema,
                    table,
                    *connection.table(f"{database}.{quoted(schema)}.{quoted(table)}").count("*").fetchall(),
                )
                for schema, table in tables
            ),
        ]
    )

"""DuckDB connections for every step: files limited to given folders, no downloads, Shanghai time."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

OFFLINE = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
}
_MOST_THREADS = 4


@contextmanager
def connect(
    database: Path | None = None, folders: tuple[Path, ...] = (), read_only: bool = False, memory: str = ""
) -> "Iterator[duckdb.DuckDBPyConnection]":
    """Open ``database`` (in memory without one); files outside ``folders`` cannot be read or written.

    Every session runs in Asia/Shanghai, keeps file order and writes its spill files to the first folder.
    ``memory`` ("1GB") is the limit above which it spills; by default most of the machine's memory.
    """
    import duckdb

    connection = duckdb.connect(str(database or ":memory:"), read_only=read_only, config=dict(OFFLINE))
    try:
        if memory:  # every thread takes a share of it, so there are few
            connection.execute(f"SET memory_limit = {literal(memory)}")
            connection.execute(f"SET threads = {min(_MOST_THREADS, os.cpu_count() or 1)}")
        lock(connection.execute, folders)
        yield connection
    finally:
        connection.close()


def lock(execute: Callable[[str], object], folders: Sequence[Path]) -> None:
    """Restrict the database behind ``execute`` to ``folders``, for all its connections and until it closes.

    ``execute`` runs one statement; dbt and Great Expectations pass that of their own connections.
    """
    if folders:
        execute(f"SET temp_directory = {literal(folders[0] / '.spill')}")
        execute(f"SET allowed_directories = [{', '.join(literal(f'{folder}/') for folder in folders)}]")
    execute("SET GLOBAL TimeZone = 'Asia/Shanghai'")
    execute("SET enable_external_access = false")
    execute("SET lock_configuration = true")


def literal(value: object) -> str:
    """A value as an SQL string literal."""
    return "'" + str(value).replace("'", "''") + "'"


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'

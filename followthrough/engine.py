"""DuckDB connections as every step uses them: locked to the home, nothing fetched, Shanghai time."""

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

    Every session runs in Asia/Shanghai, keeps file order and leaves its spill files in the first folder;
    ``memory`` says beyond how much of it ("1GB") it does, most of the machine's by default. As every thread
    takes some of it there are few then.
    """
    import duckdb

    connection = duckdb.connect(str(database or ":memory:"), read_only=read_only, config=dict(OFFLINE))
    try:
        if memory:
            connection.execute(f"SET memory_limit = {literal(memory)}")
            connection.execute(f"SET threads = {min(_MOST_THREADS, os.cpu_count() or 1)}")
        lock(connection.execute, folders)
        yield connection
    finally:
        connection.close()


def lock(execute: Callable[[str], object], folders: Sequence[Path]) -> None:
    """Lock the database behind ``execute`` for good, for all who are connected to it.

    ``execute`` runs a statement: dbt and Great Expectations bring connections of their own.
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

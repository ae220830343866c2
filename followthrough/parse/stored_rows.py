"""Stores and numbers the rows of a file in DuckDB; shared by the readers of delimited text and JSON."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from followthrough.parse.decode import Decoded
from followthrough.parse.file_errors import FileRefused

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Shape = Callable[[str], str]
_JSON_LINE = r"(?<=Malformed JSON)(.* in (?:line|record/value) )(\d+)"
"""The line number in DuckDB's error message about broken JSON; it calls the first line 2."""


@dataclass(frozen=True)
class Rows:
    """``total`` rows of the file, of which ``outside`` (by rule) are neither in ``cells`` nor in ``broken``.

    ``declared`` are the file's own control totals as text, by name.
    """

    total: int
    outside: Mapping[str, int] = field(default_factory=dict)
    declared: Mapping[str, str] = field(default_factory=dict)


def store_rows(connection: "DuckDBPyConnection", text: Decoded, raw: str, shape: Shape) -> None:
    """Store the result of ``shape`` applied to ``raw`` in ``kept``, in file order."""
    # Numbers come later from rowid: numbering during the scan would force one thread.
    import duckdb

    try:
        connection.execute(f"CREATE TEMP TABLE kept AS {shape(f'({raw})')}")
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        raise unreadable(error, text) from None


def number_in_order(connection: "DuckDBPyConnection", lines_before: int) -> None:
    """Create ``cells`` from ``kept``, where every row is one line of the file, without lines in between."""
    connection.execute(
        f"""CREATE TEMP VIEW cells AS
        SELECT rowid + 1 AS record, {lines_before} + rowid + 1 AS line, * FROM kept"""
    )


def put_in_places(connection: "DuckDBPyConnection") -> None:
    """Create ``cells`` from ``kept``, with record and line of each row from ``places``."""
    connection.execute(
        """
        CREATE TEMP TABLE cells AS
        SELECT places.record, places.line, kept.* FROM kept JOIN places ON places.accepted = kept.rowid + 1
        ORDER BY record;
        DROP TABLE kept
        """
    )


def unreadable(error: Exception, text: Decoded) -> FileRefused:
    """The refusal of a file DuckDB could not read, without any values of the file."""
    first = str(error).replace(f'"{text.path}"', "it").splitlines()[0].split("Original Line")[0][:160]
    counted_from_one = re.sub(_JSON_LINE, lambda match: f"{match[1]}{int(match[2]) - 1}", first)
    return FileRefused("unreadable_rows", why=counted_from_one)


def count_rows(connection: "DuckDBPyConnection", table: str) -> int:
    """The number of rows of a table."""
    row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(row[0]) if row else 0

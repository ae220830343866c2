"""Rows of a query as rows of a sheet, written by DuckDB: a large table never becomes objects of Python."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from followthrough.database import quoted
from followthrough.sheets.safe_cells import SheetRows, safe_xml

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_BATCH = 2048
_DAY_ZERO = "1899-12-30"
_LONGEST = 32_767
"""Characters Excel takes in a cell; it calls a file with more damaged."""

_NUMBERS = ("BIGINT", "INTEGER", "DOUBLE", "DECIMAL")


@dataclass(frozen=True)
class Column:
    """A column of the query: its name, DuckDB type, and the number of its cells' style in the workbook."""

    name: str
    kind: str
    style: int


def sheet_rows(
    connection: "DuckDBPyConnection", query: str, columns: Sequence[Column], count: int
) -> SheetRows:
    """The first ``count`` rows of an ordered query, below one row of header.

    Text is text and never a formula, days and times are Excel's, a truth value is 是 or 否, and a cell
    without a value keeps its style. The connection has to run nothing else while the rows are read.
    Raises ValueError for a type that has no cell.
    """
    cells = ", ".join(_cell(number, column) for number, column in enumerate(columns, start=1))
    return SheetRows(
        count,
        _parts(
            connection,
            f"""
            SELECT concat('<row r="', "row", '">', {cells}, '</row>')
            FROM (SELECT *, 1 + row_number() OVER () AS "row" FROM ({query} LIMIT {count}))
            """,
        ),
    )


def _parts(connection: "DuckDBPyConnection", query: str) -> Iterator[bytes]:
    found = connection.execute(query)
    while rows := found.fetchmany(_BATCH):
        yield "".join(row for (row,) in rows).encode()


def _cell(number: int, column: Column) -> str:
    """SQL for a cell's XML."""
    from openpyxl.utils import get_column_letter

    opened = f"""'<c r="{get_column_letter(number)}', "row", '" s="{column.style}'"""
    return f"{opened}, coalesce({_content(column)}, '\"/>')"


def _content(column: Column) -> str:
    """SQL for what follows a cell's style; NULL for a cell without a value."""
    name = quoted(column.name)
    if column.kind == "VARCHAR":
        return _text(safe_xml(f"left({name}, {_LONGEST - 1})"))  # leaves room for an apostrophe
    if column.kind == "BOOLEAN":
        return _text(f"CASE {name} WHEN true THEN '是' WHEN false THEN '否' END")
    if column.kind == "DATE":
        return _number(_serial(f"({name} - DATE '{_DAY_ZERO}')"))
    if column.kind == "TIMESTAMP":
        return _number(_serial(f"((epoch_us({name}) - epoch_us(TIMESTAMP '{_DAY_ZERO}')) / 86400e6)"))
    if column.kind.startswith(_NUMBERS):
        return _number(name)
    raise ValueError(f"{column.name} is {column.kind}, which no cell can hold")


def _serial(days: str) -> str:
    """SQL for Excel's number of a day: it counts a 29 February 1900, which never was."""
    return f"({days} - ({days} >= 1 AND {days} < 61)::INTEGER)"


def _text(xml: str) -> str:
    return f"""'" t="inlineStr"><is><t xml:space="preserve">' || {xml} || '</t></is></c>'"""


def _number(value: str) -> str:
    return f"""'"><v>' || {value} || '</v></c>'"""

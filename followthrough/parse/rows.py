"""Reads the rows of a detected file into DuckDB, with their place in the file.

Leaves a table ``cells``, in file order: ``record`` (1-based place among the file's rows), ``line`` (physical
line in delimited text, the record's number in JSON), then ``c0``, ``c1``, … (every cell as text) or ``row``
(a JSON record), or the columns of ``shape`` instead. Leaves a table ``broken``: rows the format itself
refuses (``record``, ``line``, ``reason``).
"""

from typing import TYPE_CHECKING

from followthrough.contracts.export import Table
from followthrough.parse.decode import Decoded
from followthrough.parse.delimited import read_delimited
from followthrough.parse.detect import Recognised
from followthrough.parse.json_records import read_json_records
from followthrough.parse.stored_rows import Rows, Shape

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def read(
    connection: "DuckDBPyConnection",
    text: Decoded,
    found: Recognised,
    shape: Shape = "SELECT * FROM {}".format,
) -> Rows:
    """Fill ``cells`` and ``broken`` from the decoded file; FileRefused if the format as a whole is broken.

    ``shape`` turns a relation of the raw cells into a query with one row per row of it, in the same order;
    ``cells`` holds the query's result. The file is read once, and its raw text is not stored.
    """
    if isinstance(found.export.format, Table):
        return read_delimited(connection, text, found, found.export.format, shape)
    return read_json_records(connection, text, found.export, found.export.format, shape)

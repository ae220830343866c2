"""Reads the records of JSON answers, numbered by their place in the file."""

from typing import TYPE_CHECKING

from followthrough.contracts.export import Export, Json
from followthrough.database import literal
from followthrough.parse.decode import Decoded
from followthrough.parse.file_errors import FileRefused
from followthrough.parse.stored_rows import (
    Rows,
    Shape,
    count_rows,
    number_in_order,
    put_in_places,
    store_rows,
    unreadable,
)

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def read_json_records(
    connection: "DuckDBPyConnection", text: Decoded, export: Export, layout: Json, shape: Shape
) -> Rows:
    """Fill ``cells`` and ``broken`` from JSON answers; FileRefused if one of them is an error or no JSON."""
    import duckdb

    try:
        connection.execute(
            f"""
            CREATE TEMP TABLE documents AS SELECT json AS doc
            FROM read_json_objects({literal(text.path)}, format = 'auto', maximum_object_size = 1000000000)
            """
        )
    except duckdb.Error as error:
        raise unreadable(error, text) from None
    failed = connection.execute(
        f"SELECT count(*) FROM documents WHERE {layout.failed.format(doc='doc')}"
    ).fetchone()
    if failed and failed[0]:
        raise FileRefused("error_answer", answers=failed[0])
    _refuse_doubled_envelope(connection, layout.records)
    many = "unnest" if "*" in layout.records else ""
    records = f"SELECT {many}(json_extract(doc, {literal(layout.records)})) AS row FROM documents"
    connection.execute(
        f"""
        CREATE TEMP TABLE records AS SELECT row
        FROM ({_by_element(records, layout.each) if layout.each else records})
        WHERE row IS NOT NULL
        """
    )
    _number_records(connection, text, shape)
    declared = {total.name: _json_total(connection, total.path) for total in export.totals}
    strays = _without_records(connection, export, layout)
    outside = {"no_record": strays} if strays else {}
    known = {name: value for name, value in declared.items() if value is not None}
    rows = count_rows(connection, "cells") + count_rows(connection, "broken")
    return Rows(rows + strays, outside, known)


def _refuse_doubled_envelope(connection: "DuckDBPyConnection", records: str) -> None:
    """Raise FileRefused if an answer has a key twice on the way to its records."""
    # Of two lists of records only one would be read.
    steps = records.removesuffix("[*]").split(".")[:-1]
    keys = [f"json_keys(doc, {literal('.'.join(steps[: n + 1]))})" for n in range(len(steps))]
    twice = " OR ".join(f"len(list_distinct({found})) < len({found})" for found in keys)
    row = connection.execute(f"SELECT count(*) FROM documents WHERE {twice}").fetchone()
    if row and row[0]:
        raise FileRefused("doubled_key", answers=row[0])


def _number_records(connection: "DuckDBPyConnection", text: Decoded, shape: Shape) -> None:
    """Fill ``cells`` and ``broken`` from ``records``; records with a repeated key or a NUL are broken."""
    # A repeated key is ambiguous, and other databases cannot store a NUL.
    connection.execute(
        """
        CREATE TEMP TABLE broken AS
        SELECT record, record AS line, min(reason) AS reason FROM (
            SELECT records.rowid + 1 AS record, 'duplicate_key' AS reason FROM records, json_tree(row)
            GROUP BY record, parent, key HAVING count(*) > 1
            UNION ALL SELECT rowid + 1, 'nul_byte' FROM records WHERE contains(row::VARCHAR, '\\u0000')
        ) GROUP BY record
        """
    )
    if not count_rows(connection, "broken"):
        store_rows(connection, text, "FROM records", shape)
        number_in_order(connection, 0)
        return
    connection.execute(
        """
        DELETE FROM records WHERE rowid + 1 IN (SELECT record FROM broken);
        CREATE TEMP TABLE places AS
        SELECT row_number() OVER (ORDER BY rowid) AS accepted, rowid + 1 AS record, rowid + 1 AS line
        FROM records
        """
    )
    store_rows(connection, text, "FROM records", shape)
    put_in_places(connection)


def _by_element(records: str, each: str) -> str:
    """SQL with a row per element of a record's list; a record with an empty or repeated list is one row."""
    elements = f"json_extract(row, {literal(f'$.{each}[*]')})"
    lists = f"len(list_filter(json_keys(row), lambda key: key = {literal(each)}))"
    return f"""
        SELECT if(element IS NULL, row, json_merge_patch(row, json_object({literal(each)}, element))) AS row
        FROM (
            SELECT row, unnest(if({lists} = 1 AND len({elements}) > 0, {elements}, [NULL])) AS element
            FROM ({records}))
    """


def _without_records(connection: "DuckDBPyConnection", export: Export, layout: Json) -> int:
    """The number of documents without records and totals, which are counted but are not rows."""
    paths = [layout.records.removesuffix("[*]"), *(total.path for total in export.totals)]
    none = " AND ".join(f"json_extract(doc, {literal(path)}) IS NULL" for path in paths)
    row = connection.execute(f"SELECT count(*) FROM documents WHERE {none}").fetchone()
    return int(row[0]) if row else 0


def _json_total(connection: "DuckDBPyConnection", path: str) -> str | None:
    row = connection.execute(
        f"SELECT max(json_extract_string(doc, {literal(path)})) FROM documents"
    ).fetchone()
    return row[0] if row else None

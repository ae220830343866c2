"""Types and validates the rows of a detected file."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from followthrough.database import literal, quoted
from followthrough.load import hmac_key
from followthrough.load.column_sql import SQL_TYPES, Cast, casts, cell
from followthrough.parse.decode import Decoded
from followthrough.parse.detect import Recognised
from followthrough.parse.rows import read
from followthrough.parse.stored_rows import Rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def validate_rows(
    connection: "DuckDBPyConnection", text: Decoded, found: Recognised, issuers: Mapping[str, str], key: bytes
) -> Rows:
    """Fill ``validated`` in file order, and ``broken``; identifiers are hashed with the key.

    ``validated`` has ``record`` and ``line``, the rule a row is ``excluded`` by, the typed columns, and
    ``problems``: column and reason of each refused cell.
    """
    for name, block in zip(("inner_block", "outer_block"), hmac_key.hmac_blocks(key), strict=True):
        connection.execute(f"SET VARIABLE {name} = unhex('{block.hex()}')")
    columns = casts(found.export, found.names, issuers)
    rows = read(connection, text, found, partial(_typed_rows, found, columns))
    connection.execute("CREATE TEMP VIEW validated AS FROM cells")
    return rows


def _typed_rows(found: Recognised, columns: Sequence[Cast], raw: str) -> str:
    cells, texts = (", ".join(layer) for layer in zip(*((c.cell, c.text) for c in columns), strict=True))
    values = ", ".join(
        f"CAST({c.value} AS {SQL_TYPES[type(found.export.by_name[c.name].type)]}) AS {quoted(c.name)}"
        for c in columns
    )
    names = ", ".join(quoted(c.name) for c in columns)
    named = f"SELECT {_exclusion(found)} AS excluded, {cells} FROM {raw}"
    bare = f"SELECT excluded, {texts} FROM ({named})"
    typed = f"SELECT *, {values} FROM ({bare})"
    return f"SELECT excluded, {names}, {_problems(columns)} AS problems FROM ({typed})"


def _problems(columns: Sequence[Cast]) -> str:
    """SQL that lists a row's problems as (reason, column), an empty list where there are none."""
    # Most rows have none, and building a list per row is costly: so it is built only when needed.
    able = [c for c in columns if c.reason != "NULL"]
    structs = ", ".join(f"{{'reason': {c.reason}, 'column': {literal(c.name)}}}" for c in able)
    reasons = ", ".join(c.reason for c in able)
    listed = f"list_filter([{structs}], lambda problem: problem.reason IS NOT NULL)"
    return f"CASE WHEN coalesce({reasons}) IS NULL THEN [] ELSE {listed} END"


def _exclusion(found: Recognised) -> str:
    export = found.export
    names = {name: cell(export, found.names, name) for name in found.names} | {"row": "row"}
    whens = " ".join(
        f"WHEN {rule.where.format_map(names)} THEN {literal(rule.rule)}" for rule in export.exclude
    )
    return f"CASE {whens} END" if whens else "NULL::VARCHAR"

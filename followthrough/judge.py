"""The rows of a recognised file, typed and judged one by one."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from followthrough import keys
from followthrough.cast import SQL_TYPES, Cast, casts, cell
from followthrough.decode import Decoded
from followthrough.engine import literal, quoted
from followthrough.read import Rows, read
from followthrough.recognise import Recognised

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def judge(
    connection: "DuckDBPyConnection", text: Decoded, found: Recognised, issuers: Mapping[str, str], key: bytes
) -> Rows:
    """Fill ``judged`` in file order, and ``broken``; identifiers are hashed with the key.

    ``judged`` has ``record`` and ``line``, the rule a row is ``excluded`` by, the typed columns, and
    ``problems``: per refused cell its column and why.
    """
    for name, block in zip(("inner_block", "outer_block"), keys.hmac_blocks(key), strict=True):
        connection.execute(f"SET VARIABLE {name} = unhex('{block.hex()}')")
    columns = casts(found.export, found.names, issuers)
    rows = read(connection, text, found, partial(_judging, found, columns))
    connection.execute("CREATE TEMP VIEW judged AS FROM cells")
    return rows


def _judging(found: Recognised, columns: Sequence[Cast], raw: str) -> str:
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
    """Rows without any are nearly all, and lists are dear."""
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

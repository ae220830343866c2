"""Row counts and content hashes of the published tables; what has not changed is not hashed again.

The hash of rows is the sums of the two 64-bit halves of the md5 of each row's text, modulo 2^64: it does not
depend on their order, and those of a table's months add up to its own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from followthrough.database import connect, literal, quoted
from followthrough.index.store import read_index, write_index
from followthrough.paths import Home
from followthrough.publish.parquet import month_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SCHEMAS = ("marts", "trust")
_MODULUS = 1 << 64


@dataclass(frozen=True)
class KnownHashes:
    """Hashes by a check sum of their rows: those of the version ``before``, and those ``used`` since."""

    before: Mapping[str, str] = field(default_factory=dict)
    used: dict[str, str] = field(default_factory=dict)


def read_known(home: Home) -> KnownHashes:
    """The hashes of the last version summarised; none if their index is lost."""
    return KnownHashes(read_index(home, home.published) or {})


def save_known(home: Home, known: KnownHashes) -> None:
    """Keep the hashes in use for the next version."""
    if known.used != known.before:
        write_index(home, home.published, known.used)


def summarise(
    database: Path, dates: Mapping[str, str], known: KnownHashes | None = None
) -> dict[str, dict[str, Any]]:
    """Row count and hash of every published table, and hashes per month of those in ``dates``.

    ``dates`` gives the business date column by ``schema.table``. Hashes are taken from ``known`` where it has
    those of the same rows.
    """
    known = known or KnownHashes()
    with connect(database, read_only=True) as connection:
        return {
            table: _summarise(connection, table, dates.get(table, ""), known)
            for table in published_tables(connection)
        }


def published_tables(connection: "DuckDBPyConnection") -> list[str]:
    """The tables of a version as ``schema.table``, sorted."""
    found = connection.execute(
        f"""SELECT table_schema || '.' || table_name FROM information_schema.tables
        WHERE table_schema IN {SCHEMAS} ORDER BY table_schema, table_name"""
    ).fetchall()
    return [name for (name,) in found]


def _summarise(
    connection: "DuckDBPyConnection", table: str, date_column: str, known: KnownHashes
) -> dict[str, Any]:
    columns = [(row[0], row[1]) for row in connection.execute(f"DESCRIBE {table}").fetchall()]
    month = month_of(date_column) if date_column else "''"
    parts = _check_sums(connection, table, columns, month)
    missing = [part for part, (_, check) in parts.items() if check not in known.before]
    hashes = {part: known.before[check] for part, (_, check) in parts.items() if check in known.before}
    if missing:
        hashes |= _hashes(connection, table, [column for column, _ in columns], month, missing)
    known.used.update({check: hashes[part] for part, (_, check) in parts.items()})
    summary = {"rows": sum(rows for rows, _ in parts.values()), "rows_hash": _total(hashes.values())}
    if date_column:
        summary["months"] = {part: hashes[part] for part in parts}
    return summary


def _check_sums(
    connection: "DuckDBPyConnection", table: str, columns: list[tuple[str, str]], month: str
) -> dict[str, tuple[int, str]]:
    """The number of rows of each month and a check sum of them, forty times as cheap as their hash."""
    # DuckDB's hash differs between its versions; it takes 0.0 and -0.0 as equal, their texts are not.
    import duckdb

    values = ", ".join(
        f"{quoted(name)}::VARCHAR" if "DOUBLE" in kind or "FLOAT" in kind else quoted(name)
        for name, kind in columns
    )
    found = connection.execute(
        f"""SELECT {month} AS month, count(*), sum(hash(hash({values})))
        FROM {table} GROUP BY month ORDER BY month"""
    ).fetchall()
    of = f"{table} {columns} {duckdb.__version__}"
    return {part: (rows, f"{of} {part} {rows} {int(total):x}") for part, rows, total in found}


def _hashes(
    connection: "DuckDBPyConnection", table: str, columns: list[str], month: str, parts: Iterable[str]
) -> dict[str, str]:
    text = " || '|' || ".join(
        rf"coalesce(replace(replace({quoted(c)}::VARCHAR, '\', '\\'), '|', '\|'), '\N')" for c in columns
    )
    halves = ", ".join(f"sum(('0x' || substr(digest, {start}, 16))::UBIGINT)" for start in (1, 17))
    wanted = ", ".join(literal(part) for part in parts)
    found = connection.execute(
        f"""SELECT month, {halves}
        FROM (SELECT {month} AS month, md5({text}) AS digest FROM {table} WHERE {month} IN ({wanted}))
        GROUP BY month"""
    ).fetchall()
    return {part: _hash(first, second) for part, first, second in found}


def _total(hashes: Iterable[str]) -> str:
    halves = [(int(one[:16], 16), int(one[16:], 16)) for one in hashes]
    return _hash(sum(first for first, _ in halves), sum(second for _, second in halves))


def _hash(first: int, second: int) -> str:
    return f"{int(first) % _MODULUS:016x}{int(second) % _MODULUS:016x}"

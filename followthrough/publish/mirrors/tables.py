"""The tables of a version as a mirror needs them: columns with types and labels, keys, indexes."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from followthrough.database import connect, quoted
from followthrough.publish import bi_views
from followthrough.publish.catalogue import published
from followthrough.versions.history import Manifest

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_FILTERED_BY = ("shop_id", "customer_id")
_SHORT, _LONG = 64, 255


@dataclass(frozen=True)
class Column:
    """One column: its DuckDB type, its Chinese label, and whether it is never null."""

    name: str
    type: str
    label: str = ""
    required: bool = False
    longest: int = 0

    def text_type(self, indexed: bool) -> str:
        """The type for its texts, where an index cannot hold TEXT."""
        if indexed or self.name.endswith("_id"):
            return f"VARCHAR({_SHORT})"
        return f"VARCHAR({_LONG})" if self.longest <= _LONG else "TEXT"


@dataclass(frozen=True)
class Table:
    """One table: ``source`` is the view it is read from, ``content`` changes whenever a row does."""

    name: str
    source: str
    content: str
    columns: tuple[Column, ...]
    comment: str = ""
    key: tuple[str, ...] = ()
    indexes: tuple[str, ...] = ()

    def signature(self, definition: str) -> str:
        """A value that changes whenever a mirror with this definition must load the table again."""
        return hashlib.sha256(f"{self.content}\n{definition}".encode()).hexdigest()

    def type_of(self, column: Column, names: Mapping[str, str]) -> str:
        """The column's type on a server; ``names`` maps DuckDB types to the server's where they differ."""
        if column.type == "VARCHAR":
            return column.text_type(column.name in (*self.key, *self.indexes))
        return names.get(column.type, column.type)


@dataclass(frozen=True)
class Publication:
    """A version with its tables, and a DuckDB connection to read them."""

    version: str
    night: str
    published_at: str
    tables: tuple[Table, ...]
    connection: "DuckDBPyConnection"
    spill: Path


@contextmanager
def opened(folder: Path, manifest: Manifest) -> Iterator[Publication]:
    """The version in ``folder``, opened read-only, with a private temporary folder."""
    import tempfile

    with (
        tempfile.TemporaryDirectory(prefix="mirror-") as spill,
        connect(folder / "followthrough.duckdb", folders=(Path(spill),), read_only=True) as connection,
    ):
        yield Publication(
            version=manifest.version,
            night=manifest.night,
            published_at=manifest.created_at,
            tables=tuple(_tables(connection, manifest)),
            connection=connection,
            spill=Path(spill),
        )


def _tables(connection: "DuckDBPyConnection", manifest: Manifest) -> Iterator[Table]:
    """The views of ``bi`` that exist."""
    # A version published before a view was added lacks it.
    views = connection.execute("SELECT view_name FROM duckdb_views() WHERE schema_name = 'bi'").fetchall()
    for full_name, table in sorted(published().items()):
        name = bi_views.shown_table(table)
        if (name,) not in views:
            continue
        source = f"bi.{quoted(name)}"
        labels = {bi_views.shown_name(column): bi_views.label(column) for column in table.columns}
        columns = _columns(connection, source, labels, table.key)
        present = {column.name for column in columns}
        wanted = (table.business_date, *_FILTERED_BY)
        yield Table(
            name=name,
            source=source,
            content=manifest.tables[full_name]["rows_hash"],
            columns=columns,
            comment=bi_views.comment(table),
            key=table.key,
            indexes=tuple(c for c in wanted if c in present and c not in table.key[:1]),
        )


def _columns(
    connection: "DuckDBPyConnection", source: str, labels: dict[str, str], key: tuple[str, ...]
) -> tuple[Column, ...]:
    kinds = [(row[0], row[1]) for row in connection.execute(f"DESCRIBE {source}").fetchall()]
    lengths = ", ".join(
        f"coalesce(max(length({quoted(name)})), 0)" if kind == "VARCHAR" else "0" for name, kind in kinds
    )
    longest = connection.execute(f"SELECT {lengths} FROM {source}").fetchone() or ()
    return tuple(
        Column(name, kind, labels.get(name, ""), name in key, length)
        for (name, kind), length in zip(kinds, longest, strict=True)
    )

"""A mirror in MySQL 8 or MariaDB, in the connection's database.

Changed tables are loaded as ``<name>_next``, then one RENAME TABLE swaps all of them in. It waits for running
statements and later ones wait for it, so no statement sees a mix of two versions.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from followthrough.database import literal
from followthrough.database import quoted as duckdb_name
from followthrough.publish.mirrors.connection import Connection
from followthrough.publish.mirrors.tables import Column, Publication, Table

if TYPE_CHECKING:
    from pymysql.connections import Connection as Session

_TYPES = {
    "HUGEINT": "DECIMAL(38, 0)",
    "TIMESTAMP": "DATETIME",
    "BOOLEAN": "TINYINT(1)",
    "DOUBLE": "DOUBLE",
}
_TABLE = "ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
_ROWS_AT_ONCE = 500
_MODE = "TRADITIONAL"
"""Strict SQL mode; without it MariaDB, asked to grant to a missing account, creates it without a password."""
_ROW_ID = "/*!80023 , row_id BIGINT UNSIGNED AUTO_INCREMENT INVISIBLE COMMENT '行号' PRIMARY KEY */"
"""A hidden key for tables without one, which MySQL may be configured to require; MariaDB and older MySQL
ignore it."""
_LOCK = "followthrough"
_BOOKS = {
    "publication": "version VARCHAR(64) PRIMARY KEY, data_through DATE NOT NULL, "
    "published_at DATETIME NOT NULL",
    "publication_tables": "table_name VARCHAR(64) PRIMARY KEY, signature VARCHAR(64) NOT NULL",
}


def bring(place: Connection, reader: str, publication: Publication) -> int:
    """Update the mirror at ``place`` to the publication; return the number of tables loaded."""
    import pymysql

    session = pymysql.connect(
        host=place.host or "127.0.0.1",
        port=place.port or 3306,
        user=place.login,
        password=place.password or "",
        database=place.schema,
        charset="utf8mb4",
        connect_timeout=10,
        autocommit=True,
        local_infile=False,
        init_command=f"SET SESSION sql_mode = '{_MODE}', time_zone = '+08:00'",
    )
    with session:
        if not _rows(session, f"SELECT GET_LOCK({literal(_LOCK)}, 30)")[0][0]:
            raise TimeoutError("another run is loading this mirror")
        for book, columns in _BOOKS.items():
            _run(session, f"CREATE TABLE IF NOT EXISTS {quoted(book)} ({columns}) {_TABLE}")
        if _rows(session, "SELECT 1 FROM publication WHERE version = %s", publication.version):
            return 0
        held = dict(_rows(session, "SELECT table_name, signature FROM publication_tables"))
        changed = [t for t in publication.tables if held.get(t.name) != t.signature(_definition(t))]
        gone = sorted(set(held) - {table.name for table in publication.tables})
        for table in changed:
            _load(session, publication, table)
        _load_books(session, publication)
        _swap(session, [*(table.name for table in changed), *_BOOKS], gone)
        if reader:
            _run(session, f"GRANT SELECT ON {quoted(place.schema or '')}.* TO {_literal(reader)}@'%'")
    return len(changed)


def quoted(name: str) -> str:
    """A name as MySQL quotes it."""
    return "`" + name.replace("`", "``") + "`"


def _definition(table: Table) -> str:
    lines = [
        f"{quoted(column.name)} {table.type_of(column, _TYPES)} {'NOT NULL' if column.required else 'NULL'}"
        f" COMMENT {_literal(column.label)}"
        for column in table.columns
    ]
    if table.key:
        lines.append(f"PRIMARY KEY ({', '.join(map(quoted, table.key))})")
    lines += [f"INDEX ({quoted(column)})" for column in table.indexes]
    row_id = "" if table.key else _ROW_ID
    return f"({', '.join(lines)}{row_id}) {_TABLE} COMMENT {_literal(table.comment[:1000])}"


def _literal(text: str) -> str:
    """A SQL literal of a short text of ours; backslashes are doubled, as they would escape."""
    return literal(text.replace("\\", "\\\\"))


def _load(session: "Session[Any]", publication: Publication, table: Table) -> None:
    beside = quoted(f"{table.name}_next")
    _run(session, f"DROP TABLE IF EXISTS {beside}")
    _run(session, f"CREATE TABLE {beside} {_definition(table)}")
    for values in _values(publication, table):
        _run(session, f"INSERT INTO {beside} VALUES {values}")


def _values(publication: Publication, table: Table) -> Iterator[str]:
    """Multi-row VALUES of some hundred rows each, built by DuckDB column by column.

    Texts are written in hexadecimal, so nothing in them can be read as SQL.
    """
    columns = ", ".join(f"coalesce({_written(column)}, 'NULL')" for column in table.columns)
    chunks = publication.connection.cursor().execute(
        f"""SELECT string_agg('(' || concat_ws(', ', {columns}) || ')', ', ')
        FROM (SELECT *, row_number() OVER () // {_ROWS_AT_ONCE} AS "chunk of rows" FROM {table.source})
        GROUP BY "chunk of rows" """
    )
    while row := chunks.fetchone():
        yield row[0]


def _written(column: Column) -> str:
    name = duckdb_name(column.name)
    if column.type == "VARCHAR":
        return f"'_utf8mb4 x''' || hex({name}) || ''''"
    if column.type in ("DATE", "TIMESTAMP"):
        return f"'''' || CAST({name} AS VARCHAR) || ''''"
    return f"CAST({name} AS VARCHAR)"


def _load_books(session: "Session[Any]", publication: Publication) -> None:
    publication_row = (publication.version, publication.night, publication.published_at)
    version = f"({', '.join(map(_literal, publication_row))})"
    signatures = ", ".join(
        f"({_literal(table.name)}, {_literal(table.signature(_definition(table)))})"
        for table in publication.tables
    )
    for (book, columns), rows in zip(_BOOKS.items(), (version, signatures), strict=True):
        _run(session, f"DROP TABLE IF EXISTS {quoted(f'{book}_next')}")
        _run(session, f"CREATE TABLE {quoted(f'{book}_next')} ({columns}) {_TABLE}")
        _run(session, f"INSERT INTO {quoted(f'{book}_next')} VALUES {rows}")


def _swap(session: "Session[Any]", names: list[str], gone: list[str]) -> None:
    """Swap all tables in one statement: each new table takes its name, each old one is renamed away."""
    present = {name for (name,) in _rows(session, "SHOW TABLES")}
    old = [name for name in (*names, *gone) if name in present]
    for name in old:
        _run(session, f"DROP TABLE IF EXISTS {quoted(f'{name}_old')}")
    renames = [f"{quoted(name)} TO {quoted(f'{name}_old')}" for name in old]
    renames += [f"{quoted(f'{name}_next')} TO {quoted(name)}" for name in names]
    _run(session, f"RENAME TABLE {', '.join(renames)}")
    for name in old:
        _run(session, f"DROP TABLE {quoted(f'{name}_old')}")


def _run(session: "Session[Any]", statement: str) -> None:
    with session.cursor() as cursor:
        cursor.execute(statement)


def _rows(session: "Session[Any]", query: str, *values: object) -> list[tuple[Any, ...]]:
    with session.cursor() as cursor:
        cursor.execute(query, values or None)
        return list(cursor.fetchall())

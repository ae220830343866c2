"""A mirror in PostgreSQL, in the schema ``bi`` of the connection's database.

Changed tables are copied into a second schema, then replace the old rows in one transaction that only deletes
and inserts: readers are never blocked, and each of their transactions sees one version throughout. Renaming
tables would show a reader's transaction two versions.
"""

import hashlib
from typing import TYPE_CHECKING, Any

from followthrough.database import literal, quoted
from followthrough.publish.mirrors.connection import Connection
from followthrough.publish.mirrors.tables import Publication, Table

if TYPE_CHECKING:
    from psycopg import Connection as Session

SCHEMA, BESIDE = "bi", "bi_next"
_TYPES = {"HUGEINT": "NUMERIC(38, 0)", "DOUBLE": "DOUBLE PRECISION"}
_CHUNK = 1 << 20
_BOOKS = f"""
    CREATE SCHEMA IF NOT EXISTS {SCHEMA};
    CREATE TABLE IF NOT EXISTS {SCHEMA}.publication (
        version VARCHAR(64) PRIMARY KEY, data_through DATE NOT NULL, published_at TIMESTAMP NOT NULL);
    CREATE TABLE IF NOT EXISTS {SCHEMA}.publication_tables (
        table_name VARCHAR(64) PRIMARY KEY, definition VARCHAR(64) NOT NULL, signature VARCHAR(64) NOT NULL);
    COMMENT ON TABLE {SCHEMA}.publication IS '这里是哪个版本,数据截至哪天';
"""


def bring(place: Connection, reader: str, publication: Publication) -> int:
    """Update the mirror at ``place`` to the publication; return the number of tables loaded."""
    import psycopg

    with psycopg.connect(
        host=place.host,
        port=place.port or 5432,
        user=place.login,
        password=place.password,
        dbname=place.schema,
        connect_timeout=10,
        application_name="followthrough",
        autocommit=True,
    ) as session:
        _run(
            session,
            "SET TimeZone = 'Asia/Shanghai'; SELECT pg_advisory_lock(hashtext('followthrough.bi'))",
        )
        _run(session, _BOOKS)
        if _rows(session, f"SELECT 1 FROM {SCHEMA}.publication WHERE version = %s", publication.version):
            return 0
        held = {n: (d, s) for n, d, s in _rows(session, f"SELECT * FROM {SCHEMA}.publication_tables")}
        changed = [
            table
            for table in publication.tables
            if held.get(table.name, ("", ""))[1] != table.signature(_definition(table))
        ]
        with session.transaction():
            _run(session, f"DROP SCHEMA IF EXISTS {BESIDE} CASCADE; CREATE SCHEMA {BESIDE}")
            for table in changed:
                _run(session, f"CREATE TABLE {BESIDE}.{quoted(table.name)} ({_definition(table)})")
                _copy(session, publication, table)
        with session.transaction():
            _run(session, "SET LOCAL lock_timeout = '30s'")
            _replace(session, publication, changed, held)
            if reader:
                _run(session, f"GRANT USAGE ON SCHEMA {SCHEMA} TO {quoted(reader)}")
                _run(session, f"GRANT SELECT ON ALL TABLES IN SCHEMA {SCHEMA} TO {quoted(reader)}")
        _run(session, f"DROP SCHEMA {BESIDE} CASCADE")
        for table in changed:
            _run(session, f"VACUUM ANALYZE {SCHEMA}.{quoted(table.name)}")
    return len(changed)


def _definition(table: Table) -> str:
    lines = [
        f"{quoted(column.name)} {table.type_of(column, _TYPES)}{' NOT NULL' if column.required else ''}"
        for column in table.columns
    ]
    if table.key:
        lines.append(f"PRIMARY KEY ({', '.join(map(quoted, table.key))})")
    return ", ".join(lines)


def _copy(session: "Session[Any]", publication: Publication, table: Table) -> None:
    """Stream the rows as DuckDB writes them, without creating Python objects."""
    path = publication.spill / f"{table.name}.csv"
    texts = [column.name for column in table.columns if column.type == "VARCHAR"]
    force = f", FORCE_QUOTE ({', '.join(map(quoted, texts))})" if texts else ""
    publication.connection.execute(
        f"""COPY (SELECT * FROM {table.source}) TO {literal(path)}
        (FORMAT csv, HEADER false, NULLSTR '\\N'{force})"""
    )
    names = ", ".join(quoted(column.name) for column in table.columns)
    with session.cursor() as cursor, path.open("rb") as file:
        statement = f"COPY {BESIDE}.{quoted(table.name)} ({names}) FROM STDIN"
        with cursor.copy(f"{statement} (FORMAT csv, NULL '\\N', ENCODING 'UTF8')".encode()) as copy:
            while chunk := file.read(_CHUNK):
                copy.write(chunk)
    path.unlink()


def _replace(
    session: "Session[Any]", publication: Publication, changed: list[Table], held: dict[str, tuple[str, str]]
) -> None:
    """Swap in the changed tables within one transaction; recreate only those whose columns changed."""
    for table in changed:
        name, definition = f"{SCHEMA}.{quoted(table.name)}", _digest(table)
        if held.get(table.name, ("", ""))[0] != definition:
            _run(session, f"DROP TABLE IF EXISTS {name}; CREATE TABLE {name} ({_definition(table)})")
            _describe(session, name, table)
        else:
            _run(session, f"DELETE FROM {name}")
        _run(session, f"INSERT INTO {name} SELECT * FROM {BESIDE}.{quoted(table.name)}")
        _run(session, f"DELETE FROM {SCHEMA}.publication_tables WHERE table_name = {literal(table.name)}")
        _run(
            session,
            f"""INSERT INTO {SCHEMA}.publication_tables VALUES ({literal(table.name)}, {literal(definition)},
            {literal(table.signature(_definition(table)))})""",
        )
    for gone in sorted(set(held) - {table.name for table in publication.tables}):
        _run(session, f"DROP TABLE IF EXISTS {SCHEMA}.{quoted(gone)}")
        _run(session, f"DELETE FROM {SCHEMA}.publication_tables WHERE table_name = {literal(gone)}")
    row = (publication.version, publication.night, publication.published_at)
    values = ", ".join(map(literal, row))
    _run(session, f"DELETE FROM {SCHEMA}.publication; INSERT INTO {SCHEMA}.publication VALUES ({values})")


def _digest(table: Table) -> str:
    """A hash of what readers see of a table besides its rows: columns, labels, indexes."""
    shape = (_definition(table), table.comment, table.indexes, [column.label for column in table.columns])
    return hashlib.sha256(repr(shape).encode()).hexdigest()


def _describe(session: "Session[Any]", name: str, table: Table) -> None:
    for column in table.indexes:
        _run(session, f"CREATE INDEX ON {name} ({quoted(column)})")
    _run(session, f"COMMENT ON TABLE {name} IS {literal(table.comment)}")
    for labelled in (column for column in table.columns if column.label):
        _run(session, f"COMMENT ON COLUMN {name}.{quoted(labelled.name)} IS {literal(labelled.label)}")


def _run(session: "Session[Any]", statement: str) -> None:
    session.execute(statement.encode())


def _rows(session: "Session[Any]", query: str, *values: object) -> list[tuple[Any, ...]]:
    return session.execute(query.encode(), values or None).fetchall()

"""A file that is mostly free space is rewritten with everything in it; a crash leaves the one there was."""

import shutil
from pathlib import Path

import duckdb
import pytest

from followthrough.errors import FollowthroughError
from followthrough.versions import compaction
from followthrough.versions.compaction import compact

ROWS, NIGHTS = 60_000, 60
MOST = 1.5
"""How many times as large as a full build's file a candidate may be."""


def run(database: Path, *statements: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(database)) as connection:
        for statement in statements:
            rows = connection.execute(statement).fetchall()
    return rows


def made(number: int) -> str:
    """A mart of other numbers each night, that does not compress well."""
    return f"SELECT i, hash(i + {number}) AS a, hash(i * {number + 2}) AS b FROM range({ROWS}) AS r(i)"


@pytest.fixture
def loose(tmp_path):
    """A candidate whose mart was made anew, with everything readers and dbt may leave in it."""
    database = tmp_path / "followthrough.duckdb"
    run(
        database,
        "CREATE SCHEMA marts",
        "CREATE SCHEMA bi",
        "CREATE SCHEMA bronze",
        f"CREATE TABLE marts.before AS {made(0)}",
        "CHECKPOINT",
        f"CREATE TABLE marts.t AS {made(1)}",
        "CHECKPOINT",
        "DROP TABLE marts.before",
        "CREATE TABLE marts.shops (id VARCHAR NOT NULL, fen DECIMAL(18, 2) DEFAULT 0, CHECK (fen >= 0))",
        "INSERT INTO marts.shops VALUES ('moss', 1.5)",
        "CREATE VIEW bi.t AS SELECT a AS amount FROM marts.t",
        "COMMENT ON TABLE marts.t IS '一行一个数'",
        "COMMENT ON COLUMN marts.t.a IS '金额'",
        "COMMENT ON VIEW bi.t IS '表'",
        "COMMENT ON COLUMN bi.t.amount IS '金额(元)'",
        f"CREATE VIEW bronze.rows AS FROM read_parquet(['{_parquet(tmp_path)}'])",
        "CREATE MACRO marts.yuan(fen) AS fen / 100",
        "CHECKPOINT",
    )
    return database


def _parquet(folder: Path) -> Path:
    """A file elsewhere, as accepted rows are."""
    path = folder / "elsewhere" / "rows.parquet"
    path.parent.mkdir()
    duckdb.sql("SELECT 1 AS n").write_parquet(str(path))
    return path


def described(database: Path) -> list[object]:
    """Everything the catalogue says about the file, and what its tables hold."""
    everything = [
        "schema_name, table_name, comment, check_constraint_count FROM duckdb_tables()",
        "schema_name, view_name, comment, sql FROM duckdb_views() WHERE NOT internal",
        "schema_name, table_name, column_name, comment, data_type, is_nullable, column_default"
        " FROM duckdb_columns() WHERE NOT internal",
        "schema_name, table_name, constraint_text FROM duckdb_constraints()",
        "schema_name, function_name, macro_definition FROM duckdb_functions() WHERE NOT internal",
        "tags FROM duckdb_databases() WHERE NOT internal",
        "sum(i), sum(a), sum(b), count(*) FROM marts.t",
        "* FROM marts.shops",
        "count(amount) FROM bi.t",
        "* FROM bronze.rows",
    ]
    return [sorted(run(database, f"SELECT {what}")) for what in everything]


def test_a_loose_file_is_rewritten_with_everything_in_it(loose):
    before, size = described(loose), loose.stat().st_size
    assert compact(loose)
    assert loose.stat().st_size < size / 1.5
    assert described(loose) == before
    assert {path.name for path in loose.parent.iterdir()} == {loose.name, "elsewhere"}


def test_a_dense_file_stays_as_it_is(loose):
    compact(loose)
    before = loose.stat()
    assert not compact(loose)
    assert (loose.stat().st_ino, loose.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_what_a_crash_left_beside_is_replaced(loose):
    before = described(loose)
    loose.with_name(f"{loose.name}.compact").write_bytes(b"half a file")
    assert compact(loose)
    assert described(loose) == before


def test_a_copy_that_lacks_rows_is_refused_and_the_file_is_left(loose, monkeypatch):
    before = described(loose)
    counts = iter([[("marts", "t", 1)], [("marts", "t", 2)]])
    monkeypatch.setattr(compaction, "_contents", lambda *_: next(counts))
    with pytest.raises(FollowthroughError, match="could not be copied whole"):
        compact(loose)
    assert described(loose) == before


def test_after_many_nights_a_file_is_hardly_larger_than_one_made_at_once(tmp_path):
    """Every night changes rows of a big table and makes another anew, on a copy of the last night's file."""
    database, copy = tmp_path / "night.duckdb", tmp_path / "candidate.duckdb"
    run(database, f"CREATE TABLE big AS {made(0)}", f"CREATE TABLE small AS {made(1)} LIMIT 20000")
    rewritten, sizes = 0, []
    for night in range(2, NIGHTS + 2):
        shutil.copyfile(database, copy)
        touched = f"i % 20 = {night % 20}"
        run(
            copy,
            f"CREATE TEMP TABLE new AS SELECT * FROM ({made(night)}) WHERE {touched}",
            f"DELETE FROM big WHERE {touched}",
            "INSERT INTO big FROM new",
            f"CREATE OR REPLACE TABLE small AS {made(night)} LIMIT 20000",
            "CHECKPOINT",
        )
        rewritten += compact(copy)
        copy.replace(database)
        sizes.append(database.stat().st_size)
    fresh = tmp_path / "fresh.duckdb"
    run(fresh, f"ATTACH '{database}' AS loose (READ_ONLY)", "COPY FROM DATABASE loose TO fresh", "CHECKPOINT")
    assert max(sizes) <= MOST * fresh.stat().st_size
    assert 0 < rewritten < NIGHTS

"""No connection of ours reads, writes or fetches anything outside the folders it was given."""

import duckdb
import pytest

from followthrough.database import connect, literal, quoted


@pytest.fixture
def inside(tmp_path):
    folder = tmp_path / "inside"
    folder.mkdir()
    (folder / "rows.csv").write_text("a,b\n1,2\n")
    (tmp_path / "secret.csv").write_text("a,b\n1,2\n")
    (tmp_path / "inside-not").mkdir()
    (tmp_path / "inside-not" / "rows.csv").write_text("a,b\n1,2\n")
    return folder


def test_files_of_the_given_folders_can_be_read_and_written(inside):
    with connect(folders=(inside,)) as connection:
        rows = connection.execute(f"FROM read_csv({literal(inside / 'rows.csv')})").fetchall()
        connection.execute(f"COPY (SELECT 1 AS a) TO {literal(inside / 'out.parquet')} (FORMAT parquet)")
    assert rows == [(1, 2)]
    assert (inside / "out.parquet").exists()


@pytest.mark.parametrize(
    "statement",
    [
        "FROM read_text('/etc/hostname')",
        "FROM read_text('{inside}/../secret.csv')",
        "FROM read_csv('{inside}-not/rows.csv')",
        "ATTACH '{inside}-not/other.duckdb' AS other",
        "COPY (SELECT 1) TO '{inside}-not/out.csv'",
        "FROM read_csv('https://example.org/rows.csv')",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET allowed_directories = ['/']",
    ],
)
def test_everything_else_is_out_of_reach(inside, statement):
    with connect(folders=(inside,)) as connection, pytest.raises(duckdb.Error):
        connection.execute(statement.format(inside=inside)).fetchall()
    assert not (inside.parent / "inside-not" / "out.csv").exists()


def test_without_folders_no_file_can_be_read(inside):
    with connect() as connection, pytest.raises(duckdb.PermissionException):
        connection.execute(f"FROM read_csv({literal(inside / 'rows.csv')})")


def test_a_database_opened_read_only_stays_as_it_is(tmp_path):
    with connect(tmp_path / "a.duckdb") as connection:
        connection.execute("CREATE TABLE t AS SELECT 1 AS a")
    with connect(tmp_path / "a.duckdb", read_only=True) as connection:
        assert connection.execute("FROM t").fetchall() == [(1,)]
        with pytest.raises(duckdb.InvalidInputException, match="read-only"):
            connection.execute("DELETE FROM t")


def test_every_session_runs_in_shanghai_time_and_keeps_file_order():
    with connect() as connection:
        settings = "current_setting('TimeZone'), current_setting('preserve_insertion_order')"
        assert connection.execute(f"SELECT {settings}").fetchone() == ("Asia/Shanghai", True)
        midnight = "'2026-09-01 16:00:00+00'::TIMESTAMPTZ::DATE::VARCHAR"
        assert connection.execute(f"SELECT {midnight}").fetchone() == ("2026-09-02",)


@pytest.mark.parametrize("text", ["plain", "it's", "''", '"', "苔原", "; DROP TABLE t", "\\", "\n"])
def test_literals_and_names_come_back_as_they_went_in(text):
    with connect() as connection:
        cursor = connection.execute(f"SELECT {literal(text)} AS {quoted(text)}")
        assert (cursor.fetchone(), cursor.description[0][0]) == ((text,), text)


def test_what_does_not_fit_into_the_memory_given_goes_to_the_first_folder(inside):
    with connect(folders=(inside,), memory="60MB") as connection:
        connection.execute(
            "CREATE TABLE many AS SELECT i, repeat('x', 100) || i AS text FROM range(2000000) r(i)"
        )
        spilt = sum(file.stat().st_size for file in (inside / ".spill").iterdir())
        assert connection.execute("SELECT count(*), max(i) FROM many").fetchall() == [(2_000_000, 1_999_999)]
    assert spilt > 1_000_000

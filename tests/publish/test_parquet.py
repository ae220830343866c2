"""The Parquet files say what the published file says, and an unchanged month is not written again."""

from datetime import date

import duckdb
import pytest

from followthrough.publish import parquet
from followthrough.publish.summaries import summarise

DATES = {"marts.facts": "day"}


@pytest.fixture
def version(tmp_path):
    """Lay a version with these facts in a folder of its own; the folder and the manifest's summaries."""

    def version(name, *facts, change=""):
        folder = tmp_path / name
        folder.mkdir()
        with duckdb.connect(str(folder / "followthrough.duckdb")) as connection:
            connection.execute("CREATE SCHEMA marts; CREATE TABLE marts.facts (day DATE, fen BIGINT)")
            connection.execute("CREATE TABLE marts.shops AS SELECT 'moss' AS shop_id")
            connection.execute("CREATE SCHEMA trust; CREATE TABLE trust.loads AS SELECT 'l1' AS load_id")
            for fact in facts:
                connection.execute("INSERT INTO marts.facts VALUES (?, ?)", fact)
            connection.execute(change or "SELECT 1")
        return folder, summarise(folder / "followthrough.duckdb", DATES)

    return version


def rows(pattern):
    return sorted(duckdb.sql(f"SELECT day, fen FROM read_parquet('{pattern}')").fetchall(), key=str)


MAY, JUNE = (date(2026, 5, 31), 1), (date(2026, 6, 1), 2)


def test_a_table_with_a_business_date_is_split_by_its_months(version):
    folder, tables = version("1", MAY, JUNE, (None, 3))
    parquet.write(folder, tables, DATES, None)
    facts = folder / "parquet" / "marts" / "facts"
    assert {path.stem for path in facts.iterdir()} == {"2026-05", "2026-06", "undated"}
    assert rows(facts / "*.parquet") == sorted([MAY, JUNE, (None, 3)], key=str)
    assert rows(facts / "2026-06.parquet") == [JUNE]
    assert (folder / "parquet" / "marts" / "shops.parquet").exists()


def test_only_a_touched_month_is_written(version):
    before, old = version("1", MAY, JUNE)
    parquet.write(before, old, DATES, None)
    after, new = version("2", MAY, JUNE, (date(2026, 6, 2), 5))
    parquet.write(after, new, DATES, (before, old))
    same = [
        (before / f"parquet/marts/facts/{month}.parquet").samefile(
            after / f"parquet/marts/facts/{month}.parquet"
        )
        for month in ("2026-05", "2026-06")
    ]
    assert same == [True, False]
    assert rows(after / "parquet/marts/facts/*.parquet") == [MAY, JUNE, (date(2026, 6, 2), 5)]


def test_a_mart_without_months_is_linked_while_it_is_the_same_and_trust_is_always_written(version):
    before, old = version("1", MAY)
    parquet.write(before, old, DATES, None)
    after, new = version("2", MAY)
    change = "INSERT INTO marts.shops VALUES ('pine')"
    later, newer = version("3", MAY, change=change)
    for folder, tables in ((after, new), (later, newer)):
        parquet.write(folder, tables, DATES, (before, old))
    names = ("marts/shops.parquet", "trust/loads.parquet")
    same = [[(before / "parquet" / n).samefile(f / "parquet" / n) for n in names] for f in (after, later)]
    assert same == [[True, False], [False, False]]
    assert len(duckdb.read_parquet(str(later / "parquet/marts/shops.parquet"))) == 2


def test_a_table_the_version_before_did_not_have_is_written(version):
    before, old = version("1", MAY)
    parquet.write(before, old, DATES, None)
    after, new = version("2", MAY, change="CREATE TABLE marts.more AS SELECT 1 AS n")
    parquet.write(after, new, DATES, (before, old))
    assert (after / "parquet/marts/more.parquet").exists()


def test_an_unchanged_month_whose_file_is_gone_is_written(version):
    before, old = version("1", MAY)
    after, new = version("2", MAY)
    parquet.write(after, new, DATES, (before, old))
    assert rows(after / "parquet/marts/facts/2026-05.parquet") == [MAY]


def test_nobody_can_write_the_files(version):
    folder, tables = version("1", MAY)
    parquet.write(folder, tables, DATES, None)
    modes = {path.stat().st_mode & 0o777 for path in (folder / "parquet").rglob("*.parquet")}
    assert modes == {0o444}

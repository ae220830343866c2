"""Content hashes differ with any value, not with the order of rows, and are taken over where they can be."""

import shutil
from collections import Counter
from datetime import date

import duckdb
import pytest
from hypothesis import assume, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from followthrough.publish import summaries
from followthrough.publish.summaries import KnownHashes, read_known, save_known, summarise

texts = st.none() | st.text(alphabet="a|\\N'", max_size=4)
rows = st.lists(st.tuples(texts, texts, st.none() | st.integers(0, 3)), max_size=4)


@pytest.fixture(scope="module")
def hashed():
    """The summary of a table of these rows."""
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA marts")

        def hashed(content: list[tuple[object, ...]]) -> dict[str, object]:
            connection.execute("CREATE OR REPLACE TABLE marts.t (a VARCHAR, b VARCHAR, n BIGINT)")
            for row in content:
                connection.execute("INSERT INTO marts.t VALUES (?, ?, ?)", row)
            return summaries._summarise(connection, "marts.t", "", KnownHashes())

        yield hashed


@limits(max_examples=50, deadline=None)
@given(content=rows, random=st.randoms())
def test_the_hash_does_not_depend_on_the_order_of_rows(hashed, content, random):
    shuffled = content.copy()
    random.shuffle(shuffled)
    assert hashed(shuffled) == hashed(content)


@limits(max_examples=50, deadline=None)
@given(one=rows, other=rows)
def test_the_hash_changes_with_any_value(hashed, one, other):
    assume(Counter(one) != Counter(other))
    assert hashed(one) != hashed(other)


@limits(max_examples=50, deadline=None)
@given(days=st.lists(st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=6))
def test_the_hashes_of_the_months_add_up_to_that_of_the_table(days):
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA marts; CREATE TABLE marts.t (day DATE)")
        for day in days:
            connection.execute("INSERT INTO marts.t VALUES (?)", [day])
        whole = summaries._summarise(connection, "marts.t", "", KnownHashes())
        parts = summaries._summarise(connection, "marts.t", "day", KnownHashes())
    months = parts.pop("months")
    assert parts == whole
    assert set(months) == {day.strftime("%Y-%m") if day else "undated" for day in days}
    for half in (slice(0, 16), slice(16, 32)):
        added = sum(int(content[half], 16) for content in months.values()) % 2**64
        assert added == int(whole["rows_hash"][half], 16)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([("a|", "b", 1)], [("a", "|b", 1)]),
        ([(None, "b", 1)], [("\\N", "b", 1)]),
        ([("", "b", 1)], [(None, "b", 1)]),
        ([("a", "b", 1)], [("a", "b", 1), ("a", "b", 1)]),
        ([("a", "b", 1), ("c", "d", 2)], [("a", "d", 1), ("c", "b", 2)]),
    ],
)
def test_the_hash_tells_rows_apart_that_look_alike(hashed, one, other):
    assert hashed(one) != hashed(other)


MONTHS = {"marts.facts": "day"}
BEFORE_MONTHS = {
    "marts.facts": {
        "rows": 3,
        "rows_hash": "570fa9b0a8f4be50c1e0a04ae357d8ea",
        "months": {
            "2026-05": "c084feea65b5efba20334bd2bcdebc1c",
            "2026-06": "5a3219d61ad5577c1b2fb0b8aaae334a",
            "undated": "3c5890f02869771a867da3bf7bcae984",
        },
    },
    "marts.nothing": {"rows": 0, "rows_hash": "0" * 32},
    "trust.loads": {"rows": 1, "rows_hash": "c591be0f0f2224eca82a626236ee0317"},
}
"""What version 0.1.0 wrote of the same rows."""


@pytest.fixture
def database(tmp_path):
    """A published file: facts of two months and of none, a table without rows, and one of trust."""
    path = tmp_path / "followthrough.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE SCHEMA marts; CREATE SCHEMA trust; CREATE SCHEMA bi")
        connection.execute("CREATE TABLE marts.facts (day DATE, fen BIGINT, share DOUBLE, words VARCHAR)")
        connection.execute(
            """INSERT INTO marts.facts VALUES ('2026-05-31', 100, 0.1, 'a|b\\'),
            ('2026-06-01', NULL, '-0.0'::DOUBLE, ''), (NULL, 3, 1e300, '中文')"""
        )
        connection.execute("CREATE TABLE marts.nothing (n BIGINT)")
        connection.execute(
            "CREATE TABLE trust.loads AS SELECT 'l1' AS load_id, TIMESTAMP '2026-06-01 09:00' AS at"
        )
        connection.execute("CREATE VIEW bi.facts AS FROM marts.facts")
    return path


@pytest.fixture
def hashed_again(monkeypatch):
    """The months that were hashed, by table."""
    asked, real = [], summaries._hashes

    def hashes(connection, table, columns, month, parts):
        asked.append((table, sorted(parts)))
        return real(connection, table, columns, month, parts)

    monkeypatch.setattr(summaries, "_hashes", hashes)
    return asked


def change(database, statement):
    with duckdb.connect(str(database)) as connection:
        connection.execute(statement)


def test_the_figures_are_those_of_every_version_before(database):
    assert summarise(database, MONTHS) == BEFORE_MONTHS


def test_what_is_known_is_not_hashed_again(database, hashed_again):
    known = KnownHashes()
    first = summarise(database, MONTHS, known)
    hashed_again.clear()
    assert summarise(database, MONTHS, KnownHashes(known.used)) == first
    assert hashed_again == []


@pytest.mark.parametrize(
    ("statement", "months"),
    [
        ("UPDATE marts.facts SET fen = 101 WHERE fen = 100", ["2026-05"]),
        ("UPDATE marts.facts SET fen = 0 WHERE fen IS NULL", ["2026-06"]),
        (
            "UPDATE marts.facts SET share = 1 WHERE share = 0;"
            "UPDATE marts.facts SET share = 0 WHERE share = 1",  # it was -0.0
            ["2026-06"],
        ),
        ("UPDATE marts.facts SET words = NULL WHERE words = ''", ["2026-06"]),
        ("UPDATE marts.facts SET day = '2026-06-30' WHERE day IS NULL", ["2026-06"]),
        ("INSERT INTO marts.facts FROM marts.facts WHERE day IS NULL", ["undated"]),
        ("INSERT INTO marts.facts (day) VALUES ('2026-07-01')", ["2026-07"]),
        ("DELETE FROM marts.facts WHERE day IS NULL", []),
        ("ALTER TABLE marts.facts ALTER fen TYPE DECIMAL(18, 2)", ["2026-05", "2026-06", "undated"]),
    ],
)
def test_only_a_month_that_changed_is_hashed(database, hashed_again, statement, months):
    known = KnownHashes()
    summarise(database, MONTHS, known)
    change(database, statement)
    hashed_again.clear()
    made = summarise(database, MONTHS, KnownHashes(known.used))
    assert hashed_again == ([("marts.facts", months)] if months else [])
    assert made == summarise(database, MONTHS)


def test_what_is_known_is_kept_for_the_next_version_and_losing_it_loses_nothing(home, database):
    known = read_known(home)
    made = summarise(database, MONTHS, known)
    save_known(home, known)
    assert read_known(home).before == known.used
    change(database, "DROP TABLE trust.loads")
    later = read_known(home)
    assert summarise(database, MONTHS, later) == {name: made[name] for name in made if name != "trust.loads"}
    save_known(home, later)
    assert len(read_known(home).before) == len(known.used) - 1
    shutil.rmtree(home.index)
    assert read_known(home).before == {}

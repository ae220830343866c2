"""Many loads asked at once get the checks each gets when Great Expectations is asked about it alone."""

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st

from followthrough.checks import load_batches
from followthrough.checks.load_batches import _ask, _Union
from followthrough.checks.run_suites import Batch, SuiteRunner, run_suites, suite_runner
from followthrough.checks.suites import Expectation, Suite
from followthrough.paths import PROJECT

_NUMBERS = st.one_of(st.none(), st.integers(-2, 6))
_LOADS = st.lists(st.lists(st.tuples(_NUMBERS, _NUMBERS), max_size=6), min_size=1, max_size=5)


def _expect(kind: str, **kwargs: object) -> Expectation:
    return Expectation(kind, kwargs, "warning", "reason", "原因")


def _rows_where(query: str) -> Expectation:
    return _expect("unexpected_rows_expectation", unexpected_rows_query=query)


SUITE = Suite(
    "numbers",
    "rows",
    (
        _expect("expect_column_values_to_not_be_null", column="a"),
        _expect("expect_column_values_to_not_be_null", column="a", mostly=0.5),
        _expect("expect_column_values_to_be_between", column="a", min_value=0, max_value=4),
        _expect("expect_column_values_to_be_between", column="b", max_value=4, mostly=0.9),
        _expect("expect_column_values_to_be_in_set", column="a", value_set=[1, 2, 3]),
        _expect("expect_column_values_to_be_in_set", column="b", value_set=[1, 2, 3], mostly=0.3),
        _expect("expect_column_values_to_be_between", column="secret", max_value=1),
        _expect("expect_column_values_to_be_unique", column="a"),
        _expect("expect_table_row_count_to_be_between", min_value=1, max_value=4),
        _rows_where("SELECT a FROM {batch} WHERE a > b"),
        _rows_where("SELECT a FROM {batch} GROUP BY a HAVING count(DISTINCT b) > 1"),
        _rows_where("SELECT 1 FROM {batch} HAVING sum(a) > 6"),
    ),
)


def _ask_each_way(folder: Path, loads: list[list[tuple[int | None, int | None]]], suite: Suite) -> tuple:
    """The checks of every load, asked together and asked alone, and how many batches the first took."""
    database = folder / "loads.duckdb"
    database.unlink(missing_ok=True)
    with duckdb.connect(str(database)) as connection:
        connection.execute("CREATE TABLE all_rows (load_id VARCHAR, a BIGINT, b BIGINT, secret BIGINT)")
        for load, rows in enumerate(loads):
            for a, b in rows:
                connection.execute("INSERT INTO all_rows VALUES (?, ?, ?, ?)", (f"load{load}", a, b, a))
    parts = {
        f"load{load}": f"SELECT * FROM all_rows WHERE load_id = 'load{load}'" for load in range(len(loads))
    }
    with suite_runner(database, {"secret"}) as runner:
        answer = _ask(runner, _Union("numbers", suite, "all_rows", parts))
    with duckdb.connect(str(database)) as connection:
        for load_id, part in parts.items():
            connection.execute(f"CREATE VIEW {load_id} AS {part}")
    alone = run_suites(database, [Batch(load, suite, load) for load in parts], {"secret"})
    return answer, {load: [check for check in alone if check.batch == load] for load in parts}


@tried(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(loads=_LOADS)
def test_every_load_gets_the_checks_it_would_get_alone(tmp_path, loads):
    together, alone = _ask_each_way(tmp_path, loads, SUITE)
    for load, rows in enumerate(loads):
        # Of no rows Great Expectations says "unexpected 0 of 0" or nothing, by what it has asked before.
        of_load = (together.checks[f"load{load}"], alone[f"load{load}"])
        got, expected = ([replace(c, observed=c.observed if rows else "") for c in x] for x in of_load)
        assert got == expected


def test_loads_in_which_nothing_fails_are_one_batch(tmp_path):
    together, alone = _ask_each_way(tmp_path, [[(1, 1)], [(1, 1)], [(1, 2)]], SUITE)
    assert together.checks == alone
    assert [batch.name for batch, _ in together.pages] == ["numbers"]


def test_only_a_load_in_which_something_fails_is_asked_alone_and_only_about_that(tmp_path):
    suite = replace(SUITE, expectations=SUITE.expectations[:6])
    together, alone = _ask_each_way(tmp_path, [[(1, 1)], [(9, 1)], [(1, 2)]], suite)
    assert together.checks == alone
    (_, (batch, results)) = together.pages
    assert batch.name == "load1"
    assert [not result.success for result in results] == [True, True]


@pytest.mark.parametrize("broken", [_rows_where("SELECT nothing FROM {batch}"), _rows_where("SELEC {batch}")])
def test_what_cannot_be_asked_fails_each_load_and_spares_the_other_promises(tmp_path, broken):
    suite = replace(SUITE, expectations=(*SUITE.expectations[:1], broken))
    together, alone = _ask_each_way(tmp_path, [[(1, 1)], [(None, 1)]], suite)
    assert together.checks == alone
    assert [check.severity for check in together.checks["load0"]] == ["warning", "critical"]


def test_every_suite_is_asked_of_all_loads_at_once_as_far_as_nothing_fails(tmp_path):
    """A promise that is neither row by row nor countable costs a batch per load: none of ours is."""
    for path in sorted((PROJECT / "expectations" / "raw").glob("*.yml")):
        for expectation in load_batches.load_suite(path).expectations:
            assert load_batches.can_be_counted(expectation), (path.name, expectation)


def test_the_pages_of_many_loads_are_few(settings, load_bytes, monkeypatch):
    asked = []
    results = SuiteRunner.results
    monkeypatch.setattr(
        SuiteRunner, "results", lambda self, batch: asked.append(batch) or results(self, batch)
    )
    header = ",".join(settings.exports["youzan__orders"].header)
    receipts = [load_bytes(f"{header}\n".encode() + b"\n" * lines) for lines in range(3)]
    checks = load_batches.check_each_load(settings, receipts)
    assert {len(of_load) for of_load in checks.values()} == {len(checks[receipts[0].load_id])}
    assert len(asked) == 2, [batch.name for batch in asked]

"""Every generic data test is answered a table at a time, and as dbt answers it."""

import shutil
from datetime import date, datetime
from types import SimpleNamespace

import pytest

from followthrough.database import quoted
from followthrough.errors import FollowthroughError
from followthrough.runs.journal import Run
from followthrough.settings import from_environment
from followthrough.versions import candidate
from followthrough.warehouse import data_tests
from followthrough.warehouse import dbt_runner as warehouse

VALUES = {
    "VARCHAR": "'{text}'",
    "BOOLEAN": "true",
    "DATE": "DATE '2026-09-01'",
    "TIMESTAMP": "TIMESTAMP '2026-09-01'",
}


@pytest.fixture
def settings(empty, tmp_path):
    """Those of a home whose candidate holds every table and not one row."""
    home = tmp_path / "home"
    shutil.copytree(empty.home.root, home, symlinks=True)
    return from_environment({"FOLLOWTHROUGH_HOME": str(home)})


@pytest.fixture(scope="module")
def generic(manifest):
    """The generic data tests of the project."""
    return [node for node in manifest.nodes.values() if getattr(node, "test_metadata", None)]


def spoil(connection) -> None:
    """Give every table rows that no test of it allows, and one that some do.

    Two rows are empty, two hold the name of their table and one the same in every table.
    """
    tables = connection.execute(
        "SELECT database_name, schema_name, table_name FROM duckdb_tables() WHERE schema_name <> 'run'"
    ).fetchall()
    for table in tables:
        name = ".".join(map(quoted, table))
        connection.execute(f"CREATE OR REPLACE TABLE {name} AS FROM {name} LIMIT 0")
        kinds = [row[1] for row in connection.execute(f"DESCRIBE {name}").fetchall()]
        rows = [
            ", ".join(VALUES.get(kind, "7").format(text=text) for kind in kinds) for text in (table[2], "one")
        ]
        nulls = ", ".join(["NULL"] * len(kinds))
        connection.execute(
            f"INSERT INTO {name} VALUES ({nulls}), ({nulls}), ({rows[0]}), ({rows[0]}), ({rows[1]})"
        )


def test_each_is_answered_as_dbt_answers_it(settings, generic, invoke):
    with warehouse.opened(settings.home) as connection:
        spoil(connection)
    ours = {result["name"]: result for result in warehouse.Dbt(settings).test()}
    results = invoke(
        "test", "--exclude-resource-type", "unit_test", candidate=settings.home.candidate
    ).results
    theirs = {
        r.node.name: warehouse._result(r.node, r.failures)
        for r in results
        if hasattr(r.node, "test_metadata")
    }
    assert ours == theirs
    assert set(ours) == {test.name for test in generic}
    failed = {test.test_metadata.name for test in generic if not ours[test.name]["passed"]}
    assert failed == set(data_tests.KINDS)
    assert {ours[test.name]["severity"] for test in generic} == {"critical", "warning"}


def test_an_empty_table_passes(settings, generic):
    answers = warehouse.Dbt(settings).test()
    assert sorted(result["name"] for result in answers) == sorted(test.name for test in generic)
    assert {(result["passed"], result["failures"], result["severity"]) for result in answers} == {
        (True, 0, "critical")
    }


def test_a_table_that_was_skipped_is_passed_by(settings):
    with warehouse.opened(settings.home) as connection:
        connection.execute("DROP TABLE followthrough.marts.contents")
    answers = {result["name"]: result for result in warehouse.Dbt(settings).test()}
    assert "unique_contents_content_id" not in answers
    assert "relationships_content_daily_content_id__content_id__ref_contents_" not in answers
    assert "not_null_content_daily_content_id" in answers
    assert all(result["passed"] for result in answers.values())


def test_only_what_was_built_is_asked(settings, generic):
    asked = {result["name"] for result in warehouse.Dbt(settings).test({"contents"})}
    assert "unique_contents_content_id" in asked
    assert "relationships_content_daily_content_id__content_id__ref_contents_" in asked
    assert "not_null_content_daily_content_id" not in asked


def test_a_kept_table_is_asked_about_the_rows_made_anew(settings):
    """A fault among them is found, one among the others on the night that asks of all rows."""
    dbt = warehouse.Dbt(settings)

    def failing(touched: str, all_rows: bool) -> set[str]:
        with warehouse.opened(settings.home) as connection:
            connection.execute(
                "DELETE FROM intermediate.int_customer_totals;"
                "INSERT INTO intermediate.int_customer_totals BY NAME SELECT unnest(['c1', 'c1', 'c2']) AS"
                " customer_id; DELETE FROM intermediate.int_touched_customers;"
                f"INSERT INTO intermediate.int_touched_customers VALUES ('{touched}')"
            )
        results = dbt.test({"int_customer_totals"}, all_rows)
        assert {r["observed"] for r in results if r["passed"]} <= {"", "none of tonight's rows"}
        return {result["name"] for result in results if not result["passed"]}

    (repeated,) = failing("c1", all_rows=False)
    assert repeated.startswith("unique_int_customer_totals")
    assert failing("c2", all_rows=False) == set()
    assert failing("c2", all_rows=True) == {repeated}


def test_a_night_asks_each_data_test_once(empty, manifest):
    night = Run("empty", date(2026, 9, 30), datetime(2026, 10, 1, 9))
    asked = [test["name"] for test in candidate.read(empty.home, night).tests]
    assert sorted(asked) == sorted(n.name for n in manifest.nodes.values() if n.resource_type == "test")


@pytest.mark.parametrize(
    ("changed", "asked"),
    [
        ({"where": "paid_fen > 0"}, "where"),
        ({"limit": 5}, "limit"),
        ({"error_if": "> 10"}, "error_if"),
    ],
)
def test_what_the_one_query_does_not_answer_is_refused(changed, asked):
    config = SimpleNamespace(**{**data_tests._PLAIN, **changed})
    test = SimpleNamespace(
        name="lenient",
        config=config,
        attached_node="model.followthrough.orders",
        test_metadata=SimpleNamespace(
            name="unique", kwargs={"model": "{{ ref('orders') }}", "column_name": "a"}
        ),
    )
    with pytest.raises(
        FollowthroughError, match=f"the data test lenient asks for {asked}, which a night does not"
    ):
        data_tests._refuse_more_than_a_count(test)


def test_jinja_in_an_argument_is_refused(generic):
    (test, *_) = [test for test in generic if test.test_metadata.name == "expression_is_true"]
    data_tests._refuse_more_than_a_count(test)
    kwargs = {**test.test_metadata.kwargs, "condition": "{{ date_of('a') }} is null"}
    templated = SimpleNamespace(
        name=test.name,
        config=test.config,
        attached_node=test.attached_node,
        test_metadata=SimpleNamespace(name=test.test_metadata.name, kwargs=kwargs),
    )
    with pytest.raises(FollowthroughError, match="Jinja in its arguments"):
        data_tests._refuse_more_than_a_count(templated)

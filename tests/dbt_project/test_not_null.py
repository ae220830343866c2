"""The not_null tests are counted a table at a time, and say what dbt would."""

import shutil

import pytest

from followthrough import candidate, warehouse
from followthrough.engine import connect
from followthrough.settings import from_environment


@pytest.fixture(scope="module")
def not_null(manifest):
    """The not_null tests of the project."""
    tests = [node for node in manifest.nodes.values() if getattr(node, "test_metadata", None)]
    return [test for test in tests if test.test_metadata.name == "not_null"]


@pytest.fixture
def dbt(empty, tmp_path):
    """dbt on a candidate of its own, with every table and not one row."""
    home = tmp_path / "home"
    shutil.copytree(empty.home.root, home, symlinks=True)
    return warehouse.Dbt(from_environment({"FOLLOWTHROUGH_HOME": str(home)}))


def test_each_is_counted_and_an_empty_table_passes(dbt, not_null):
    counted = dbt.count_nulls()
    assert sorted(result["name"] for result in counted) == sorted(test.name for test in not_null)
    assert {(result["passed"], result["failures"], result["severity"]) for result in counted} == {
        (True, 0, "critical")
    }


def test_rows_without_a_value_are_counted(dbt, tmp_path):
    with connect(
        candidate.public_file(from_environment({"FOLLOWTHROUGH_HOME": str(tmp_path / "home")}).home)
    ) as db:
        db.execute("CREATE OR REPLACE TABLE marts.brands AS FROM marts.brands LIMIT 0")
        db.execute("INSERT INTO marts.brands (brand_id) VALUES (NULL), (NULL), ('moss')")
    failed = {result["name"]: result for result in dbt.count_nulls() if not result["passed"]}
    assert failed["not_null_brands_brand_id"] == {
        "name": "not_null_brands_brand_id", "model": "brands", "severity": "critical",
        "passed": False, "failures": 2,
    }  # fmt: skip
    assert {result["model"] for result in failed.values()} == {"brands"}


def test_a_table_that_was_skipped_is_passed_by(dbt, tmp_path):
    home = from_environment({"FOLLOWTHROUGH_HOME": str(tmp_path / "home")}).home
    with connect(candidate.public_file(home)) as connection:
        connection.execute("DROP TABLE marts.content_wide")
    counted = dbt.count_nulls()
    assert "content_wide" not in {result["model"] for result in counted}
    assert all(result["passed"] for result in counted)


def test_none_asks_for_more_than_the_one_query_answers(not_null):
    for test in not_null:
        config = test.config
        assert (config.where, config.limit, config.fail_calc, config.warn_if, config.error_if) == (
            None, None, "count(*)", "!= 0", "!= 0",
        ), test.name  # fmt: skip
        assert test.resource_type == "test"
        assert test.attached_node, test.name

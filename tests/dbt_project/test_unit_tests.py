"""Every rule gives what its unit tests say; which models need some stands in dbt-bouncer.yml."""

from datetime import date, datetime

import duckdb
import pytest

from followthrough.runs.journal import Run
from followthrough.versions import candidate


@pytest.fixture(scope="module")
def results(empty, invoke):
    """What became of every unit test, on tables that have their types and no rows."""
    return invoke("test", "--select", "test_type:unit", candidate=empty.home.candidate).results


def test_every_rule_gives_what_its_unit_tests_say(results):
    assert results
    assert {result.node.name: result.message for result in results if str(result.status) != "pass"} == {}


def test_the_build_of_a_night_runs_no_unit_test(empty):
    night = Run("empty", date(2026, 9, 30), datetime(2026, 10, 1, 9))
    names = {test["name"] for test in candidate.read(empty.home, night).tests}
    assert names
    assert not {name for name in names if name.startswith("stages_")}


def test_the_days_reach_from_a_time_of_zero_seconds_to_the_night(empty):
    """A platform that writes 0 for a time it does not know starts the calendar in 1970."""
    (compiled,) = (empty.home.dbt / "target" / "compiled").rglob("dates.sql")
    query = compiled.read_text("utf-8").replace('"private".', "").replace('"followthrough".', "")
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE SCHEMA run; CREATE SCHEMA intermediate; CREATE SCHEMA marts;"
            "CREATE TABLE run.night AS SELECT DATE '2026-09-30' AS night;"
            "CREATE TABLE marts.customer_stage_history AS SELECT DATE '1970-01-01' AS valid_from;"
            "CREATE TABLE intermediate.int_orders AS SELECT NULL::DATE AS created_date;"
            "CREATE TABLE intermediate.int_refunds AS SELECT NULL::DATE AS refunded_date;"
            "CREATE TABLE intermediate.int_campaign_phases AS SELECT NULL AS campaign_id, NULL AS phase,"
            " NULL AS shop_id, NULL::TIMESTAMP AS starts_at, NULL::TIMESTAMP AS ends_at;"
            "CREATE TABLE run.chinese_days AS SELECT NULL::DATE AS day, NULL::BOOLEAN AS is_workday,"
            " NULL::BOOLEAN AS is_adjusted, NULL AS holiday_zh, NULL AS lunar_date_zh, NULL AS festival_zh,"
            " NULL::DATE AS same_festival_last_year"
        )
        found = connection.execute(f"SELECT min(date_day), max(date_day), count(*) FROM ({query})")
        first, last, days = found.fetchone()
    assert (str(first), str(last)) == ("1970-01-01", "2026-09-30")
    assert days == (last - first).days + 1

"""The DAG that looks for what has come between two mornings."""

import pytest


@pytest.fixture(scope="module")
def arrivals(read):
    return read["dags"]["arrivals"]


def test_it_looks_every_three_minutes_one_look_at_a_time_and_none_is_caught_up(arrivals):
    assert "*/3 * * * *" in arrivals["schedule"]
    assert (arrivals["max_active_runs"], arrivals["catchup"]) == (1, False)


def test_the_night_is_started_only_after_a_look_that_found_something(arrivals):
    tasks = arrivals["tasks"]
    assert {name: task["after"] for name, task in tasks.items()} == {
        "poll": [],
        "run_night": ["poll"],
        "remind": [],
    }
    assert tasks["poll"]["kind"] == "_ShortCircuitDecoratedOperator"


def test_a_look_takes_no_slot_of_the_night_is_not_retried_and_ends_soon(arrivals):
    for task in arrivals["tasks"].values():
        assert (task["pool"], task["retries"]) == ("default_pool", 0)
        assert 0 < task["timeout"] <= 600


def test_everything_says_what_to_do_if_it_fails(arrivals):
    assert "**If it fails**" in arrivals["doc"]
    assert all(" If it fails: " in task["doc"] for task in arrivals["tasks"].values())

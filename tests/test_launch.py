"""The exit status a night comes to, and an Airflow that needs nothing set up."""

import shutil
import sys

import pytest

from followthrough import launch
from followthrough.errors import FollowthroughError
from followthrough.launch import FAILED, PUBLISHED, REFUSED, airflow_environment, status

PULLED = {"step": "pull_youzan"}
BUILT = {"step": "build", "built": True}
NOTHING_NEW = {"step": "build", "built": False}
CHECKED = {"step": "check_marts", "passed": 9}
DONE = {"step": "publish", "version": "000001-2026-09-30"}
SHOWN = {"step": "refresh", "page": "x.html"}


def failed(step: str, error: str = "FollowthroughError") -> dict[str, str]:
    return {"step": step, "error": error, "message": "…"}


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([PULLED, BUILT, CHECKED, DONE, SHOWN], PUBLISHED),
        ([PULLED, NOTHING_NEW], PUBLISHED),
        ([failed("pull_youzan"), BUILT, CHECKED, DONE, SHOWN], PUBLISHED),
        ([failed("build"), BUILT, CHECKED, DONE, SHOWN], PUBLISHED),
        ([PULLED, BUILT, failed("check_marts", "GateRefused")], REFUSED),
        ([failed("check_marts", "GateRefused"), BUILT, CHECKED, DONE, SHOWN], PUBLISHED),
        ([PULLED, BUILT, failed("check_marts", "Superseded")], FAILED),
        ([PULLED, failed("build", "Held")], FAILED),
        ([PULLED, BUILT, CHECKED, failed("publish", "Superseded")], FAILED),
        ([PULLED, BUILT, CHECKED], FAILED),
        ([PULLED, BUILT, CHECKED, DONE, failed("refresh", "OSError")], FAILED),
        ([], FAILED),
    ],
)
def test_the_steps_of_a_night_come_to_a_status(steps, expected):
    assert status(steps) == expected


def test_airflow_lives_in_the_home_and_loads_our_dags_only(settings, home):
    environment = airflow_environment(settings)
    assert environment["AIRFLOW_HOME"] == str(home.airflow)
    assert environment["FOLLOWTHROUGH_HOME"] == str(home.root)
    assert environment["AIRFLOW__CORE__LOAD_EXAMPLES"] == "False"
    assert environment["AIRFLOW__CORE__DAGS_FOLDER"] == str(launch._DAG.parent)
    assert launch._DAG.exists()


def test_a_database_that_cannot_be_made_is_an_error_with_a_remedy(settings, monkeypatch):
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    with pytest.raises(FollowthroughError, match=r"could not be made.*delete .*airflow"):
        launch._migrate(settings, {})

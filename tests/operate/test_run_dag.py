"""The exit status a night comes to, and the Airflow it runs in."""

import pytest

from followthrough.operate.run_dag import FAILED, PUBLISHED, REFUSED, night_environment, status

PULLED = {"step": "pull_youzan"}
BUILT = {"step": "build", "built": True}
NOTHING_NEW = {"step": "build", "built": False}
CHECKED = {"step": "check_marts", "passed": 9}
DONE = {"step": "publish", "version": "000001-2026-09-30"}
SHOWN = {"step": "refresh", "page": "x.html"}
BOOK = {"step": "workbook", "workbook": "x.xlsx"}


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
        ([PULLED, BUILT, CHECKED, DONE, SHOWN, failed("workbook", "OSError")], FAILED),
        ([failed("workbook", "OSError"), BUILT, CHECKED, DONE, SHOWN, BOOK], PUBLISHED),
        ([PULLED, BUILT, CHECKED, DONE, SHOWN, failed("mirror", "Unavailable")], FAILED),
        ([], FAILED),
    ],
)
def test_the_steps_of_a_night_come_to_a_status(steps, expected):
    assert status(steps) == expected


def test_the_airflow_of_a_night_lives_in_the_home_with_metadata_of_its_own(settings, home):
    environment = night_environment(settings)
    assert environment["AIRFLOW_HOME"] == str(home.airflow)
    assert environment["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] == f"sqlite:///{home.airflow}/night.db"
    assert environment["FOLLOWTHROUGH_RETRY_DELAY_SECONDS"] == "0"

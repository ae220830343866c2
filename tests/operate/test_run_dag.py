"""The exit status a night comes to, and the Airflow it runs in."""

import gc
import os
import subprocess
import sys
import time
import warnings
from datetime import date

import pytest

from followthrough.operate import airflow_home, run_dag
from followthrough.operate.run_dag import FAILED, PUBLISHED, REFUSED, night_environment, run, start, status

NIGHT = date(2026, 9, 30)
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


class Dag:
    """A DAG whose only step starts a program that lives longer than the night."""

    def test(self, run_conf):
        self.left = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        os.write(1, b"x" * 200_000 + b"last words")


def test_the_end_waits_for_the_output_and_for_no_program_a_step_left_behind(home, monkeypatch, capfd):
    monkeypatch.setenv("FOLLOWTHROUGH_HOME", str(home.root))
    dag, started = Dag(), time.monotonic()
    with pytest.raises(SystemExit):
        run(dag, NIGHT, full=False)
    took = time.monotonic() - started
    dag.left.kill()
    dag.left.wait()
    assert took < 4
    assert (home.runs / "airflow.log").read_bytes() == b"x" * 200_000 + b"last words"


DAG_FILE = """
import os, beside
assert os.environ["AIRFLOW_HOME"].endswith("airflow")

class Dag:
    def test(self, run_conf):
        os.write(1, f"{run_conf['night']} {run_conf['full']}".encode())

night_dag = Dag()
"""


def test_a_night_is_run_in_this_process_in_the_environment_of_its_airflow(
    settings, home, tmp_path, monkeypatch
):
    (tmp_path / "nightly.py").write_text(DAG_FILE)
    (tmp_path / "beside.py").write_text("")
    monkeypatch.setattr(run_dag, "_DAG", tmp_path / "nightly.py")
    prepared = []
    monkeypatch.setattr(airflow_home, "prepare", lambda: prepared.append(os.environ["AIRFLOW_HOME"]))
    monkeypatch.setattr(sys, "path", sys.path.copy())
    for name in night_environment(settings):
        monkeypatch.setenv(name, "not yet")
    before = gc.get_threshold()
    for _ in range(2):
        with warnings.catch_warnings(), pytest.raises(SystemExit) as ended:
            start(settings, NIGHT, full=True)
        assert ended.value.code == FAILED, "nothing was published"
    gc.set_threshold(*before)
    assert prepared == [str(home.airflow)], "once"
    assert (home.runs / "airflow.log").read_text() == "2026-09-30 True"

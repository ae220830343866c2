"""How a step runs as a task: which night, seen when, and which errors are tried again."""

import json
import subprocess
import sys

import pytest

from followthrough.operate.airflow_home import DAGS

CASES = """
import json, sys
from datetime import datetime, timezone
from types import SimpleNamespace

sys.path.insert(0, sys.argv[1])
import running
from followthrough.errors import ConfigError, GateRefused, LockedOut, Overtaken, Superseded, Unavailable

ERRORS = (ConfigError, GateRefused, LockedOut, Overtaken, Superseded, Unavailable)

def started(run_after, start_date=None, **params):
    run = SimpleNamespace(
        run_after=datetime.fromisoformat(run_after), run_id="r", conf={"journal": "j"},
        start_date=start_date and datetime.fromisoformat(start_date),
    )
    running.get_current_context = lambda: {"dag_run": run, "params": params}
    told = running.current_run()
    return [told.run_id, told.night.isoformat(), told.run_at.isoformat(), told.full]

def ends(error):
    def step(settings, run):
        raise error("why", "remedy")
    try:
        running.do(step)
    except Exception as raised:
        return type(raised).__name__

print(json.dumps({
    "morning": started("2026-11-24T23:30:00+00:00"),
    "named": started("2026-11-24T23:30:00+00:00", night="2026-11-01", full=True),
    "before midnight in London, after it in Shanghai": started("2026-11-24T16:30:00+00:00"),
    "cleared days later": started("2026-11-20T23:30:00+00:00", "2026-11-25T02:00:00+00:00"),
    **{error.__name__: ends(error) for error in ERRORS},
}), file=sys.stderr)
"""


@pytest.fixture(scope="module")
def told(environment):
    command = [sys.executable, "-c", CASES, str(DAGS)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stderr.splitlines()[-1])


def test_the_night_is_the_day_before_the_run_in_shanghai(told):
    assert told["morning"] == ["j", "2026-11-24", "2026-11-25T07:30:00", False]
    assert told["before midnight in London, after it in Shanghai"][1] == "2026-11-24"


def test_a_night_can_be_named(told):
    assert told["named"] == ["j", "2026-11-01", "2026-11-25T07:30:00", True]


def test_an_old_run_that_is_cleared_keeps_its_night_and_sees_what_is_there_now(told):
    assert told["cleared days later"] == ["j", "2026-11-20", "2026-11-25T10:00:00", False]


@pytest.mark.parametrize("error", ["LockedOut", "Unavailable"])
def test_what_may_pass_is_tried_again(told, error):
    assert told[error] == error


@pytest.mark.parametrize("error", ["ConfigError", "GateRefused", "Superseded"])
def test_a_deterministic_refusal_is_not(told, error):
    assert told[error] == "AirflowFailException"


def test_a_run_that_was_overtaken_is_skipped(told):
    assert told["Overtaken"] == "AirflowSkipException"

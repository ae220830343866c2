"""A served Airflow as its users have it: pages, scheduler, both DAGs, a DAG of a team, a backfill."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import psutil
import pytest

from tests.builders.nights import Nights, current, marts
from tests.builders.served_airflow import (
    SAMPLE,
    SECRETS,
    Robot,
    Served,
    assert_equals_single_nights,
    backfill,
    robots,
    serving,
    until,
)

BACKFILLED = 5
NIGHT = SAMPLE.night(3)
ON_ITS_OWN = {"AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": "False", "FOLLOWTHROUGH_NIGHT_AT": "07:30"}
"""No run but those of the backfill, each due in the morning after its night."""


@pytest.fixture(scope="module")
def robot() -> Iterator[Robot]:
    """Where the team's messages go."""
    with robots() as server:
        yield server


@pytest.fixture(scope="module")
def served(robot: Robot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """An Airflow on an empty home."""
    with serving(tmp_path_factory.mktemp("served"), robot) as served:
        yield served


@pytest.fixture(scope="module")
def published(served: Served) -> Served:
    """The same with a night, started by hand."""
    run_id = served.trigger("nightly", night=NIGHT.isoformat())
    assert served.ended("nightly", run_id) == "success"
    return served


def test_the_parts_listen_on_this_machine_alone(served: Served) -> None:
    served_by = psutil.Process(served.process.pid)
    listening = set()
    for process in (served_by, *served_by.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):  # a worker that has ended meanwhile listens to nothing
            found = process.net_connections("inet")
            listening |= {one.laddr.ip for one in found if one.status == psutil.CONN_LISTEN}
    assert listening == {"127.0.0.1"}


def test_the_dags_are_there_and_on_and_no_examples(served: Served) -> None:
    until(lambda: len(served.get("dags")["dags"]) == 3)
    dags = {dag["dag_id"]: dag["is_paused"] for dag in served.get("dags")["dags"]}
    assert dags == {"nightly": False, "arrivals": False, "follow": False}
    assert served.get("importErrors")["import_errors"] == []


def test_nobody_gets_in_without_the_password(served: Served) -> None:
    port = served.api.base_url.port
    answer = httpx.get(f"http://127.0.0.1:{port}/api/v2/dags", timeout=60, trust_env=False)
    assert answer.status_code == 401


def test_the_pages_of_the_nights_are_shown_to_who_is_logged_in_and_nothing_else_is(published: Served) -> None:
    page = f"/reports/{NIGHT}.html"
    shown = published.api.get(page)
    assert (shown.status_code, shown.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert shown.headers["content-security-policy"].startswith("sandbox")
    assert f"{NIGHT}" in published.api.get("/reports/").text
    for outside in ("%2e%2e/airflow/password.json", "..%2fkeys%2fhmac", "%2fetc%2fpasswd", "nothing.html"):
        assert published.api.get(f"/reports/{outside}").status_code == 404, outside
    port = published.api.base_url.port
    assert httpx.get(f"http://127.0.0.1:{port}{page}", timeout=60, trust_env=False).status_code == 401


def test_a_source_that_fails_is_late_and_stops_nothing(published: Served) -> None:
    states = published.states("nightly", max(published.runs("nightly")))
    assert states["pull_and_load.jd"] == "failed"
    assert {states[task] for task in ("pull_and_load.youzan", "publish", "refresh")} == {"success"}
    assert "jd_main" in current(published.home).late_sources


def test_a_dag_of_the_team_follows_what_is_published(published: Served) -> None:
    expected = {"version": current(published.home).version, "night": NIGHT.isoformat()}

    def followed() -> bool:
        values = [
            published.get(f"dags/follow/dagRuns/{run}/taskInstances/use/xcomEntries/return_value")["value"]
            for run, found in published.runs("follow").items()
            if found["state"] == "success"
        ]
        return any(expected == (json.loads(v) if isinstance(v, str) else v) for v in values)

    until(followed)


def test_a_file_that_lands_later_is_published_by_a_look(published: Served) -> None:
    """Into the night that is open, whichever that is at this hour."""
    before = current(published.home)
    late = next(
        delivery
        for delivery in SAMPLE.deliveries(SAMPLE.night(4))
        if delivery.source == "youzan_moss" and delivery.name.endswith("csv")
    )
    (published.home / "inbox" / "youzan_moss" / late.name).write_bytes(late.body)
    looked = published.trigger("arrivals")
    assert published.ended("arrivals", looked) == "success"
    until(lambda: current(published.home).version != before.version)
    published.quiet()
    after = current(published.home)
    assert after.parent == before.version
    assert hashlib.sha256(late.body).hexdigest() in {load.sha256 for load in after.loads}


def test_a_look_that_finds_nothing_ends_in_seconds(published: Served) -> None:
    published.quiet()
    before = set(published.runs("nightly"))
    looked = published.trigger("arrivals")
    assert published.ended("arrivals", looked) == "success"
    assert published.states("arrivals", looked)["run_night"] == "skipped"
    run = published.runs("arrivals")[looked]
    assert run["duration"] < 60, "on a machine with nothing else to do it takes three"
    assert set(published.runs("nightly")) == before


@pytest.mark.parametrize("task", ["pull_and_load.youzan", "check_loads", "build", "check_marts", "publish"])
def test_clearing_any_task_of_any_run_changes_nothing(published: Served, task: str) -> None:
    before = marts(published.home), len(current(published.home).loads)
    run_id = min(published.runs("nightly"))
    published.post(
        "dags/nightly/clearTaskInstances",
        dry_run=False,
        dag_run_id=run_id,
        task_ids=[task],
        only_failed=False,
    )
    until(lambda: published.states("nightly", run_id)[task] not in ("success", "skipped", "failed"))
    published.quiet()
    assert (marts(published.home), len(current(published.home).loads)) == before


def test_who_looks_from_outside_tells_the_robot_that_last_night_is_missing(
    served: Served, robot: Robot, tmp_path: Path
) -> None:
    """On a home where no night ever ran: what the served one has of last night depends on the hour."""
    command = [str(Path(sys.executable).with_name("followthrough")), "watch"]
    environment = {**served.environment, "FOLLOWTHROUGH_HOME": str(tmp_path)}
    watched = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert watched.returncode == 1
    assert "还没有发布" in robot.received[-1]
    assert "finance: email is sent by Airflow alone" in watched.stderr


def test_no_secret_stands_anywhere_in_the_home(published: Served) -> None:
    """Logs, journals, receipts, decisions, reports, Data Docs, and Airflow's own database."""
    published.quiet()
    files = [path for path in published.home.rglob("*") if path.is_file()]
    for kind in ("airflow/logs", "runs", "loads", "history", "reports", "airflow/airflow.db"):
        assert [path for path in files if kind in str(path)], kind
    found = [
        (secret, str(path.relative_to(published.home)))
        for path in [*files, published.output]
        for content in [path.read_bytes()]
        for secret in SECRETS
        if secret.encode() in content
    ]
    assert found == []


@pytest.mark.parametrize("count", [BACKFILLED, pytest.param(30, marks=pytest.mark.soak)])
def test_a_backfill_equals_single_nights(robot: Robot, nights: Nights, tmp_path: Path, count: int) -> None:
    with serving(tmp_path, robot, **ON_ITS_OWN) as served:
        backfill(served, count)
        runs = served.runs("nightly")
        assert {run["state"] for run in runs.values()} == {"success"}
        assert {served.states("nightly", run)["notify"] for run in runs} == {"skipped"}, "it told a channel"
    assert_equals_single_nights(served, nights, count, tmp_path / "single")

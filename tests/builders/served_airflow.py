"""A served Airflow on a home of its own, driven through its API, for tests."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

from followthrough.clock import now
from followthrough.paths import Home
from followthrough.sample import Sample
from followthrough.versions.history import read_manifest, versions
from tests.builders.nights import Nights

SAMPLE = Sample(people=40)
LONGEST_SECONDS = 600
CANARIES = {
    "FOLLOWTHROUGH_HMAC_KEY": "c0ffee" * 10 + "c0de",
    "AIRFLOW_CONN_JD_FILES": "sftp://canary-login:canary-password@127.0.0.1:9/",
    "AIRFLOW_CONN_SMTP_DEFAULT": "smtp://canary-mailbox:canary-mail@127.0.0.1:9/",
    "TEAM_ROBOT_SECRET": "canary-signing-secret",
}
SECRETS = ("c0ffeec0ffee", "canary-password", "canary-mail", "canary-signing-secret", "canary-robot-key")
SOURCES = """
[sample]
people = 40
[brands]
moss = "苔原"
[shops]
youzan_moss = "苔原官方商城"
jd_main = "苔原京东店"

[sources.youzan_moss]
platform = "youzan"
label = "有赞 苔原官方商城"
transport = "sample:"
shop_id = "youzan_moss"
brand_id = "moss"
owner = "王运营"
menu = "有赞后台 > 订单 > 订单导出"

[sources.jd_main]
platform = "jd"
label = "京东 苔原"
transport = "sftp:"
connection = "jd_files"
folder = "/out"
shop_id = "jd_main"
brand_id = "moss"
owner = "李运营"
menu = "京麦 > 订单"
issuers = { shop_account = "moss_jd" }

[channels.team]
kind = "dingtalk"
url = "env:TEAM_ROBOT"
secret = "env:TEAM_ROBOT_SECRET"

[channels.finance]
kind = "email"
to = ["finance@example.com"]
"""
FOLLOWER = '''
"""A DAG of the team's own, which follows what is published."""
from airflow.sdk import Asset, dag, task

PUBLISHED = Asset("followthrough_published")


@dag(schedule=[PUBLISHED])
def follow():
    @task
    def use(*, triggering_asset_events):
        return triggering_asset_events[PUBLISHED][-1].extra

    use()


follow()
'''
BUNDLE = "airflow.dag_processing.bundles.local.LocalDagBundle"


class _Robot(BaseHTTPRequestHandler):
    """A group robot that accepts every message."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append(json.loads(body)["markdown"]["title"])  # type: ignore[attr-defined]
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"errcode": 0}')

    def log_message(self, *arguments: Any) -> None:
        """Log nothing, to keep the test's output clean."""


class Robot(ThreadingHTTPServer):
    """A local server of group robots; ``received`` are the titles of the messages it got."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Robot)
        self.received: list[str] = []


class Served:
    """A served Airflow and its API."""

    def __init__(self, home: Path, environment: dict[str, str], port: int) -> None:
        self.home, self.environment = home, environment
        command = [str(Path(sys.executable).with_name("followthrough")), "airflow", "--port", str(port)]
        self.output = home.parent / "served.out"
        with self.output.open("wb") as out:
            self.process = subprocess.Popen(command, env=environment, stdout=out, stderr=out)
        until(lambda: b"Airflow is at" in self.output.read_bytes() or self.process.poll() is not None)
        assert self.process.poll() is None, self.output.read_text()
        password = json.loads((home / "airflow" / "password.json").read_text())["admin"]
        self.api = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False)
        answer = self.api.post("/auth/token", json={"username": "admin", "password": password})
        self.api.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def get(self, path: str) -> dict[str, Any]:
        answer = self.api.get(f"/api/v2/{path}", params={"limit": 100})
        assert answer.is_success, answer.text
        return dict(answer.json())

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        answer = self.api.post(f"/api/v2/{path}", json=body)
        assert answer.is_success, answer.text
        return dict(answer.json())

    def runs(self, dag: str) -> dict[str, dict[str, Any]]:
        return {run["dag_run_id"]: run for run in self.get(f"dags/{dag}/dagRuns")["dag_runs"]}

    def trigger(self, dag: str, **conf: Any) -> str:
        return str(self.post(f"dags/{dag}/dagRuns", logical_date=None, conf=conf)["dag_run_id"])

    def ended(self, dag: str, run_id: str) -> str:
        """Wait for a run to end; return its state."""
        until(lambda: self.runs(dag)[run_id]["state"] in ("success", "failed"))
        return str(self.runs(dag)[run_id]["state"])

    def states(self, dag: str, run_id: str) -> dict[str, str]:
        found = self.get(f"dags/{dag}/dagRuns/{run_id}/taskInstances")["task_instances"]
        return {task["task_id"]: task["state"] for task in found}

    def quiet(self) -> None:
        """Wait until no night is queued or running."""
        until(lambda: self.nights_ended() == len(self.runs("nightly")))

    def nights_ended(self) -> int:
        """How many runs of the night have ended."""
        return sum(run["state"] in ("success", "failed") for run in self.runs("nightly").values())

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONGEST_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "that took too long"
        time.sleep(0.5)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def robots() -> Iterator[Robot]:
    """A server of group robots while the block runs."""
    with Robot() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def half_a_day_away() -> str:
    """A time of day for the night at which no test runs, so that the scheduler starts no night of its own."""
    return f"{now() + timedelta(hours=12):%H:%M}"


@contextmanager
def serving(folder: Path, robot: Robot, **more: str) -> Iterator[Served]:
    """An Airflow on an empty home, with one source of the sample and a server that does not respond.

    ``more`` are environment variables.
    """
    (folder / "sources.toml").write_text(SOURCES, "utf-8")
    (folder / "team").mkdir()
    (folder / "team" / "follow.py").write_text(FOLLOWER, "utf-8")
    bundles = [
        {"name": "dags-folder", "classpath": BUNDLE, "kwargs": {}},
        {"name": "team", "classpath": BUNDLE, "kwargs": {"path": str(folder / "team")}},
    ]
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW", "FOLLOWTHROUGH"))}
    environment = {
        **inherited,
        **CANARIES,
        "TEAM_ROBOT": f"http://127.0.0.1:{robot.server_port}/send?key=canary-robot-key",
        "AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST": json.dumps(bundles),
        "FOLLOWTHROUGH_HOME": str(folder / "home"),
        "FOLLOWTHROUGH_SOURCES": str(folder / "sources.toml"),
        "FOLLOWTHROUGH_RETRY_DELAY_SECONDS": "0",
        "FOLLOWTHROUGH_SETTLE_SECONDS": "0",
        "FOLLOWTHROUGH_NIGHT_AT": half_a_day_away(),
        **more,
    }
    served = Served(folder / "home", environment, _free_port())
    try:
        yield served
    finally:
        served.stop()


def backfill(served: Served, nights: int) -> None:
    """Publish the first nights of the sample by one backfill, in order."""
    home = Home(served.home)
    first, last = SAMPLE.night(1), SAMPLE.night(nights + 1)
    command = [sys.executable, "-m", "airflow", "backfill", "create", "--dag-id", "nightly"]
    environment = {
        **served.environment,
        "AIRFLOW_HOME": str(home.airflow),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home.airflow}/airflow.db",
    }
    options = ["--from-date", f"{first}", "--to-date", f"{last}", "--max-active-runs", "1"]
    # On a busy machine Airflow answers before its DAG processor has read the DAG.
    until(lambda: served.api.get("/api/v2/dags/nightly/details").is_success)
    done = subprocess.run([*command, *options], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    until(lambda: len(served.runs("nightly")) == nights)
    for ended in range(nights):
        until(partial(_more_ended_than, served, ended))


def _more_ended_than(served: Served, nights: int) -> bool:
    return served.nights_ended() > nights


def assert_equals_single_nights(served: Served, nights: Nights, count: int, folder: Path) -> None:
    """Assert that the backfill's versions equal the single nights', and that loads became known as early."""
    environment = {k: served.environment[k] for k in ("FOLLOWTHROUGH_SOURCES", "TEAM_ROBOT", *CANARIES)}
    for number in range(1, count + 1):
        outcome = nights.run(folder, SAMPLE.night(number), **environment)
        assert outcome.status == 0, outcome.output
    backfilled, single = Home(served.home), Home(folder)
    for one, other in zip(versions(backfilled), versions(single), strict=True):
        left, right = read_manifest(backfilled, one), read_manifest(single, other)
        assert (left.night, left.loads) == (right.night, right.loads)
        assert {table for table in left.tables if table.startswith("marts.")}
        for table in left.tables:
            if table.startswith("marts."):
                assert left.tables[table] == right.tables[table], (one, table)

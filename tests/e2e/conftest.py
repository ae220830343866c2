"""Whole nights through the real DAG, each in a child forked from one process that has imported everything."""

import asyncio
import gc
import importlib
import json
import os
import runpy
import shutil
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from followthrough.history import Manifest, manifest_from
from followthrough.paths import PROJECT, Home
from followthrough.sample import Sample

SAMPLE = Sample()
KILLED = -signal.SIGKILL
LONGEST_NIGHT_SECONDS = 1200
_HEAVY = (
    "airflow.sdk",
    "airflow.sdk.execution_time.supervisor",
    "airflow.sdk.execution_time.task_runner",
    "airflow.executors.workloads",
    "airflow.providers.standard.decorators.python",
    "airflow.providers.standard.decorators.short_circuit",
    "airflow.serialization.serialized_objects",
    "dbt.cli.main",
    "dbt.adapters.duckdb",
    "dbt.task.build",
    "followthrough.gx_duckdb",
    "followthrough.reports.refresh",
    "followthrough.transports.samples",
    "openpyxl",
    "pandas",
    "vl_convert",
)


@dataclass(frozen=True)
class Outcome:
    """How a night ended: the status `make night` would have, or minus the signal that killed it."""

    status: int
    steps: list[dict[str, Any]]
    output: str

    @property
    def error(self) -> str:
        """The message of the step that failed last."""
        return next((s["message"] for s in reversed(self.steps) if "error" in s), "")


class Nights:
    """Runs nights in children; one after the other, as they share Airflow's database."""

    def __init__(self, airflow_home: Path, environment: dict[str, str]) -> None:
        self._log = airflow_home / "night.out"
        self._environment = environment

    def run(
        self,
        home: Path,
        night: date,
        *,
        full: bool = False,
        before: Callable[[], None] | None = None,
        **environment: str,
    ) -> Outcome:
        """Run one night of `home`; `before` is called in the child, to plant a fault."""
        known = set((home / "runs").glob("*.jsonl")) if (home / "runs").exists() else set()
        child = os.fork()
        if child == 0:
            self._be_the_night(home, night, full, before, environment)
        ended = _wait(child)
        new = sorted(set((home / "runs").glob("*.jsonl")) - known)
        steps = [json.loads(line) for path in new for line in path.read_text("utf-8").splitlines()]
        return Outcome(os.waitstatus_to_exitcode(ended), steps, self._log.read_text("utf-8", "replace"))

    def _be_the_night(
        self,
        home: Path,
        night: date,
        full: bool,
        before: Callable[[], None] | None,
        environment: dict[str, str],
    ) -> None:
        status = 70
        try:
            out = os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(out, 1)
            os.dup2(out, 2)
            sys.stdout = sys.stderr = os.fdopen(1, "w", buffering=1, encoding="utf-8", closefd=False)
            os.environ |= {**self._environment, "FOLLOWTHROUGH_HOME": str(home), **environment}
            sys.path.insert(0, str(PROJECT / "dags"))
            Home(home).create()
            if before:
                before()
            from airflow import settings as airflow_settings

            airflow_settings.configure_orm()
            dag = runpy.run_path(str(PROJECT / "dags" / "nightly.py"), run_name="nightly")["night_dag"]
            from followthrough import launch

            launch.run(dag, [night.isoformat(), *(["full"] if full else [])])
        except SystemExit as end:
            status = int(end.code or 0)
        except BaseException:
            traceback.print_exc()
        finally:
            with suppress(OSError):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(status)


def _wait(child: int) -> int:
    """Its wait status; a child that hangs is killed, so that the suite says which night it was."""
    deadline = time.monotonic() + LONGEST_NIGHT_SECONDS
    while True:
        done, ended = os.waitpid(child, os.WNOHANG)
        if done:
            return ended
        if time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
        time.sleep(0.02)


def at(function: str, moment: str, fault: Callable[[], object]) -> Callable[[], None]:
    """Have a fault happen just before or after a function, wherever that is called by name.

    What it gives is for ``before`` of a night.
    """

    def plant() -> None:
        module_name, name = function.rsplit(".", 1)
        original = getattr(importlib.import_module(f"followthrough.{module_name}"), name)

        def faulty(*arguments: Any, **named: Any) -> Any:
            if moment == "before":
                fault()
            result = original(*arguments, **named)
            if moment == "after":
                fault()
            return result

        importlib.import_module("followthrough.night")
        for module in [m for n, m in sys.modules.items() if n.startswith("followthrough")]:
            if getattr(module, name, None) is original:
                setattr(module, name, faulty)

    return plant


@pytest.fixture(scope="session")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    """The runner; everything heavy is imported here, once."""
    airflow_home = tmp_path_factory.mktemp("airflow")
    environment = {
        "AIRFLOW_HOME": str(airflow_home),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT / "dags"),
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
        "FOLLOWTHROUGH_HOME": str(airflow_home / "unused"),
        "FOLLOWTHROUGH_SETTLE_SECONDS": "0",
        "FOLLOWTHROUGH_RETRY_DELAY_SECONDS": "0",
        "FOLLOWTHROUGH_BROWSER": "none-these-nights-need-no-picture",
        "GX_ANALYTICS_ENABLED": "false",
    }
    patch = pytest.MonkeyPatch()
    for name, value in environment.items():
        patch.setenv(name, value)
    from airflow import settings as airflow_settings
    from airflow.utils.db import initdb

    initdb()
    for module in _HEAVY:
        importlib.import_module(module)
    importlib.import_module("airflow.api_fastapi.execution_api.app").InProcessExecutionAPI().app  # noqa: B018
    _get_ready_to_fork()
    airflow_settings.dispose_orm()
    yield Nights(airflow_home, environment)
    patch.undo()


def _get_ready_to_fork() -> None:
    """Do once what the child of every night would do again for 5 s.

    Airflow's in-process API makes its routes when it is first asked anything, and a collection of garbage
    in the child would copy every page of this process.
    """
    import httpx
    from airflow.sdk.execution_time.supervisor import in_process_api_server

    async def ask() -> None:
        transport = httpx.ASGITransport(in_process_api_server().app)
        async with httpx.AsyncClient(transport=transport, base_url="http://in-process.invalid") as client:
            await client.get("/nothing")

    asyncio.run(ask())
    gc.collect()
    gc.freeze()


class Reader:
    """Somebody with the published file open all the time, in a process of their own.

    `one` and `other` are scalar queries that agree within a version and differ between versions.
    """

    def __init__(self, home: Path, one: str, other: str) -> None:
        file = home / "published" / "current" / "followthrough.duckdb"
        program = [sys.executable, str(Path(__file__).with_name("reader.py")), str(file), one, other]
        self._process = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"

    def stop(self) -> dict[str, Any]:
        """What was seen: `seen` values of `one` in order, the number of `reads`, `errors`."""
        out, _ = self._process.communicate(input="stop\n", timeout=60)
        return dict(json.loads(out))


@pytest.fixture(scope="session")
def published(nights: Nights, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the sample's nights 1 to 5 are published as one; take `copy_of` it."""
    home = tmp_path_factory.mktemp("published") / "home"
    outcome = nights.run(home, SAMPLE.night(5))
    assert outcome.status == 0, outcome.output
    return home


def current(home: Path) -> Manifest:
    """The manifest of the version readers of `home` see."""
    return manifest_from((home / "published" / "current" / "manifest.json").read_text("utf-8"))


def marts(home: Path) -> dict[str, dict[str, Any]]:
    """Rows and hash of every published mart; `trust` tells of arrival and is left out."""
    return {name: table for name, table in current(home).tables.items() if name.startswith("marts.")}


def copy_of(home: Path, target: Path) -> Path:
    """A copy of a home to try something on."""
    if target.exists():
        shutil.rmtree(target)
    shutil.copytree(home, target, symlinks=True)
    return target

"""Whole nights through the real DAG, each in a child forked from one process that has imported everything."""

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
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from followthrough.paths import PROJECT, Home
from followthrough.sample import Sample
from followthrough.versions.history import Manifest, manifest_from

SAMPLE = Sample()
KILLED = -signal.SIGKILL
LONGEST_NIGHT_SECONDS = 1200


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
            from followthrough.operate import run_dag as launch

            launch.run(dag, night, full)
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
    """The child's wait status."""
    # A child that hangs is killed, so that the suite names the night.
    deadline = time.monotonic() + LONGEST_NIGHT_SECONDS
    while True:
        done, ended = os.waitpid(child, os.WNOHANG)
        if done:
            return ended
        if time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
        time.sleep(0.02)


def at(function: str, moment: str, fault: Callable[[], object]) -> Callable[[], None]:
    """A callable that patches a function so that a fault happens just before or after each call of it.

    Pass it as ``before`` of a night.
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


class Reader:
    """A reader that opens the published file all the time, in its own process.

    `one` and `other` are scalar queries that agree within a version and differ between versions.
    """

    def __init__(self, home: Path, one: str, other: str) -> None:
        file = home / "published" / "current" / "followthrough.duckdb"
        program = [sys.executable, str(Path(__file__).with_name("reader_process.py")), str(file), one, other]
        self._process = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"

    def stop(self) -> dict[str, Any]:
        """The reader's report: `seen` values of `one` in order, the number of `reads`, `errors`."""
        out, _ = self._process.communicate(input="stop\n", timeout=60)
        return dict(json.loads(out))


def current(home: Path) -> Manifest:
    """The manifest of the published version of `home`."""
    return manifest_from((home / "published" / "current" / "manifest.json").read_text("utf-8"))


def marts(home: Path) -> dict[str, dict[str, Any]]:
    """Rows and hash of every published mart."""
    # `trust` describes arrivals, which may differ.
    return {name: table for name, table in current(home).tables.items() if name.startswith("marts.")}


def copy_of(home: Path, target: Path) -> Path:
    """A copy of a home to modify."""
    if target.exists():
        shutil.rmtree(target)
    shutil.copytree(home, target, symlinks=True)
    return target

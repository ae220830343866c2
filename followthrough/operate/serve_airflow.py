"""Serve Airflow from the data home, on loopback only, with the DAGs and their schedule.

Airflow's ``standalone`` makes its log servers listen on every interface, so its parts are started here.
"""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import IO

from followthrough.errors import FollowthroughError
from followthrough.operate import airflow_home
from followthrough.paths import write_atomically
from followthrough.settings import Settings

HOST, USER = "127.0.0.1", "admin"
_BESIDE_THE_SERVER = {
    "scheduler": ("scheduler", "--skip-serve-logs"),
    "dag_processor": ("dag-processor",),
    "triggerer": ("triggerer", "--skip-serve-logs"),
}
_READY_SECONDS = 300
_LOOK_SECONDS = 1
_STOP_SECONDS = 30


def serve(settings: Settings, port: int) -> None:
    """Serve until interrupted or terminated; FollowthroughError if one of its processes ends by itself."""
    settings.home.create()
    environment = {**os.environ, **served_environment(settings, port)}
    print("preparing Airflow", flush=True)
    airflow_home.prepare(environment)
    file = password_file(settings)
    log = settings.home.airflow / "served.log"
    signal.signal(signal.SIGTERM, _interrupt)
    with open(log, "wb") as out, _parts(environment, out) as parts:
        try:
            parts.start("api-server")
            parts.wait(port, ("metadatabase",), log)
            for command in _BESIDE_THE_SERVER.values():
                parts.start(*command)
            parts.wait(port, tuple(_BESIDE_THE_SERVER), log)
            print(f"Airflow is at http://{HOST}:{port}, user {USER}, password in {file}", flush=True)
            while True:
                parts.refuse_ended(log)
                time.sleep(_LOOK_SECONDS)
        except KeyboardInterrupt:
            print("stopping Airflow", flush=True)


def served_environment(settings: Settings, port: int) -> dict[str, str]:
    """Settings of the served Airflow: loopback, one user, DAGs unpaused, at least two tasks at once."""
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return {
        **airflow_home.environment(settings, settings.home.airflow / "airflow.db"),
        "AIRFLOW__API__BASE_URL": f"http://{HOST}:{port}",
        "AIRFLOW__API__HOST": HOST,
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://{HOST}:{port}/execution/",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": str(max(2, os.cpu_count() or 1)),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(_password_path(settings)),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(airflow_home.PLUGINS),
        "PATH": programs,
    }


def password_file(settings: Settings) -> Path:
    """The file with the user's password, created once, readable by the owner of the home only."""
    path = _password_path(settings)
    if not path.exists():
        write_atomically(path, json.dumps({USER: secrets.token_urlsafe(18)}).encode(), mode=0o600)
    path.chmod(0o600)
    return path


def _password_path(settings: Settings) -> Path:
    return settings.home.airflow / "password.json"


class _Parts:
    """Airflow's processes, each in its own process group, so that its workers end with it."""

    def __init__(self, environment: Mapping[str, str], out: IO[bytes]) -> None:
        self._environment, self._out = dict(environment), out
        self._started: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, *options: str) -> None:
        """Start one process."""
        self._started[name] = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "airflow", name, *options],
            env=self._environment,
            stdout=self._out,
            stderr=self._out,
            start_new_session=True,
        )

    def wait(self, port: int, names: Iterable[str], log: Path) -> None:
        """Wait until the server reports all these components as healthy."""
        deadline = time.monotonic() + _READY_SECONDS
        while not _is_healthy(port, names):
            self.refuse_ended(log)
            if time.monotonic() > deadline:
                raise FollowthroughError(f"Airflow is not ready after {_READY_SECONDS} s", f"see {log}")
            time.sleep(_LOOK_SECONDS)

    def refuse_ended(self, log: Path) -> None:
        """Raise FollowthroughError if a process has ended by itself."""
        for name, part in self._started.items():
            if part.poll() is not None:
                raise FollowthroughError(
                    f"Airflow's {name} ended with status {part.returncode}", f"see the end of {log}"
                )

    def stop(self) -> None:
        """Terminate every process, and kill those that do not end."""
        for part in self._started.values():
            _signal(part, signal.SIGTERM)
        deadline = time.monotonic() + _STOP_SECONDS
        for part in self._started.values():
            with suppress(subprocess.TimeoutExpired):
                part.wait(max(0.0, deadline - time.monotonic()))
            _signal(part, signal.SIGKILL)
            part.wait()


@contextmanager
def _parts(environment: Mapping[str, str], out: IO[bytes]) -> Iterator[_Parts]:
    parts = _Parts(environment, out)
    try:
        yield parts
    finally:
        parts.stop()


def _signal(part: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(part.pid, number)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _is_healthy(port: int, names: Iterable[str]) -> bool:
    import httpx

    try:
        health = httpx.get(f"http://{HOST}:{port}/api/v2/monitor/health", timeout=5, trust_env=False).json()
    except (httpx.HTTPError, ValueError):
        return False
    return all(health[name]["status"] == "healthy" for name in names)

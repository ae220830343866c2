"""The services of docker-compose.yml, run in a folder of their own and controlled through Airflow's port."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from followthrough.paths import PROJECT
from followthrough.versions.history import manifest_from

HMAC_KEY = "5f" * 32
PATIENCE_SECONDS = 1800
_PARTS = (
    ".dockerignore",
    ".env.example",
    "Dockerfile",
    "Makefile",
    "docker-compose.yml",
    "dags",
    "dbt_project",
    "expectations",
    "followthrough",
    "pyproject.toml",
    "requirements.txt",
    "sources.toml",
)


class Stack:
    """The services of docker-compose.yml in `folder`, and an operator's actions on them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in _PARTS:
            source, target = PROJECT / name, folder / name
            shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
        self.port = _free_port()
        self._api = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=60)

    def configure(self, **variables: object) -> None:
        """Write `.env`."""
        subprocess.run(["make", "secrets"], cwd=self.folder, check=True)
        with (self.folder / ".env").open("a") as file:
            file.writelines(f"{name}={value}\n" for name, value in variables.items())

    def compose(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run `docker compose` in the folder, by the plugin or the stand-alone command, whichever exists."""
        command = ["docker", "compose"]
        if subprocess.run([*command, "version"], capture_output=True).returncode:
            command = ["docker-compose"]
        environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        done = subprocess.run(
            [*command, *arguments],
            cwd=self.folder,
            env={**environment, "DOCKER_BUILDKIT": "0"},
            capture_output=True,
            text=True,
        )
        assert not (check and done.returncode), done.stdout[-2000:] + done.stderr[-4000:]
        return done

    def up(self) -> None:
        """Start all services and wait until every long-running one is healthy."""
        self.compose("up", "--detach")
        ids = self.compose("ps", "--quiet").stdout.split()
        lasting = [i for i in ids if _inspect(i)["HostConfig"]["RestartPolicy"]["Name"] != "no"]
        until(lambda: all(_inspect(i)["State"]["Health"]["Status"] == "healthy" for i in lasting), "healthy")

    def container(self, service: str) -> dict[str, Any]:
        """`docker inspect` of a service's container."""
        return _inspect(self.compose("ps", "--quiet", service).stdout.strip())

    def kill(self, service: str) -> None:
        """`kill -9` a container's first process from outside, which the engine treats as a crash."""
        os.kill(self.container(service)["State"]["Pid"], signal.SIGKILL)

    @property
    def home(self) -> Path:
        """The data home's path on the host."""
        mounts = {m["Destination"]: Path(m["Source"]) for m in self.container("scheduler")["Mounts"]}
        return mounts["/var/lib/followthrough"]

    def ask(self, path: str, method: str = "GET", **body: Any) -> dict[str, Any]:
        """Airflow's API response for the user admin."""
        password = dict(
            line.split("=", 1) for line in (self.folder / ".env").read_text().splitlines() if "=" in line
        )["AIRFLOW_ADMIN_PASSWORD"]
        token = self._api.post("/auth/token", json={"username": "admin", "password": password})
        token.raise_for_status()
        bearer = {"Authorization": f"Bearer {token.json()['access_token']}"}
        answer = self._api.request(method, f"/api/v2{path}", json=body or None, headers=bearer)
        answer.raise_for_status()
        return dict(answer.json())

    def start(self, night: str) -> str:
        """Trigger the night; return the path of its run."""
        run = f"soak-{night}-{time.time_ns()}"
        self.ask("/dags/nightly/dagRuns", "POST", dag_run_id=run, logical_date=None, conf={"night": night})
        return f"/dags/nightly/dagRuns/{run}"

    def wait_for_step(self, run: str, step: str) -> None:
        """Wait until a step of the run has begun."""
        until(lambda: self.ask(f"{run}/taskInstances/{step}")["state"] == "running", f"{step} runs")

    def wait_for_success(self, run: str) -> None:
        """Wait until the run has ended; fail unless it succeeded."""
        until(lambda: self.ask(run)["state"] in ("success", "failed"), f"{run} ends")
        tasks = self.ask(f"{run}/taskInstances")["task_instances"]
        assert self.ask(run)["state"] == "success", {t["task_id"]: t["state"] for t in tasks}


def until(condition: Callable[[], bool], what: str) -> None:
    """Wait until the condition holds; errors are ignored while services restart."""
    deadline, last = time.monotonic() + PATIENCE_SECONDS, ""
    while time.monotonic() < deadline:
        try:
            if condition():
                return
        except (httpx.HTTPError, KeyError) as error:
            last = repr(error)
        time.sleep(1)
    pytest.fail(f"not in {PATIENCE_SECONDS} s: {what}. {last}")


def marts(home: Path) -> dict[str, Any]:
    """Rows and hash of every mart in the published version of `home`."""
    manifest = manifest_from((home / "published" / "current" / "manifest.json").read_text("utf-8"))
    return {name: table for name, table in manifest.tables.items() if name.startswith("marts.")}


def _inspect(container: str) -> dict[str, Any]:
    told = subprocess.run(["docker", "inspect", container], check=True, capture_output=True).stdout
    return dict(json.loads(told)[0])


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])

"""docker-compose.yml as somebody who installs it would meet it: a folder of their own, and Airflow's port."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from followthrough.history import manifest_from
from followthrough.paths import PROJECT
from tests.e2e.served import half_a_day_away

HMAC_KEY = "5f" * 32
PATIENCE_SECONDS = 1800
_PARTS = (
    ".dockerignore", ".env.example", "Dockerfile", "Makefile", "docker-compose.yml", "dags", "dbt_project",
    "expectations", "followthrough", "pyproject.toml", "requirements.txt", "sources.toml",
)  # fmt: skip


class Stack:
    """The services of docker-compose.yml in `folder`, and what a person does with them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in _PARTS:
            source, target = PROJECT / name, folder / name
            shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
        self.port = _free_port()
        self._api = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=60)

    def configure(self, **variables: object) -> None:
        """Fill in `.env`."""
        subprocess.run(["make", "secrets"], cwd=self.folder, check=True)
        with (self.folder / ".env").open("a") as file:
            file.writelines(f"{name}={value}\n" for name, value in variables.items())

    def compose(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """`docker compose` in the folder, by whichever of its two commands is here."""
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
        """Start everything and wait until everything that stays up is healthy."""
        self.compose("up", "--detach")
        ids = self.compose("ps", "--quiet").stdout.split()
        lasting = [i for i in ids if _inspect(i)["HostConfig"]["RestartPolicy"]["Name"] != "no"]
        until(lambda: all(_inspect(i)["State"]["Health"]["Status"] == "healthy" for i in lasting), "healthy")

    def container(self, service: str) -> dict[str, Any]:
        """What the engine knows of a service's container."""
        return _inspect(self.compose("ps", "--quiet", service).stdout.strip())

    def kill(self, service: str) -> None:
        """`kill -9` of a container's first process, from outside: to the engine it is a crash."""
        os.kill(self.container(service)["State"]["Pid"], signal.SIGKILL)

    @property
    def home(self) -> Path:
        """The data home as the machine sees it."""
        mounts = {m["Destination"]: Path(m["Source"]) for m in self.container("scheduler")["Mounts"]}
        return mounts["/var/lib/followthrough"]

    def ask(self, path: str, method: str = "GET", **body: Any) -> dict[str, Any]:
        """Airflow's answer, asked by the user admin."""
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
        """Trigger the night; the path of its run."""
        run = f"soak-{night}-{time.time_ns()}"
        self.ask("/dags/nightly/dagRuns", "POST", dag_run_id=run, logical_date=None, conf={"night": night})
        return f"/dags/nightly/dagRuns/{run}"

    def wait_for_step(self, run: str, step: str) -> None:
        """Wait until a step of the run has begun."""
        until(lambda: self.ask(f"{run}/taskInstances/{step}")["state"] == "running", f"{step} runs")

    def wait_for_success(self, run: str) -> None:
        """Wait until the run has ended, as it should."""
        until(lambda: self.ask(run)["state"] in ("success", "failed"), f"{run} ends")
        tasks = self.ask(f"{run}/taskInstances")["task_instances"]
        assert self.ask(run)["state"] == "success", {t["task_id"]: t["state"] for t in tasks}


def until(condition: Callable[[], bool], what: str) -> None:
    """Wait for it; while services come back, asking may fail."""
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
    """Rows and hash of every mart readers of `home` see."""
    manifest = manifest_from((home / "published" / "current" / "manifest.json").read_text("utf-8"))
    return {name: table for name, table in manifest.tables.items() if name.startswith("marts.")}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Everything up, on the images `with-engine.sh` made; gone with its volumes afterwards."""
    if not shutil.which("docker") or subprocess.run(["docker", "info"], capture_output=True).returncode:
        pytest.skip("no docker engine is running here; `make soak-compose` starts one")
    stack = Stack(tmp_path_factory.mktemp("compose"))
    mirrors = {name: os.environ[name] for name in os.environ if name.startswith("PIP_")}
    stack.configure(
        COMPOSE_PROJECT_NAME="followthrough-soak",
        BASE_IMAGE="followthrough-soak-base",
        POSTGRES_IMAGE="followthrough-soak-postgres",
        REDIS_IMAGE="followthrough-soak-redis",
        FOLLOWTHROUGH_IMAGE="followthrough-soak",
        AIRFLOW_PORT=stack.port,
        FOLLOWTHROUGH_HMAC_KEY=HMAC_KEY,
        FOLLOWTHROUGH_RETRY_DELAY_SECONDS=5,
        FOLLOWTHROUGH_NIGHT_AT=half_a_day_away(),
        **{n: v for n, v in mirrors.items() if f"${{{n}:-" in (PROJECT / "docker-compose.yml").read_text()},
    )
    try:
        stack.compose("build", "init")
        stack.up()
        yield stack
    finally:
        stack.compose("down", "--volumes", "--remove-orphans", check=False)


def _inspect(container: str) -> dict[str, Any]:
    told = subprocess.run(["docker", "inspect", container], check=True, capture_output=True).stdout
    return dict(json.loads(told)[0])


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])

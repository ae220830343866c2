"""docker-compose.yml booted for real: nights by its scheduler, killed in the middle, down and up again."""

import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from followthrough.paths import PROJECT
from tests.builders.compose_stack import HMAC_KEY, Stack, marts, until

pytestmark = pytest.mark.soak
NIGHTS = ["2026-09-05", "2026-09-06", "2026-09-07", "2026-09-08"]


@pytest.fixture(scope="module")
def undisturbed(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The marts after each night, by `followthrough night` on this machine, where nothing was killed."""
    home, tables = tmp_path_factory.mktemp("undisturbed"), {}
    command = Path(sys.executable).with_name("followthrough")
    environment = {"FOLLOWTHROUGH_HOME": str(home), "FOLLOWTHROUGH_HMAC_KEY": HMAC_KEY, "PATH": "/usr/bin"}
    for night in NIGHTS:
        subprocess.run([command, "night", night], check=True, env=environment, cwd=PROJECT)
        tables[night] = marts(home)
    return tables


def test_without_its_secrets_it_does_not_start(stack: Stack, tmp_path: Path) -> None:
    unconfigured = Stack(tmp_path)
    shutil.copy(unconfigured.folder / ".env.example", unconfigured.folder / ".env")
    refused = unconfigured.compose("up", "--detach", check=False)
    assert refused.returncode
    assert "run make secrets" in refused.stderr


def test_its_port_is_one_of_the_loopback_address_only(stack: Stack) -> None:
    bridge = stack.container("api-server")["HostConfig"]["PortBindings"]["8080/tcp"]
    assert bridge == [{"HostIp": "127.0.0.1", "HostPort": str(stack.port)}]
    with socket.create_connection(("127.0.0.1", stack.port), timeout=5):
        pass
    others = subprocess.run(["hostname", "-I"], capture_output=True, text=True, check=True).stdout.split()
    for address in others:
        with pytest.raises(OSError, match=r"refused|unreachable"):
            socket.create_connection((address, stack.port), timeout=5)


def test_a_night_is_run_by_the_scheduler_and_read_from_outside(
    stack: Stack, undisturbed: dict[str, dict[str, Any]]
) -> None:
    stack.ask("/dags/nightly", "PATCH", is_paused=False)
    stack.wait_for_success(stack.start(NIGHTS[0]))
    assert marts(stack.home) == undisturbed[NIGHTS[0]]
    with duckdb.connect(str(stack.home / "published/current/followthrough.duckdb"), read_only=True) as read:
        assert read.execute("select count(*) from marts.customers").fetchall()[0][0] > 0


def test_another_user_reads_what_is_published_and_nothing_else(stack: Stack) -> None:
    looks = (
        "import duckdb, os; duckdb.connect('/data/published/current/followthrough.duckdb', read_only=True);"
        "print(sorted(name for name in os.listdir('/data') if os.access('/data/' + name, os.R_OK)))"
    )
    mounted = [*("--volume", f"{stack.home}:/data:ro"), *("--user", "65534:65534"), "followthrough-soak"]
    seen = subprocess.run(
        ["docker", "run", "--rm", "--network", "none", *mounted, "python", "-c", looks],
        capture_output=True,
        text=True,
        check=True,
    )
    assert seen.stdout.strip() == "['inbox', 'published', 'reports']"


def test_nothing_is_lost_by_going_down_and_up_again(stack: Stack) -> None:
    tables, runs = marts(stack.home), stack.ask("/dags/nightly/dagRuns")["total_entries"]
    stack.compose("down")
    stack.up()
    assert marts(stack.home) == tables
    assert stack.ask("/dags/nightly/dagRuns")["total_entries"] == runs > 0
    assert stack.ask("/dags/nightly")["is_paused"] is False


@pytest.mark.parametrize(
    ("service", "step", "night"),
    [("scheduler", "build", NIGHTS[1]), ("postgres", "check_loads", NIGHTS[2])],
)
def test_a_night_whose_service_is_killed_ends_in_equal_tables(
    stack: Stack, undisturbed: dict[str, dict[str, Any]], service: str, step: str, night: str
) -> None:
    run = stack.start(night)
    stack.wait_for_step(run, step)
    stack.kill(service)
    until(lambda: stack.container(service)["RestartCount"] > 0, f"{service} is restarted")
    stack.wait_for_success(run)
    assert marts(stack.home) == undisturbed[night]


def test_with_celery_a_worker_runs_the_night(stack: Stack, undisturbed: dict[str, dict[str, Any]]) -> None:
    stack.compose("down")
    stack.configure(COMPOSE_PROFILES="CeleryExecutor")
    stack.up()
    run = stack.start(NIGHTS[3])
    stack.wait_for_success(run)
    assert marts(stack.home) == undisturbed[NIGHTS[3]]
    hosts = {task["hostname"] for task in stack.ask(f"{run}/taskInstances")["task_instances"]}
    assert hosts == {stack.container("worker")["Config"]["Hostname"]}

"""docker-compose.yml as somebody who installs it would meet it: a folder of their own, and Airflow's port."""

import os
import shutil
import subprocess
from collections.abc import Iterator

import pytest

from followthrough.paths import PROJECT
from tests.builders.compose_stack import HMAC_KEY, Stack
from tests.builders.served_airflow import half_a_day_away


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

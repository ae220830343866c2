"""One runner of whole nights, in a process that has imported everything once, and a home to copy."""

import asyncio
import gc
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from followthrough.paths import PROJECT
from tests.builders.nights import SAMPLE, Nights

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
    "followthrough.checks.gx_duckdb",
    "followthrough.reports.refresh",
    "followthrough.ingest.transports.samples",
    "openpyxl",
    "pandas",
    "vl_convert",
)


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


@pytest.fixture(scope="session")
def published(nights: Nights, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the sample's nights 1 to 5 are published as one; take `copy_of` it."""
    home = tmp_path_factory.mktemp("published") / "home"
    outcome = nights.run(home, SAMPLE.night(5))
    assert outcome.status == 0, outcome.output
    return home

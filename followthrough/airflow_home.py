"""An Airflow that lives in the data home, and what every Airflow needs before our DAGs can run in it."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from followthrough.errors import FollowthroughError
from followthrough.paths import PROJECT
from followthrough.settings import Settings

DAGS = PROJECT / "dags"
PLUGINS = DAGS / "plugins"
POOL = "followthrough"
"""One slot: the steps that write shared state queue in it. The lock of the home is what keeps them apart."""

_PREPARATIONS = (
    ("db", "migrate"),
    ("pools", "set", POOL, "1", "Steps of the night that write what all runs share, one at a time"),
)


def environment(settings: Settings, database: Path) -> dict[str, str]:
    """Settings of an Airflow in the data home with its metadata in the SQLite file ``database``."""
    return {
        "AIRFLOW_HOME": str(settings.home.airflow),
        "AIRFLOW__CORE__DAGS_FOLDER": str(DAGS),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{database}",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(settings.home.airflow / "logs"),
        "FOLLOWTHROUGH_HOME": str(settings.home.root),
        "GX_ANALYTICS_ENABLED": "false",
    }


def prepare(environment: Mapping[str, str] = os.environ) -> None:
    """Bring the metadata of the Airflow that ``environment`` describes up to date and make its pool.

    Again changes nothing. A task of a pool that is not there would wait for ever.
    """
    for arguments in _PREPARATIONS:
        command = [sys.executable, "-m", "airflow", *arguments]
        done = subprocess.run(command, env=dict(environment), capture_output=True, text=True)  # noqa: S603
        if done.returncode:
            told = done.stderr.strip().splitlines()[-1:]
            raise FollowthroughError(
                f"airflow {' '.join(arguments[:2])} failed: {told}",
                "mend the database Airflow names, or delete airflow/ in the data home if it is that one",
            )

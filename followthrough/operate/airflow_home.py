"""An Airflow inside the data home, and what every Airflow needs before it can run our DAGs."""

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
"""A pool of one slot, in which the steps that write shared state queue. The lock of the home is what protects
it."""

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
    """Migrate the metadata of the Airflow that ``environment`` describes and create its pool; repeatable."""
    # A task whose pool does not exist would wait for ever.
    for arguments in _PREPARATIONS:
        command = [sys.executable, "-m", "airflow", *arguments]
        done = subprocess.run(command, env=dict(environment), capture_output=True, text=True)  # noqa: S603
        if done.returncode:
            last_line = done.stderr.strip().splitlines()[-1:]
            raise FollowthroughError(
                f"airflow {' '.join(arguments[:2])} failed: {last_line}",
                "mend the database Airflow names, or delete airflow/ in the data home if it is that one",
            )

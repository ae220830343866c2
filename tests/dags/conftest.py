"""The DAG folder as Airflow reads it, in a process of its own: importing Airflow fixes its home."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from followthrough.operate.airflow_home import DAGS
from followthrough.paths import PROJECT

READ = """
import json, sys
from airflow.dag_processing.dagbag import DagBag

sys.path.insert(0, sys.argv[1])  # as a bundle does

bag = DagBag(dag_folder=sys.argv[1])
print(json.dumps({
    "errors": bag.import_errors,
    "dags": {dag.dag_id: {
        "catchup": dag.catchup, "max_active_runs": dag.max_active_runs, "schedule": str(dag.schedule),
        "doc": dag.doc_md, "tags": sorted(dag.tags), "params": dag.params.dump(),
        "tasks": {task.task_id: {
            "after": sorted(task.upstream_task_ids), "rule": task.trigger_rule.value, "retries": task.retries,
            "retry_delay": task.retry_delay.total_seconds(),
            "timeout": task.execution_timeout and task.execution_timeout.total_seconds(),
            "doc": task.doc_md or task.python_callable.__doc__, "kind": type(task).__name__,
            "teardown": task.is_teardown,
            "pool": task.pool, "outlets": [asset.name for asset in task.outlets],
        } for task in dag.tasks},
    } for dag in bag.dags.values()},
    "heavy": sorted({"dbt", "duckdb", "great_expectations", "pandas", "pyarrow"} & set(sys.modules)),
}), file=sys.stderr)
"""


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An Airflow and a data home nobody else has."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW", "FOLLOWTHROUGH"))}
    return {
        **inherited,
        "AIRFLOW_HOME": str(tmp_path_factory.mktemp("airflow")),
        "AIRFLOW__CORE__DAGS_FOLDER": str(DAGS),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
        "FOLLOWTHROUGH_RETRY_DELAY_SECONDS": "17",
        "FOLLOWTHROUGH_NIGHT_AT": "06:05",
        "FOLLOWTHROUGH_HOME": str(tmp_path_factory.mktemp("data")),
        "PYTHONWARNINGS": "ignore",
    }


@pytest.fixture(scope="session")
def read(environment: dict[str, str]) -> dict[str, Any]:
    """What Airflow finds in ``dags/``."""
    return _read(environment)


@pytest.fixture(scope="session")
def read_with_mirror(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The same where a mirror is configured."""
    sources = tmp_path_factory.mktemp("mirrored") / "sources.toml"
    mirror = '[mirrors.office]\nconnection = "office_db"\nreader = "bi"\n'
    sources.write_text((PROJECT / "sources.toml").read_text("utf-8") + mirror, "utf-8")
    return _read({**environment, "FOLLOWTHROUGH_SOURCES": str(sources)})


def _read(environment: dict[str, str]) -> dict[str, Any]:
    command = [sys.executable, "-c", READ, str(DAGS)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stderr.splitlines()[-1])
    return found

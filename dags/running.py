"""Shared by the DAGs: runs a step of the package as an Airflow task."""

import logging
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from airflow.sdk import Asset, Connection, get_current_context
from airflow.sdk.configuration import conf
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from followthrough.clock import night_before, shanghai
from followthrough.errors import FollowthroughError, Overtaken
from followthrough.runs.journal import Run
from followthrough.settings import from_environment

SETTINGS = from_environment()
ONCE_MORE = {
    "retries": 2,
    "retry_delay": timedelta(seconds=SETTINGS.retry_delay_seconds),
    "execution_timeout": timedelta(hours=2),
}
PUBLISHED = Asset("followthrough_published")
"""Updated with every version; the event's ``extra`` names version and night. For DAGs that follow."""


def current_run() -> Run:
    """The run this task belongs to.

    Its night is the parameter, or else the day before the run was due in Shanghai. Its clock is the actual
    start of the DAG run, which may be long after it was due (a backfill, or a cleared run).
    """
    context = get_current_context()
    started, params = context["dag_run"], context["params"]
    due = shanghai(started.run_after)
    night = date.fromisoformat(params["night"]) if params.get("night") else night_before(due)
    run_id = (started.conf or {}).get("journal", started.run_id)
    return Run(run_id, night, shanghai(started.start_date or started.run_after), bool(params.get("full")))


def do(step: Callable[..., Any], *arguments: Any) -> Any:
    """Return what a step of the package returns; only errors that may pass are retried."""
    try:
        return step(SETTINGS, current_run(), *arguments)
    except Overtaken as error:
        raise AirflowSkipException(str(error)) from error
    except FollowthroughError as error:
        if error.may_pass:
            raise
        raise AirflowFailException(str(error)) from error


def log(*texts: str) -> None:
    """Write text to the task's log, line by line."""
    # Printed text would appear after the end of the log.
    for line in "\n".join(texts).splitlines():
        logging.getLogger(__name__).info(line)


def link() -> str:
    """Address of the night's page, empty if Airflow has no ``base_url``."""
    address = conf.get("api", "base_url", fallback="")
    return f"{address.rstrip('/')}/reports/{current_run().night}.html" if address else ""


def skip_in_backfill() -> None:
    """Skip the task in runs of ``airflow backfill``, which would send a message for every past night."""
    if get_current_context()["dag_run"].run_type == "backfill":
        raise AirflowSkipException("not in a backfill")


connection = Connection.get
"""Looks up an Airflow connection by id; steps get it as an argument and do not import Airflow."""

"""What the DAGs share: how Airflow runs a step of the package as a task, and what is its alone to know."""

import logging
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from airflow.sdk import Asset, Connection, get_current_context
from airflow.sdk.configuration import conf
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from followthrough.clock import night_before, shanghai
from followthrough.errors import FollowthroughError, Overtaken
from followthrough.journal import Run
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
    """The run of the night this task belongs to.

    Its night is the parameter, or the day before the run was due in Shanghai. What it sees, it sees when
    the run starts, also when that is long after it was due: a backfill, or a run that was cleared.
    """
    context = get_current_context()
    started, params = context["dag_run"], context["params"]
    due = shanghai(started.run_after)
    night = date.fromisoformat(params["night"]) if params.get("night") else night_before(due)
    run_id = (started.conf or {}).get("journal", started.run_id)
    return Run(run_id, night, shanghai(started.start_date or started.run_after), bool(params.get("full")))


def do(step: Callable[..., Any], *arguments: Any) -> Any:
    """Run a step of the package; an error that trying again cannot mend is not retried."""
    try:
        return step(SETTINGS, current_run(), *arguments)
    except Overtaken as error:
        raise AirflowSkipException(str(error)) from error
    except FollowthroughError as error:
        if error.may_pass:
            raise
        raise AirflowFailException(str(error)) from error


def say(*texts: str) -> None:
    """Put text into the task's log, line by line; what is printed would be shown behind its end."""
    for line in "\n".join(texts).splitlines():
        logging.getLogger(__name__).info(line)


def link() -> str:
    """Where the page of the night is shown, if this Airflow knows its own address."""
    address = conf.get("api", "base_url", fallback="")
    return f"{address.rstrip('/')}/reports/{current_run().night}.html" if address else ""


def skip_in_backfill() -> None:
    """Skip the task in runs of ``airflow backfill``: nobody wants thirty briefs of past nights."""
    if get_current_context()["dag_run"].run_type == "backfill":
        raise AirflowSkipException("not in a backfill")


connection = Connection.get
"""The one way to a credential that Airflow keeps; a step is handed it and reads plain values."""

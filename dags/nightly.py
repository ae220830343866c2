"""# The night

Takes in what the platforms' exports say of one business date (Asia/Shanghai) and publishes potential,
paying and loyal customers as one version, `published/current` of the data home, read from 08:00 on.

**If it fails**: readers keep the version they have. See the failed task's note, mend the cause and run the
same night again; what was done is found done. When a late file has come, run the night once more.
"""

import sys
from datetime import date, timedelta

from airflow.sdk import Connection, CronTriggerTimetable, Param, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException

from followthrough import night as steps
from followthrough.airflow_home import POOL
from followthrough.clock import night_before, shanghai
from followthrough.errors import FollowthroughError, Unavailable
from followthrough.journal import Run
from followthrough.launch import run
from followthrough.settings import from_environment

SETTINGS = from_environment()
RETRY_DELAY = timedelta(seconds=SETTINGS.retry_delay_seconds)
DEFAULTS = {"retries": 2, "retry_delay": RETRY_DELAY, "execution_timeout": timedelta(hours=2)}
PARAMS = {
    "night": Param(None, type=["null", "string"], format="date", description="Else the day before the run"),
    "full": Param(False, type="boolean", description="Rebuild everything instead of adding to the parent"),
}


def _do(step, *arguments):
    """Run a step of the night; an error that trying again cannot mend is not retried."""
    started, params = (get_current_context()[name] for name in ("dag_run", "params"))
    run_at = shanghai(started.run_after)
    night = date.fromisoformat(params["night"]) if params["night"] else night_before(run_at)
    run_id = (started.conf or {}).get("journal", started.run_id)
    try:
        return step(SETTINGS, Run(run_id, night, run_at, params["full"]), *arguments)
    except Unavailable:
        raise
    except FollowthroughError as error:
        raise AirflowFailException(str(error)) from error


@dag(schedule=CronTriggerTimetable("30 7 * * *", timezone="Asia/Shanghai"), catchup=False, max_active_runs=1,
     default_args=DEFAULTS, params=PARAMS, doc_md=__doc__, tags=["followthrough"])  # fmt: skip
def nightly():
    """Pull and load every platform, check, build, check, publish, refresh."""

    @task
    def pull(platform: str):
        """Land what has arrived. If it fails: the source is late, nothing else is held up; run again."""
        return _do(steps.pull, platform, Connection.get)

    @task(trigger_rule="all_done")
    def load(platform: str):
        """Read landed files into typed rows. If it fails: a fault of ours, not of a file; see the log."""
        return _do(steps.load, platform)

    @task(trigger_rule="all_done", pool=POOL)
    def check_loads():
        """Gate 1: admit or refuse each load. A refused file is named with its remedy in trust.loads."""
        return _do(steps.check_loads)

    @task.short_circuit(ignore_downstream_trigger_rules=False, pool=POOL)
    def build():
        """Build the candidate beside what readers see. If it fails: see the dbt log in the data home."""
        return _do(steps.build)

    @task(pool=POOL)
    def check_marts():
        """Gate 2: judge the candidate. If it fails: nothing is published; the message says what broke."""
        return _do(steps.check_marts)

    @task(pool=POOL)
    def publish():
        """Switch readers to the new version. If it fails: run the night again."""
        return _do(steps.publish)

    @task(trigger_rule="none_failed")
    def refresh():
        """Make the report of the published version. If it fails: the tables are published all the same."""
        return _do(steps.refresh)

    @task(trigger_rule="all_done")
    def notify():
        """Tell the configured channels. If it fails: a fault of ours; what did not arrive fails nothing."""
        return _do(steps.notify, Connection.get)

    loaded = []
    for name in SETTINGS.used_platforms:
        loaded.append(load.override(task_id=f"load_{name}")(name))
        pull.override(task_id=f"pull_{name}")(name) >> loaded[-1]
    loaded >> check_loads() >> build() >> check_marts() >> publish() >> [refresh(), notify()]


night_dag = nightly()

if __name__ == "__main__":
    run(night_dag, sys.argv[1:])

"""# Arrivals

Polls every three minutes for changes that no version contains yet: a file that has arrived since the night
ran, a load that was waived, withdrawn or restored. If there are any, it starts `nightly` for the open night,
so that a file is published within ten minutes of its landing; otherwise it ends in seconds. No task waits
for a source in between. It also reminds the owner of a late file.

**If it fails**: nothing is lost; the next poll comes in three minutes, and the next night in any case.
"""

from datetime import timedelta

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import CronTriggerTimetable, dag, get_current_context, task
from running import connection, do

from followthrough import night as steps
from followthrough.arrivals import poll as poll_arrivals

ONCE = {"retries": 0, "execution_timeout": timedelta(minutes=10)}


@dag(
    schedule=CronTriggerTimetable("*/3 * * * *", timezone="Asia/Shanghai"),
    catchup=False,
    max_active_runs=1,
    default_args=ONCE,
    doc_md=__doc__,
    tags=["followthrough"],
)
def arrivals():
    """Poll for arrivals; run the night again if there are any."""

    @task.short_circuit
    def poll():
        """Find files and load changes to publish. If it fails: the next poll comes in three minutes."""
        return None if night_runs() else do(poll_arrivals, connection)

    run_night = TriggerDagRunOperator(
        task_id="run_night",
        doc_md="Start the night, once for the same work. If it fails: see whether `nightly` is there.",
        trigger_dag_id="nightly",
        trigger_run_id="arrivals__{{ ti.xcom_pull('poll')['id'] }}",
        conf={"night": "{{ ti.xcom_pull('poll')['night'] }}"},
        skip_when_already_exists=True,
    )

    @task
    def remind():
        """Send reminders and undelivered messages. If it fails: a bug, see the log."""
        return None if night_runs() else do(steps.remind, connection)

    poll() >> run_night
    remind()


def night_runs() -> bool:
    """Whether a night is queued or running."""
    # Such a night processes by itself what a poll would find.
    return get_current_context()["ti"].get_dr_count("nightly", states=["queued", "running"]) > 0


arrivals_dag = arrivals()

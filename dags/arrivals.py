"""# Arrivals

Looks every three minutes for what no version tells of yet: a file that has come since the night ran, a load
somebody accepted, withdrew or restored. Where there is something, it starts `nightly` for the night that is
open, so that a file is published within ten minutes of its landing; else it ends in seconds. Nobody waits for
a source in between, so waiting takes no worker. It also tells whoever owes a file that its hour has passed.

**If it fails**: nothing is lost; the next look comes in three minutes, and the next night in any case.
"""

from datetime import timedelta

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import CronTriggerTimetable, dag, get_current_context, task
from running import connection, do

from followthrough import arrivals as looking
from followthrough import night as steps

ONCE = {"retries": 0, "execution_timeout": timedelta(minutes=10)}


@dag(schedule=CronTriggerTimetable("*/3 * * * *", timezone="Asia/Shanghai"), catchup=False, max_active_runs=1,
     default_args=ONCE, doc_md=__doc__, tags=["followthrough"])  # fmt: skip
def arrivals():
    """Look for what has come; run the night again where something has."""

    @task.short_circuit
    def look():
        """See what no version tells of yet. If it fails: the next look comes in three minutes."""
        return None if night_runs() else do(looking.look, connection)

    run_night = TriggerDagRunOperator(
        task_id="run_night",
        doc_md="Start the night, once for the same news. If it fails: see whether `nightly` is there.",
        trigger_dag_id="nightly",
        trigger_run_id="arrivals__{{ ti.xcom_pull('look')['id'] }}",
        conf={"night": "{{ ti.xcom_pull('look')['night'] }}"},
        skip_when_already_exists=True,
    )

    @task
    def remind():
        """Tell what is late or owed. If it fails: a fault of ours; what did not arrive fails nothing."""
        return None if night_runs() else do(steps.remind, connection)

    look() >> run_night
    remind()


def night_runs() -> bool:
    """Whether a night is queued or running; it will find and tell by itself what a look would."""
    return get_current_context()["ti"].get_dr_count("nightly", states=["queued", "running"]) > 0


arrivals_dag = arrivals()

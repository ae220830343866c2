"""# The night

Loads the platforms' exports of one business date (Asia/Shanghai) and publishes potential,
paying and loyal customers as one version, `published/current` of the data home, read from 08:00 on.
It runs at 07:30 (`FOLLOWTHROUGH_NIGHT_AT`) with the files that have arrived; `arrivals` runs it again for the
same night when more arrive.

**If it fails**: readers keep the version they have. See the failed task's note and the log of `notify`,
fix the cause and clear the failed task, or run the night again; finished steps are not repeated.
"""

from airflow.sdk import CronTriggerTimetable, Param, dag, task, task_group
from running import ONCE_MORE, PUBLISHED, SETTINGS, connection, current_run, do, link, log, skip_in_backfill

from followthrough import night as steps
from followthrough.operate.airflow_home import POOL

PARAMS = {
    "night": Param(None, type=["null", "string"], format="date", description="Else the day before the run"),
    "full": Param(False, type="boolean", description="Rebuild everything instead of adding to the parent"),
}


EACH_DAY = CronTriggerTimetable(
    f"{SETTINGS.night_at.minute} {SETTINGS.night_at.hour} * * *", timezone="Asia/Shanghai"
)


@task_group
def pull_and_load():
    """One task per platform."""
    for name in SETTINGS.used_platforms:
        pull_and_load_platform.override(task_id=name)(name)


@task
def pull_and_load_platform(platform: str):
    """Land what has arrived and read it. If it fails: that source is late, nothing else is; run again."""
    return do(steps.pull_and_load, platform, connection)


@task(trigger_rule="none_failed")
def workbook():
    """Write the workbook of the published version. If it fails: its readers see an older one."""
    return do(steps.workbook)


@dag(
    schedule=EACH_DAY,
    catchup=False,
    max_active_runs=1,
    default_args=ONCE_MORE,
    params=PARAMS,
    doc_md=__doc__,
    tags=["followthrough"],
)
def nightly():
    """Write, audit, publish: pull and load every platform, gate 1, build, gate 2, switch, pages, messages."""

    @task(trigger_rule="all_done", pool=POOL)
    def check_loads():
        """Gate 1: admit or refuse each load. A refused file is named with its remedy in trust.loads."""
        return do(steps.check_loads)

    @task.short_circuit(ignore_downstream_trigger_rules=False, pool=POOL)
    def build():
        """Build the candidate beside what readers see. If it fails: see the dbt log in the data home."""
        return do(steps.build)

    @task(pool=POOL)
    def check_marts():
        """Gate 2: check the candidate. If it fails: nothing is published; the message says what broke."""
        return do(steps.check_marts)

    @task(pool=POOL, outlets=[PUBLISHED])
    def publish(*, outlet_events):
        """Switch readers to the new version. If it fails: run the night again."""
        version = do(steps.publish)
        outlet_events[PUBLISHED].extra = {"version": version, "night": current_run().night.isoformat()}
        return version

    @task(trigger_rule="none_failed")
    def refresh():
        """Write the pages of the published version. If it fails: the tables are published anyway."""
        return do(steps.refresh)

    @task(trigger_rule="none_failed")
    def mirror():
        """Update the mirrors to the published version. If it fails: their readers see an older one."""
        return do(steps.mirror, connection)

    @task
    def notify():
        """Send messages about the run. If it fails: a bug, see the log."""
        log(do(steps.run_summary), link())
        skip_in_backfill()
        return do(steps.notify, connection)

    pull_and_load() >> check_loads() >> build() >> check_marts() >> (published := publish())
    published >> refresh() >> (notified := notify().as_teardown())
    others = [workbook(), *([mirror()] if SETTINGS.mirrors else [])]
    published >> others
    [notified, *others] >> notify.override(task_id="notify_of_others")().as_teardown()


night_dag = nightly()

"""The night's DAG: what it is made of, in which order, and what it does not load."""

import re
import subprocess
import sys

import pytest

from followthrough.operate.airflow_home import POOL
from followthrough.paths import PROJECT
from followthrough.settings import from_environment

FILE = PROJECT / "dags" / "nightly.py"
PLATFORMS = from_environment({}).used_platforms
PULLED = sorted(f"pull_and_load.{name}" for name in PLATFORMS)
AFTER = {
    **{task_id: [] for task_id in PULLED},
    "check_loads": PULLED,
    "build": ["check_loads"],
    "check_marts": ["build"],
    "publish": ["check_marts"],
    "refresh": ["publish"],
    "workbook": ["publish"],
    "notify": ["refresh"],
    "notify_of_others": ["notify", "workbook"],
}
WITH_MIRROR = {**AFTER, "mirror": ["publish"], "notify_of_others": ["mirror", "notify", "workbook"]}


@pytest.fixture(scope="module")
def nightly(read):
    return read["dags"]["nightly"]


@pytest.fixture(scope="module")
def tasks(nightly):
    return nightly["tasks"]


@pytest.fixture(scope="module")
def with_mirror(read_with_mirror):
    return read_with_mirror["dags"]["nightly"]["tasks"]


def test_airflow_reads_the_folder_without_errors(read):
    assert read["errors"] == {}
    assert sorted(read["dags"]) == ["arrivals", "nightly"]


def test_the_tasks_and_their_order_are_the_night(tasks):
    assert {task_id: task["after"] for task_id, task in tasks.items()} == AFTER


def test_mirrors_have_tasks_where_some_are_configured(with_mirror):
    assert {task_id: task["after"] for task_id, task in with_mirror.items()} == WITH_MIRROR


def test_a_platform_that_fails_holds_up_no_other(with_mirror):
    rules = {task_id: task["rule"] for task_id, task in with_mirror.items()}
    for task_id in ("refresh", "workbook", "mirror"):
        assert rules.pop(task_id) == "none_failed", "made also when there was nothing to publish"
    for task_id in ("notify", "notify_of_others"):
        assert rules.pop(task_id) == "all_done_setup_success", "told whatever happened"
    for task_id, rule in rules.items():
        assert rule == ("all_done" if task_id == "check_loads" else "all_success"), task_id


@pytest.mark.parametrize(
    ("configured", "expected"),
    [("tasks", {"refresh", "workbook"}), ("with_mirror", {"refresh", "workbook", "mirror"})],
)
def test_a_night_that_failed_is_a_failed_run(request, configured, expected):
    """Airflow goes by the last tasks that are no teardown: they must not run whatever happened."""
    tasks = request.getfixturevalue(configured)
    counting = {task_id: task for task_id, task in tasks.items() if not task["teardown"]}
    followed = {before for task in counting.values() for before in task["after"]}
    last = set(counting) - followed
    assert last == expected
    assert {tasks[task_id]["rule"] for task_id in last} == {"none_failed"}


def test_nothing_new_ends_the_night_quietly(tasks):
    assert tasks["build"]["kind"] == "_ShortCircuitDecoratedOperator"


def test_the_steps_that_write_what_all_runs_share_queue_in_the_pool(tasks):
    assert [name for name, task in tasks.items() if task["pool"] == POOL] == [
        "check_loads",
        "build",
        "check_marts",
        "publish",
    ]


def test_every_task_is_retried_and_ends_in_time(with_mirror):
    for task_id, task in with_mirror.items():
        assert task["retries"] >= 2, task_id
        assert 0 < task["timeout"] <= 4 * 3600, task_id


def test_a_retry_waits_as_long_as_the_environment_says(environment, read, tasks):
    waits = {task["retry_delay"] for task in tasks.values()}
    assert waits == {float(environment["FOLLOWTHROUGH_RETRY_DELAY_SECONDS"])}


def test_what_is_published_is_an_asset_others_can_follow(tasks):
    outlets = {name: task["outlets"] for name, task in tasks.items() if task["outlets"]}
    assert outlets == {"publish": ["followthrough_published"]}


def test_every_task_says_what_to_do(with_mirror):
    for task_id, task in with_mirror.items():
        assert re.match(r"[A-Z].+\. If it fails: .|Gate 1: .+ remedy .", task["doc"]), task_id


def test_one_night_at_a_time_each_morning_and_none_caught_up(nightly):
    assert nightly["max_active_runs"] == 1
    assert nightly["catchup"] is False
    assert "5 6 * * *" in nightly["schedule"], "at FOLLOWTHROUGH_NIGHT_AT"
    assert "Asia/Shanghai" in nightly["schedule"]
    assert nightly["tags"] == ["followthrough"]


def test_the_docs_say_what_to_do_if_it_fails(nightly):
    assert "**If it fails**" in nightly["doc"]
    assert "08:00" in nightly["doc"]


def test_a_night_can_be_named_and_rebuilt(nightly):
    assert nightly["params"] == {"night": None, "full": False}


def test_reading_the_folder_loads_nothing_heavy(read):
    assert read["heavy"] == []


def test_importing_the_steps_loads_nothing_heavy_and_no_airflow():
    code = (
        "import sys; import followthrough.night, followthrough.cli;"
        "print(sorted({'dbt', 'duckdb', 'great_expectations', 'pandas', 'pyarrow', 'jinja2', 'airflow'}"
        " & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_only_the_dag_folder_imports_airflow():
    sources = (PROJECT / "followthrough").rglob("*.py")
    pattern = re.compile(r"^\s*(from|import) airflow\b", re.MULTILINE)
    assert [path.name for path in sources if pattern.search(path.read_text("utf-8"))] == []


def test_the_file_can_be_read_at_a_glance():
    lines = [line for line in FILE.read_text("utf-8").splitlines() if line.strip()]
    assert len(lines) <= 90
    assert not FILE.name.startswith("dbt_")

"""`kill -9` at every step boundary, with the input changing before the rerun: the same tables in the end."""

import os
import random
import re
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from followthrough.paths import PROJECT
from followthrough.publish.publish import publish_candidate
from followthrough.runs.journal import Run
from followthrough.settings import from_environment
from followthrough.versions import candidate
from followthrough.versions.candidate import Candidate
from tests.builders.nights import KILLED, SAMPLE, Nights, Reader, at, copy_of, current, marts

NEXT = SAMPLE.night(6)
BOUNDARIES = [
    ("ingest.landing._remember", "after"),
    ("ingest.landing._landed", "before"),
    ("load.load._store", "after"),
    ("load.receipts.write", "after"),
    ("checks.load_batches.check_each_load", "after"),
    ("versions.history.decide", "after"),
    ("versions.candidate.start", "after"),
    ("warehouse.build._prepare", "after"),
    ("warehouse.build._assign_customers", "before"),
    ("warehouse.build._assign_customers", "after"),
    ("versions.candidate.save", "after"),
    ("checks.mart_gate.check_marts", "after"),
    ("publish.trust.write", "after"),
    ("versions.compaction.compact", "after"),
    ("publish.publish._set_out", "before"),
    ("publish.publish._set_out", "after"),
    ("publish.publish.switch", "before"),
    ("publish.publish.switch", "after"),
    ("versions.history.keep", "after"),
    ("reports.refresh.refresh_pages", "before"),
    ("reports.excel.refresh", "before"),
]
_CHANCE = random.Random(20)
MOMENTS = [round(_CHANCE.uniform(0.02, 0.98), 3) for _ in range(20)]
"""Parts of a night's usual time."""
EVERY_RUN = {
    ("load.load._store", "after"),
    ("warehouse.build._assign_customers", "after"),
    ("publish.publish._set_out", "after"),
    ("publish.publish.switch", "after"),
}
"""One in each zone a crash can leave half done; the others run in the soak."""


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _change_the_input(home: Path) -> None:
    """A file of the night after lands in an inbox between the crash and the rerun."""
    late = next(
        d for d in SAMPLE.deliveries(SAMPLE.night(7)) if d.source == "youzan_pine" and d.name.endswith("csv")
    )
    path = home / "inbox" / "youzan_pine" / "late.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(late.body)
    moment = late.exported_at.timestamp()
    os.utime(path, (moment, moment))


@pytest.fixture(scope="module")
def undisturbed(
    nights: Nights, published: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, object]]:
    """The marts of the next night with the same input and no crash."""
    home = copy_of(published, tmp_path_factory.mktemp("undisturbed") / "home")
    _change_the_input(home)
    assert nights.run(home, NEXT).status == 0
    return marts(home)


@pytest.mark.parametrize(
    ("function", "moment"),
    [
        pytest.param(*boundary, marks=() if boundary in EVERY_RUN else pytest.mark.soak)
        for boundary in BOUNDARIES
    ],
)
def test_a_killed_night_ends_in_the_same_tables_after_a_rerun(
    nights: Nights,
    published: Path,
    undisturbed: dict[str, dict[str, object]],
    tmp_path: Path,
    function: str,
    moment: str,
) -> None:
    home = copy_of(published, tmp_path / "home")
    killed = nights.run(home, NEXT, before=at(function, moment, _kill))
    assert killed.status == KILLED, killed.output
    with duckdb.connect(str(home / "published/current/followthrough.duckdb"), read_only=True) as connection:
        assert connection.execute("select count(*) from marts.customers").fetchall()[0][0] > 0
    _change_the_input(home)
    rerun = nights.run(home, NEXT)
    assert rerun.status == 0, rerun.output
    assert marts(home) == undisturbed


def _kill_after(seconds: float) -> Callable[[], None]:
    """Have the process kill itself after a while, wherever it is by then."""

    def plant() -> None:
        timer = threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGKILL))
        timer.daemon = True
        timer.start()

    return plant


@pytest.fixture(scope="module")
def usual_seconds(nights: Nights, published: Path, tmp_path_factory: pytest.TempPathFactory) -> float:
    """How long the next night takes here and now."""
    home = copy_of(published, tmp_path_factory.mktemp("usual") / "home")
    began = time.monotonic()
    assert nights.run(home, NEXT).status == 0
    return time.monotonic() - began


@pytest.mark.soak
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_night_killed_at_any_moment_ends_in_the_same_tables_after_a_rerun(
    nights: Nights,
    published: Path,
    undisturbed: dict[str, dict[str, object]],
    usual_seconds: float,
    tmp_path: Path,
    moment: float,
) -> None:
    for sooner in (1, 2, 4):
        home = copy_of(published, tmp_path / "home")
        killed = nights.run(home, NEXT, before=_kill_after(moment * usual_seconds / sooner))
        if killed.status == KILLED:
            break
    assert killed.status == KILLED, killed.output
    with duckdb.connect(str(home / "published/current/followthrough.duckdb"), read_only=True) as connection:
        assert connection.execute("select count(*) from marts.customers").fetchall()[0][0] > 0
    _change_the_input(home)
    rerun = nights.run(home, NEXT)
    assert rerun.status == 0, rerun.output
    assert marts(home) == undisturbed


def _stamp(database: Path, number: int) -> None:
    with duckdb.connect(str(database)) as connection:
        for table in ("stamp_one", "stamp_two"):
            connection.execute(f"create or replace table marts.{table} as select {number} as n")


def test_readers_see_no_error_and_no_mixture_through_ten_publishes(published: Path, tmp_path: Path) -> None:
    home = copy_of(published, tmp_path / "home")
    settings = from_environment({"FOLLOWTHROUGH_HOME": str(home)})
    readers: list[Reader] = []
    for number in range(10):
        parent = current(home)
        candidate.start(settings.home, parent)
        _stamp(candidate.public_file(settings.home), number)
        run = Run(f"publish {number}", SAMPLE.night(5), SAMPLE.deliveries(NEXT)[0].exported_at)
        planned = Candidate(
            run_id=run.run_id,
            night=parent.night,
            parent=parent.version,
            fingerprint=parent.fingerprint,
            key_fingerprint=parent.key_fingerprint,
            loads=parent.loads,
            checks=(),
        )
        candidate.save(settings.home, planned)
        publish_candidate(settings, run)
        if number == 0:
            stamps = [f"(select max(n) from marts.stamp_{table})" for table in ("one", "two")]
            readers = [Reader(home, *stamps) for _ in range(4)]
    told = [reader.stop() for reader in readers]
    assert [error for reader in told for error in reader["errors"]] == []
    assert all(reader["seen"] == sorted(reader["seen"]) for reader in told)
    assert all(len(reader["seen"]) > 5 for reader in told), "the readers hardly saw a switch"


def _lines_of(section: str) -> list[str]:
    """The commands of a section of docs/operating.md."""
    text = (PROJECT / "docs/operating.md").read_text("utf-8").split(f"\n## {section}\n")[1].split("\n## ")[0]
    return "".join(re.findall(r"```\n(.*?)```", text, re.S)).splitlines()


def test_what_was_backed_up_as_documented_is_restored_as_documented(
    nights: Nights, published: Path, tmp_path: Path
) -> None:
    home = copy_of(published, tmp_path / "data")
    assert nights.run(home, NEXT).status == 0
    before, tables = current(home), marts(home)
    for line in _lines_of("Back up"):
        subprocess.run(line, shell=True, check=True, cwd=tmp_path)
    shutil.rmtree(home)
    *extract, run_again = _lines_of("Restore")
    for line in extract:
        subprocess.run(line, shell=True, check=True, cwd=tmp_path)
    assert sorted(zone.name for zone in home.iterdir()) == ["history", "keys", "landing"]
    assert run_again == "make night"
    assert nights.run(home, NEXT).status == 0
    after = current(home)
    assert marts(home) == tables
    assert (after.night, after.parent) == (before.night, before.version)
    assert after.loads == before.loads

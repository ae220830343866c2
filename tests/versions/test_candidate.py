"""A candidate belongs to one run and can be thrown away."""

from dataclasses import replace
from datetime import date, datetime

import duckdb
import pytest

from followthrough.errors import Overtaken, Superseded
from followthrough.publish.publish import switch
from followthrough.runs.journal import Run
from followthrough.versions import candidate, history
from followthrough.versions.candidate import Candidate
from followthrough.versions.history import AppliedLoad, Manifest

LOAD = AppliedLoad("l1", "f1", "youzan__orders", "youzan_moss", "2026-09-01", "2026-09-02T02:00:00")
PLANNED = Candidate("run 1", "2026-09-30", None, "f", "k", (LOAD,), tests=({"name": "t"},))
RUN = Run("run 1", date(2026, 9, 30), datetime(2026, 10, 1, 8))
PARENT = Manifest("000001-2026-09-01", "2026-09-01", None, "", "", "", "", (), {}, {}, 0, ())


def test_the_note_read_back_is_the_same(home):
    candidate.start(home, None)
    candidate.save(home, PLANNED)
    assert candidate.read(home, RUN) == PLANNED
    assert candidate.read(home, RUN).checks is None


def test_passed_without_a_single_check_is_not_unchecked(home):
    candidate.start(home, None)
    candidate.save(home, replace(PLANNED, checks=()))
    assert candidate.read(home, RUN).checks == ()


def test_starting_again_leaves_nothing_of_the_last_candidate(home):
    candidate.start(home, None)
    candidate.save(home, PLANNED)
    candidate.start(home, None)
    assert list(home.candidate.iterdir()) == []
    assert home.candidate.stat().st_mode & 0o777 == 0o700


def test_a_candidate_on_a_parent_starts_with_copies_of_its_files(home):
    home.private(PARENT.version).parent.mkdir()
    home.private(PARENT.version).write_bytes(b"private")
    (home.published / PARENT.version).mkdir()
    public = home.published / PARENT.version / "followthrough.duckdb"
    public.write_bytes(b"public")
    public.chmod(0o444)
    candidate.start(home, PARENT)
    assert candidate.private_file(home).read_bytes() == b"private"
    candidate.public_file(home).write_bytes(b"changed")
    assert public.read_bytes() == b"public"


def test_the_parent_can_be_read_beside_the_candidate_and_not_written(home):
    (home.published / PARENT.version).mkdir()
    home.private(PARENT.version).parent.mkdir()
    for file in (home.private(PARENT.version), home.published / PARENT.version / "followthrough.duckdb"):
        with duckdb.connect(str(file)) as connection:
            connection.execute("CREATE TABLE night AS SELECT 1 AS number")
    candidate.start(home, PARENT)
    with duckdb.connect(str(candidate.private_file(home))) as connection:
        candidate.attach_parent(connection.execute, home.candidate)
        connection.execute("UPDATE night SET number = 2")
        assert connection.execute("SELECT number FROM parent.night").fetchall() == [(1,)]
        with pytest.raises(duckdb.InvalidInputException, match="read-only"):
            connection.execute("UPDATE parent.night SET number = 3")


def test_a_candidate_on_nothing_has_no_parent_beside_it(home):
    candidate.start(home, None)
    asked: list[str] = []
    candidate.attach_parent(asked.append, home.candidate)
    assert asked == []


def test_a_run_without_a_candidate_is_superseded(home):
    with pytest.raises(Superseded, match="no candidate"):
        candidate.read(home, RUN)


def test_another_runs_candidate_is_not_ours(home):
    candidate.start(home, None)
    candidate.save(home, PLANNED)
    with pytest.raises(Overtaken, match="run 1"):
        candidate.read(home, replace(RUN, run_id="run 2"))


@pytest.mark.parametrize(
    ("published_at", "run_id", "error"),
    [
        ("2026-10-01T08:05:00", "run 2", Overtaken),
        ("2026-10-01T07:00:00", "run 2", Superseded),
        ("2026-10-01T08:05:00", "run 1", Superseded),
    ],
)
def test_a_candidate_is_gone_by_another_run_only_if_that_published_since(home, published_at, run_id, error):
    later = replace(PARENT, created_at=published_at, run_id=run_id)
    (home.published / later.version).mkdir()
    (home.published / later.version / "manifest.json").write_text(later.to_json(), "utf-8")
    history.keep(home, later)
    switch(home, later.version)
    with pytest.raises(Superseded) as raised:
        candidate.read(home, RUN)
    assert type(raised.value) is error


def test_dropping_twice_is_fine(home):
    candidate.start(home, None)
    candidate.drop(home)
    candidate.drop(home)
    assert not home.candidate.exists()

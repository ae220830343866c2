"""A run's steps are kept with what they did, or with the error they ended with."""

import os
from datetime import date, datetime

import pytest

from followthrough.runs import journal
from followthrough.runs.journal import Run, step

RUN = Run("scheduled__2026-09-30T18:00:00+00:00", date(2026, 9, 30), datetime(2026, 10, 1, 2))


def test_a_step_keeps_what_it_did_and_how_long_it_took(home):
    with step(home, RUN, "build") as result:
        result["built"] = True
    (entry,) = journal.read(home, RUN.run_id)
    assert entry.pop("seconds") >= 0
    assert entry == {"step": "build", "night": "2026-09-30", "built": True}


def test_a_step_that_fails_keeps_its_error_and_raises_it(home):
    def fail() -> None:
        with step(home, RUN, "build") as result:
            result["parent"] = "v1"
            raise ValueError("坏了")

    with pytest.raises(ValueError, match="坏了"):
        fail()
    (entry,) = journal.read(home, RUN.run_id)
    assert (entry["error"], entry["message"], entry["parent"]) == ("ValueError", "坏了", "v1")


def test_steps_are_read_in_the_order_they_ended(home):
    with step(home, RUN, "outer"), step(home, RUN, "inner"):
        pass
    assert [entry["step"] for entry in journal.read(home, RUN.run_id)] == ["inner", "outer"]


def test_runs_do_not_mix(home):
    with step(home, RUN, "build"):
        pass
    assert journal.read(home, "another") == []


def test_the_last_run_is_the_one_that_did_something_last(home):
    assert journal.last(home, RUN.run_at) is None
    other, later = Run("manual/2", date(2026, 10, 3), RUN.run_at), datetime(2026, 10, 5, 7)
    for second, run in enumerate((RUN, other, RUN)):
        with step(home, run, "build"):
            pass
        found = journal.last(home, later)
        assert (found.night, found.run_at) == (run.night, later)
        assert journal.read(home, found.run_id) == journal.read(home, run.run_id)
        for path in home.runs.iterdir():
            os.utime(path, (second, second))


def test_a_run_id_is_no_path(home):
    with step(home, Run("../../etc/x", RUN.night, RUN.run_at), "build"):
        pass
    assert [path.name for path in home.runs.iterdir()] == [".._.._etc_x.jsonl"]


def test_a_line_still_being_written_is_not_read(home):
    with step(home, RUN, "build"):
        pass
    (path,) = home.runs.iterdir()
    with path.open("ab") as file:
        file.write('{"step": "发'.encode()[:-1])
    assert [entry["step"] for entry in journal.read(home, RUN.run_id)] == ["build"]


def test_only_the_owner_can_read_a_journal(home):
    with step(home, RUN, "build"):
        pass
    (path,) = home.runs.iterdir()
    assert path.stat().st_mode & 0o777 == 0o600

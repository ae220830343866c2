"""What people take back: versions and loads, with who and why, and what that unapplies."""

import hashlib
from dataclasses import replace
from datetime import date, datetime

import pytest

from followthrough.errors import FollowthroughError
from followthrough.load import receipts
from followthrough.load.receipts import Receipt
from followthrough.operate import corrections
from followthrough.publish.publish import switch
from followthrough.runs.journal import Run
from followthrough.versions import history
from followthrough.versions.history import AppliedLoad, Manifest

RUN = Run("by hand", date(2026, 9, 30), datetime(2026, 10, 1, 9))


def load(name: str) -> AppliedLoad:
    return AppliedLoad(name, name, "youzan__orders", "youzan_moss", "2026-09-01", "2026-09-02T02:00:00")


@pytest.fixture
def chain(home) -> list[str]:
    """Three published versions, each with one load more."""
    names: list[str] = []
    for number in (1, 2, 3):
        version = f"{number:06}-2026-09-{number:02}"
        loads = tuple(load(f"l{n}") for n in range(1, number + 1))
        parent = names[-1] if names else None
        made = Manifest(version, version[7:], parent, "", "run", "f", "k", loads, {}, {}, 0, ())
        (home.published / version).mkdir()
        (home.published / version / "manifest.json").write_text(made.to_json(), "utf-8")
        (home.published / version / "followthrough.duckdb").touch()
        history.keep(home, made)
        switch(home, version)
        names.append(version)
    return names


def test_a_rollback_leads_to_the_parent_and_holds(settings, home, chain):
    done = corrections.rollback(settings, RUN, None, "wrong prices")
    assert (done.version, done.left, done.unapplied) == (chain[1], chain[2], (load("l3"),))
    assert history.head(home).version == chain[1]
    held = history.hold(home)
    assert (held["version"], held["left"], held["reason"]) == (chain[1], chain[2], "wrong prices")
    assert held["by"]


def test_a_rollback_to_an_ancestor_unapplies_all_that_came_since(settings, home, chain):
    done = corrections.rollback(settings, RUN, chain[0], "wrong")
    assert {found.load_id for found in done.unapplied} == {"l2", "l3"}
    assert history.head(home).version == chain[0]


@pytest.mark.parametrize(
    ("files", "wrong"),
    [
        ({"followthrough.duckdb": hashlib.sha256().hexdigest()}, None),
        ({"followthrough.duckdb": "0" * 64}, "followthrough.duckdb"),
        ({"parquet/marts/t.parquet": "0" * 64}, "parquet/marts/t.parquet"),
    ],
    ids=["as published", "another content", "a file gone"],
)
def test_nobody_is_rolled_back_to_a_version_that_is_not_what_was_published(
    settings, home, chain, files, wrong
):
    history.keep(home, replace(history.read_manifest(home, chain[1]), files=files))
    if wrong is None:
        assert corrections.rollback(settings, RUN, None, "wrong").version == chain[1]
        return
    with pytest.raises(FollowthroughError, match=f"{wrong} of version {chain[1]} is not what was published"):
        corrections.rollback(settings, RUN, None, "wrong")
    assert history.head(home).version == chain[2]
    assert history.hold(home) is None


def test_rolling_back_twice_goes_back_twice(settings, home, chain):
    corrections.rollback(settings, RUN, None, "wrong")
    assert corrections.rollback(settings, RUN, None, "still wrong").version == chain[0]
    assert history.hold(home)["reason"] == "still wrong"


@pytest.mark.parametrize("version", ["000009-2026-09-09", "000003-2026-09-03", "../published"])
def test_what_is_not_before_the_current_version_is_no_target(settings, home, chain, version):
    with pytest.raises(FollowthroughError, match="is not a version before 000003-2026-09-03"):
        corrections.rollback(settings, RUN, version, "wrong")
    assert history.head(home).version == chain[2]
    assert history.hold(home) is None


def test_the_first_version_has_nothing_before_it(settings, chain):
    corrections.rollback(settings, RUN, chain[0], "wrong")
    with pytest.raises(FollowthroughError, match="there is no version before 000001-2026-09-01"):
        corrections.rollback(settings, RUN, None, "wrong")


def test_a_version_no_longer_kept_is_no_target(settings, home, chain):
    (home.published / chain[1] / "followthrough.duckdb").unlink()
    with pytest.raises(FollowthroughError, match="no longer kept"):
        corrections.rollback(settings, RUN, None, "wrong")
    assert history.head(home).version == chain[2]


def test_before_the_first_night_there_is_nothing_to_roll_back(settings):
    with pytest.raises(FollowthroughError, match="nothing is published"):
        corrections.rollback(settings, RUN, None, "wrong")


def test_a_version_that_a_crash_kept_from_history_is_not_forgotten_by_a_rollback(settings, home, chain):
    (home.history / chain[2] / "manifest.json").unlink()
    corrections.rollback(settings, RUN, None, "wrong")
    assert history.next_version(home, RUN.night).startswith("000004")


def test_resuming_ends_the_hold_once(settings, home, chain):
    corrections.rollback(settings, RUN, None, "wrong")
    corrections.resume(settings, RUN)
    assert history.hold(home) is None
    with pytest.raises(FollowthroughError, match="not on hold"):
        corrections.resume(settings, RUN)


def test_a_load_is_withdrawn_and_restored_by_name(settings, home):
    receipts.write(home, Receipt("l1", "youzan_moss", "0", "youzan__orders", 1, "x.csv", "k", "r"))
    corrections.withdraw(settings, RUN, "l1", "test file")
    assert history.withdrawn(home) == {"l1"}
    corrections.restore(settings, RUN, "l1")
    assert history.withdrawn(home) == set()


def test_only_what_is_there_can_be_withdrawn_or_restored(settings):
    with pytest.raises(FollowthroughError, match="there is no load l9"):
        corrections.withdraw(settings, RUN, "l9", "typo")
    with pytest.raises(FollowthroughError, match="l9 is not withdrawn"):
        corrections.restore(settings, RUN, "l9")

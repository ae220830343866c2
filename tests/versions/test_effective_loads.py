"""Which loads count is a function of receipts, landing and history alone."""

import io
from datetime import datetime

import pytest

from followthrough.ingest.landing import Sighting, land
from followthrough.load import receipts
from followthrough.load.receipts import Receipt
from followthrough.versions import history
from followthrough.versions.effective_loads import EffectiveLoad, change, effective
from followthrough.versions.history import AppliedLoad, Manifest

AT = datetime(2026, 9, 2, 9)
MADE = datetime(2026, 9, 2, 2)


@pytest.fixture
def loaded(settings):
    """Land ``content``, and write its receipt and verdict under a contract version."""

    def loaded(content: bytes, version: int = 1, verdict: str = "admitted", at: datetime = MADE) -> str:
        kept = land(settings.home, "youzan_moss", io.BytesIO(content), Sighting("x.csv", AT, at))
        reading = settings.source("youzan_moss").reading
        load_id = receipts.load_id("youzan_moss", kept.sha256, "youzan__orders", version, reading)
        receipts.write(
            settings.home,
            Receipt(load_id, "youzan_moss", kept.sha256, "youzan__orders", version, "x.csv", "k", reading),
        )
        if verdict:
            history.decide(settings.home, "verdict", AT, {"load_id": load_id, "verdict": verdict})
        return load_id

    return loaded


def ids(settings) -> set[str]:
    return {load.receipt.load_id for load in effective(settings)}


def parent(*loads: EffectiveLoad) -> Manifest:
    applied = tuple(
        AppliedLoad(
            load.receipt.load_id,
            load.receipt.sha256,
            "youzan__orders",
            "youzan_moss",
            "2026-09-01",
            load.identity[1],
        )
        for load in loads
    )
    return Manifest("000001-2026-09-01", "2026-09-01", None, "", "", "", "", applied, {}, {}, 0, ())


def test_admitted_and_warned_loads_count_and_refused_and_unjudged_do_not(settings, loaded):
    admitted, warned = loaded(b"a"), loaded(b"b", verdict="warned")
    loaded(b"c", verdict="refused")
    loaded(b"d", verdict="")
    assert ids(settings) == {admitted, warned}


def test_of_one_file_the_highest_contract_version_counts(settings, loaded):
    newest = [loaded(b"a", version=version) for version in (1, 10, 9)][1]
    assert ids(settings) == {newest}


def test_a_refused_newer_contract_leaves_the_older_one_in_force(settings, loaded):
    older = loaded(b"a", version=1)
    loaded(b"a", version=2, verdict="refused")
    assert ids(settings) == {older}


def test_a_withdrawn_load_does_not_count_and_a_restored_one_does(settings, loaded):
    load_id = loaded(b"a")
    history.decide(settings.home, "withdraw", AT, {"load_id": load_id})
    assert ids(settings) == set()
    history.decide(settings.home, "restore", AT, {"load_id": load_id})
    assert ids(settings) == {load_id}


def test_a_source_no_longer_configured_does_not_count(settings, loaded):
    import dataclasses

    loaded(b"a")
    others = tuple(source for source in settings.sources if source.id != "youzan_moss")
    assert effective(dataclasses.replace(settings, sources=others)) == []


def test_what_the_parent_has_is_neither_new_nor_gone(settings, loaded):
    loaded(b"a")
    loads = effective(settings)
    assert not change(loads, parent(*loads))
    assert change(loads, None).new == tuple(loads)


def test_what_no_longer_counts_is_gone(settings, loaded):
    loaded(b"a")
    before = parent(*effective(settings))
    assert [load.load_id for load in change([], before).gone] == [before.loads[0].load_id]


def test_a_load_whose_export_time_changed_is_new_and_gone(settings, loaded):
    load_id = loaded(b"a")
    before = parent(*effective(settings))
    land(settings.home, "youzan_moss", io.BytesIO(b"a"), Sighting("y.csv", AT, datetime(2026, 9, 2, 1)))
    changed = change(effective(settings), before)
    assert [load.receipt.load_id for load in changed.new] == [load_id]
    assert [load.load_id for load in changed.gone] == [load_id]


def test_a_later_sighting_of_the_same_bytes_changes_nothing(settings, loaded):
    loaded(b"a")
    before = parent(*effective(settings))
    land(settings.home, "youzan_moss", io.BytesIO(b"a"), Sighting("y.csv", AT, datetime(2026, 9, 3, 1)))
    assert not change(effective(settings), before)

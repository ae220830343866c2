"""One screen that says what readers see, what is missing, and what to do next."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from followthrough.operate.status import status
from followthrough.publish.publish import switch
from followthrough.sample import Sample
from followthrough.settings.schedule import Plan
from followthrough.versions import history
from followthrough.versions.history import AppliedLoad, Manifest

VERSION = "000001-2026-09-01"
AT = datetime(2026, 9, 2, 12)


@pytest.fixture
def shops(settings):
    """Two shops: one that owes a file each day by ten, and one that sends something now and then."""
    daily = replace(settings.source("youzan_moss"), plans={"refunds": Plan(cadence="on_demand")})
    rare = replace(settings.source("youzan_pine"), usual=Plan(cadence="on_demand"))
    return replace(settings, sources=(daily, rare))


@pytest.fixture
def published(home):
    def published(*loads):
        applied = tuple(AppliedLoad(load, load, "youzan__orders", "youzan_moss", "", "") for load in loads)
        checks = {"passed": 5, "warned": 1, "failed": 0}
        made = Manifest(
            VERSION, VERSION[7:], None, "2026-09-02T09:00:00", "", "", "", applied, {}, checks, 12, ()
        )
        folder = home.published / VERSION
        folder.mkdir()
        (folder / "manifest.json").write_text(made.to_json(), "utf-8")
        (folder / "followthrough.duckdb").touch()
        history.keep(home, made)
        switch(home, VERSION)

    return published


@pytest.fixture
def orders(home, load_bytes):
    """Take in the orders of the night."""

    def orders():
        night = Sample().deliveries(Sample().night(1))
        file = next(d for d in night if d.source == "youzan_moss" and d.name.endswith("csv"))
        receipt = load_bytes(file.body)
        verdict = {"load_id": receipt.load_id, "source_id": "youzan_moss", "night": "2026-09-01"}
        history.decide(home, "verdict", AT, verdict | {"verdict": "admitted"})
        return receipt.load_id

    return orders


def lines(told, word):
    return [line for line in told.splitlines() if word in line]


def test_before_the_first_night_it_says_how_to_run_it(settings, tmp_path):
    from followthrough.paths import Home

    assert "make night" in status(settings, AT)
    assert "nothing is published yet" in status(replace(settings, home=Home(tmp_path / "none")), AT)


def test_a_complete_version_asks_for_the_night_that_comes(shops, published, orders):
    orders()
    published()
    told = status(shops, AT)
    assert "version   000001-2026-09-01 (of 1), made 2026-09-02T09:00:00" in told
    assert "checks    5 passed, 1 warned, 0 failed at gate 1" in told
    assert "rows      12 quarantined so far" in told
    assert "kept      000001-2026-09-01" in told
    assert " MB free of " in told
    assert lines(told, "✓ youzan_moss") == [
        "✓ youzan_moss         fresh       2026-09-01  09-03 10:00   王运营"
    ]
    assert lines(told, "· youzan_pine") == [
        "· youzan_pine         on_demand   —           —             李运营"
    ]
    assert told.endswith("next      make night, for the night that comes")


def test_a_source_is_late_from_its_hour_on_and_then_names_whom_to_ask_for_what(shops, published):
    published()
    assert lines(status(shops, AT.replace(hour=9)), "youzan_moss")[0] == (
        "· youzan_moss         not_due     —           09-02 10:00   王运营"
    )
    told = status(shops, AT)
    late, asked = lines(told, "youzan_moss")[0], lines(told, "ask for")
    assert late == "✗ youzan_moss         late        —           next run      王运营"
    assert len(asked) == 1
    assert "2026-09-01 of youzan__orders: 有赞后台" in asked[0]
    assert told.endswith("next      drop the missing files of youzan_moss into their inbox, then make night")


def test_a_file_that_waits_is_named(shops, home, published):
    published()
    (home.inbox / "youzan_moss").mkdir()
    (home.inbox / "youzan_moss" / "订单.csv").touch()
    told = status(shops, AT)
    assert "waiting   inbox/youzan_moss/订单.csv" in told
    assert told.endswith("next      make night takes in what waits")


def test_it_knows_whether_airflow_looks(shops, home, published):
    published()
    home.last_poll.write_text((AT - timedelta(minutes=1)).isoformat())
    told = status(shops, AT)
    assert "looks     Airflow looks for files again at 12:02" in told
    assert "late        —           09-02 12:02   王运营" in told
    assert told.endswith("next      drop the missing files of youzan_moss into their inbox")
    home.last_poll.write_text((AT - timedelta(hours=1)).isoformat())
    assert "looks     no Airflow looks" in status(shops, AT)


def test_a_waiver_in_force_is_shown_with_its_name(shops, home, published):
    published("l1")
    for load in ("l1", "l2"):
        waiver = {"load_id": load, "waived": ["volume"], "reason": "双11", "by": "王"}
        history.decide(home, "waiver", AT, waiver)
    assert lines(status(shops, AT), "waiver") == ["waiver    l1 counts by the word of 王: 双11"]


def test_a_hold_is_shown_first_of_what_to_do(shops, home, published):
    published()
    at = datetime(2026, 9, 2, 10)
    history.decide(home, "rollback", at, {"version": "a", "left": "b", "reason": "价格错了", "by": "王"})
    told = status(shops, AT)
    assert "hold      since the rollback of 2026-09-02T10:00:00 by 王: 价格错了" in told
    assert told.endswith("next      followthrough resume, when the cause is gone")


def test_all_sources_of_the_project_fit_on_one_screen(settings, published):
    published()
    assert len(status(settings, datetime(2026, 9, 2, 7)).splitlines()) <= 40

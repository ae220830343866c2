"""One screen that says what readers see, what is missing, and what to do next."""

from dataclasses import replace
from datetime import datetime

import duckdb
import pytest

from followthrough import history
from followthrough.history import Manifest
from followthrough.publish import switch
from followthrough.status import status


@pytest.fixture
def published(home):
    """Publish a version whose sources are in these states."""

    def published(*late: str) -> None:
        version = "000001-2026-09-30"
        checks = {"passed": 5, "warned": 1, "failed": 0}
        made = Manifest(
            version, version[7:], None, "2026-10-01T09:00:00", "", "", "", (), {}, checks, 12, late
        )
        (home.published / version).mkdir()
        (home.published / version / "manifest.json").write_text(made.to_json(), "utf-8")
        states = dict.fromkeys(late, ("NULL::DATE", "missing"))
        rows = ", ".join(
            f"('{source}', 'youzan__orders', 'L', '王运营', '订单导出', NULL, {covered}, '{state}')"
            for source in ("youzan_moss", "youzan_pine")
            for covered, state in [states.get(source, ("DATE '2026-09-30'", "fresh"))]
        )
        with duckdb.connect(str(home.published / version / "followthrough.duckdb")) as connection:
            connection.execute(
                f"CREATE SCHEMA trust; CREATE TABLE trust.freshness AS SELECT * FROM (VALUES {rows})"
                " t(source_id, slug, label, owner, menu, shop_id, covered_through, state)"
            )
        history.keep(home, made)
        switch(home, version)

    return published


def test_before_the_first_night_it_says_how_to_run_it(settings, tmp_path):
    from followthrough.paths import Home

    assert "make night" in status(settings)
    assert "nothing is published yet" in status(replace(settings, home=Home(tmp_path / "none")))


def test_a_complete_version_asks_for_the_night_that_comes(settings, published):
    published()
    told = status(settings)
    assert "version   000001-2026-09-30 (of 1), made 2026-10-01T09:00:00" in told
    assert "checks    5 passed, 1 warned, 0 failed at gate 1" in told
    assert "rows      12 quarantined so far" in told
    assert told.endswith("next      make night, for the night that comes")


def test_a_missing_source_names_whom_to_ask_for_what(settings, published):
    published("youzan_moss")
    told = status(settings)
    assert "through —  ask 王运营: 订单导出" in told
    assert told.endswith("next      drop the missing files of youzan_moss into their inbox, then make night")


def test_a_file_that_waits_is_named(settings, home, published):
    published()
    (home.inbox / "youzan_moss").mkdir()
    (home.inbox / "youzan_moss" / "订单.csv").touch()
    told = status(settings)
    assert "waiting   inbox/youzan_moss/订单.csv" in told
    assert told.endswith("next      make night takes in what waits")


def test_a_hold_is_shown_first_of_what_to_do(settings, home, published):
    published("youzan_moss")
    at = datetime(2026, 10, 1, 10)
    history.decide(home, "rollback", at, {"version": "a", "left": "b", "reason": "价格错了", "by": "王"})
    told = status(settings)
    assert "hold      since the rollback of 2026-10-01T10:00:00 by 王: 价格错了" in told
    assert told.endswith("next      followthrough resume, when the cause is gone")

"""What stands on the screen at the end of a night."""

import duckdb
import pytest

from followthrough.publish.publish import switch
from followthrough.runs.summary import line, summary, tally

LOADED = {"files": 2, "rows": 1200, "accepted": 1190, "quarantined": 7, "excluded": 3, "refused": 0}
JUDGED = {"admitted": 3, "warned": 1, "refused": ["youzan_moss: 订单.csv: damaged -> export it again"]}
CHECKS = {"passed": 150, "warned": 2, "failed": 1}


@pytest.fixture
def published(home):
    """A version of two days of stages."""
    folder = home.published / "000001-2026-09-30"
    folder.mkdir()
    with duckdb.connect(str(folder / "followthrough.duckdb")) as connection:
        connection.execute(
            "CREATE SCHEMA marts; CREATE TABLE marts.stage_daily AS SELECT * FROM (VALUES"
            " (DATE '2026-09-30', 'potential', 40::BIGINT), (DATE '2026-09-30', 'potential', 2),"
            " (DATE '2026-09-29', 'potential', 50), (DATE '2026-09-30', 'loyal', 1200),"
            " (DATE '2026-09-29', 'paying', 3), (DATE '2026-09-28', 'audience', 9)"
            ") t(stage_date, stage, customers)"
        )
    switch(home, folder.name)


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ({"files": {"youzan_moss": 2, "youzan_pine": 0}}, "youzan_moss 2, youzan_pine 0"),
        ({"loaded": LOADED}, "2 files, 1,200 rows = 1,190 accepted + 7 quarantined + 3 excluded"),
        ({"judged": JUDGED}, "3 admitted, 1 with warnings, 1 refused"),
        ({"built": True, "parent": None}, "on nothing"),
        ({"built": True, "parent": "000001-2026-09-30"}, "on 000001-2026-09-30"),
        (
            {"built": True, "parent": None, "anew": "商品表 changed"},
            "all orders and customers anew: 商品表 changed",
        ),
        ({"built": False, "parent": None}, "nothing new since the last version"),
        ({"passed": 9, "warned": 1}, "9 checks passed, 1 warned"),
        (
            {"passed": 9, "warned": 1, "earlier": 4},
            "9 checks passed, 1 warned, 4 of them not asked again",
        ),
        ({"version": "000001-2026-09-30", "checks": CHECKS}, "000001-2026-09-30"),
        ({"page": "reports/2026-09-30.html"}, "reports/2026-09-30.html"),
        ({"workbook": "reports/2026-09-30.xlsx"}, "reports/2026-09-30.xlsx"),
        ({"built": True, "error": "Held", "message": "on hold -> resume"}, "Held: on hold -> resume"),
    ],
)
def test_a_finished_step_is_one_line(entry, told):
    text = line({"step": "build", "seconds": 1.23, **entry})
    assert text == f"  build                 1.2 s  {told}"


def test_a_step_with_nothing_to_tell_ends_without_spaces():
    assert line({"step": "build", "seconds": 0}) == "  build                 0.0 s"


def test_a_night_that_published_says_what_came_of_its_rows(home, published):
    steps = [
        {"step": "load_youzan", "seconds": 1.0, "loaded": LOADED},
        {"step": "load_wecom", "seconds": 1.0, "loaded": LOADED},
        {"step": "check_loads", "seconds": 1.0, "judged": JUDGED},
        {"step": "publish", "seconds": 1.0, "version": "000001-2026-09-30", "checks": CHECKS},
        {"step": "refresh", "seconds": 1.0, "page": "reports/2026-09-30.html"},
        {"step": "workbook", "seconds": 1.0, "workbook": "reports/2026-09-30.xlsx"},
    ]
    assert summary(home, steps).splitlines() == [
        "rows      2,400 in 4 files = 2,380 accepted + 14 quarantined + 6 excluded",
        "refused   youzan_moss: 订单.csv: damaged -> export it again",
        "checks    150 passed, 2 warned, 1 failed at gate 1",
        "stages    potential 42 (-8), paying 0 (-3), loyal 1,200 (+1200)",
        f"published 000001-2026-09-30 in {home.current}/followthrough.duckdb",
        "page      reports/2026-09-30.html",
        "workbook  reports/2026-09-30.xlsx",
        "took      6 s in its steps",
    ]


def test_a_night_with_nothing_new_says_that_readers_see_the_same(home, published):
    told = summary(home, [{"step": "build", "seconds": 0.2, "built": False, "parent": None}])
    assert "unchanged 000001-2026-09-30 in " in told
    assert "rows" not in told


def test_a_first_night_that_failed_promises_nothing(home):
    assert summary(home, []) == "took      0 s in its steps"


def test_checks_are_told_apart():
    assert tally(CHECKS) == "150 passed, 2 warned, 1 failed at gate 1"

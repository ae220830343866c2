"""The phases of campaigns, from sheets handed in one after the other."""

import io
from datetime import date, datetime

import pytest

from followthrough.checks.campaigns import Phase, campaign_phases
from followthrough.checks.load_gate import check_loads
from followthrough.ingest.landing import Sighting, land
from followthrough.load.load import load_platform
from followthrough.platforms import export
from followthrough.runs.journal import Run
from followthrough.sheets.templates import workbook

RUN = Run("run", date(2026, 9, 9), datetime(2026, 9, 10, 9))
PEAK = ("d11", "爆发", "2026-10-31 20:00", "2026-11-11 23:59", "", "")
DAY = ("member", "爆发", "2026-09-09 10:00", "2026-09-09 23:59", "", "youzan_moss")
SPANS = {
    "d11": (datetime(2026, 10, 31, 20), datetime(2026, 11, 11, 23, 59)),
    "member": (datetime(2026, 9, 9, 10), datetime(2026, 9, 9, 23, 59)),
}


@pytest.fixture
def hand_in(settings):
    """Drop a sheet made on a day of September and let gate 1 judge it."""

    def hand_in(sheet, day, *rows):
        content = io.BytesIO(workbook(export(f"sheets__{sheet}"), rows))
        land(
            settings.home, "sheets_main", content, Sighting("表.xlsx", RUN.run_at, datetime(2026, 9, day, 9))
        )
        load_platform(settings, "sheets")
        check_loads(settings, RUN)

    return hand_in


def test_there_are_none_without_a_sheet(settings):
    assert campaign_phases(settings) == []


def test_a_phase_opens_to_the_minute_for_the_shop_or_the_brand_it_is_for(settings, hand_in):
    hand_in("campaigns", 1, ("d11", "双11", "平台大促", "", ""), ("member", "会员日", "会员日", "moss", ""))
    hand_in("campaign_phases", 1, PEAK, DAY)
    assert campaign_phases(settings) == [
        Phase("member", "peak", "youzan_moss", "moss", *SPANS["member"]),
        Phase("d11", "peak", None, None, *SPANS["d11"]),
    ]


def test_the_newest_sheet_holds_whole_whatever_arrives_later(settings, hand_in):
    hand_in("campaign_phases", 5, PEAK)
    hand_in("campaign_phases", 3, DAY)
    hand_in("campaign_phases", 4, DAY, PEAK)
    assert [phase.campaign_id for phase in campaign_phases(settings)] == ["d11"]


def test_a_sheet_nobody_filled_in_takes_nothing_away(settings, hand_in):
    hand_in("campaign_phases", 3, DAY)
    hand_in("campaign_phases", 5)
    assert [phase.campaign_id for phase in campaign_phases(settings)] == ["member"]


def test_a_sheet_gate_1_refuses_leaves_the_one_before_in_force(settings, hand_in):
    hand_in("campaign_phases", 3, DAY)
    backwards = ("d11", "爆发", "2026-11-11 20:00", "2026-10-31 23:59", "", "")
    hand_in("campaign_phases", 5, backwards)
    assert [phase.campaign_id for phase in campaign_phases(settings)] == ["member"]

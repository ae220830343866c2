"""What a day is in China, against days everybody remembers and the library's own words."""

from datetime import date, timedelta

import pytest

from followthrough.settings.schedule import is_workday
from followthrough.warehouse.china_calendar import FIRST_DAY, chinese_days

LAST = date(2030, 12, 31)


@pytest.fixture(scope="module")
def days():
    return {day.day: day for day in chinese_days(LAST)}


def test_no_day_is_missing(days):
    assert [*days] == [FIRST_DAY + timedelta(n) for n in range((LAST - FIRST_DAY).days + 1)]


def test_a_workday_is_what_due_hours_take_for_one(days):
    assert [day for day in days if days[day].is_workday != is_workday(day)] == []


@pytest.mark.parametrize(
    ("day", "works", "moved", "holiday"),
    [
        (date(2026, 10, 10), True, True, None),  # Saturday, worked
        (date(2026, 10, 7), False, True, "国庆节"),  # Wednesday, off in exchange
        (date(2026, 10, 3), False, False, "国庆节"),
        (date(2026, 10, 12), True, False, None),
        (date(2030, 1, 1), True, False, None),  # not announced yet
    ],
)
def test_moved_days_are_known(days, day, works, moved, holiday):
    assert (days[day].is_workday, days[day].is_adjusted, days[day].holiday_zh) == (works, moved, holiday)


@pytest.mark.parametrize(
    ("day", "lunar", "festival", "before"),
    [
        (date(2026, 2, 17), "正月初一", "春节", date(2025, 1, 29)),
        (date(2026, 2, 16), "腊月廿九", "除夕", date(2025, 1, 28)),
        (date(2025, 1, 28), "腊月廿九", "除夕", date(2024, 2, 9)),
        (date(2020, 10, 1), "八月十五", "中秋节、国庆节", date(2019, 9, 13)),
        (date(2026, 4, 5), "二月十八", "清明节", date(2025, 4, 4)),
        (date(2022, 12, 30), "腊月初八", "腊八节", date(2022, 1, 10)),
        (date(2025, 7, 30), "闰六月初六", None, None),
        (date(2026, 11, 11), "十月初三", None, None),
    ],
)
def test_lunar_dates_and_festivals_are_known(days, day, lunar, festival, before):
    found = days[day]
    assert (found.lunar_date_zh, found.festival_zh, found.same_festival_last_year) == (
        lunar,
        festival,
        before,
    )


def test_a_leap_month_has_no_second_festival(days):
    """2020 had a fourth month twice, 2025 a sixth, 2028 a fifth."""
    dragon_boats = [day for day in days if "端午" in (days[day].festival_zh or "")]
    assert [day.year for day in dragon_boats] == [*range(2010, 2031)]

"""Facts about a day in China: workday or not, its lunar date, its festival.

Workdays, holidays and days moved for them (调休) are from the State Council's published calendars; a year not
yet announced has plain weeks. Lunar dates and solar terms are computed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lunardate import LunarDate

FIRST_DAY = date(2010, 1, 1)
"""First day of the calendar; no export is older."""

_MONTHS = "正二三四五六七八九十冬腊"
_DIGITS = "十一二三四五六七八九"
_LUNAR_FESTIVALS = {
    (1, 1): "春节",
    (1, 15): "元宵节",
    (2, 2): "龙抬头",
    (5, 5): "端午节",
    (7, 7): "七夕节",
    (8, 15): "中秋节",
    (9, 9): "重阳节",
    (12, 8): "腊八节",
}
_SOLAR_FESTIVALS = {
    (1, 1): "元旦",
    (2, 14): "情人节",
    (3, 8): "妇女节",
    (5, 1): "劳动节",
    (6, 1): "儿童节",
    (9, 10): "教师节",
    (10, 1): "国庆节",
    (12, 25): "圣诞节",
}


@dataclass(frozen=True)
class ChineseDay:
    """One day; ``is_adjusted`` is a weekend that is worked or a weekday off in exchange for one.

    ``festival_zh`` names both where two fall on one day; ``same_festival_last_year`` is the previous date of
    the first of them.
    """

    day: date
    is_workday: bool
    is_adjusted: bool
    holiday_zh: str | None
    lunar_date_zh: str
    festival_zh: str | None
    same_festival_last_year: date | None


def chinese_days(last: date) -> Iterator[ChineseDay]:
    """Every day from FIRST_DAY to ``last``, in order."""
    celebrated: dict[str, date] = {}
    day = FIRST_DAY.replace(year=FIRST_DAY.year - 1)
    lunar = _lunar(day)
    while day <= last:
        tomorrow = _lunar_after(lunar, day)
        festivals = _festivals(day, lunar, tomorrow)
        if day >= FIRST_DAY:
            is_workday, is_adjusted, holiday = _work(day)
            yield ChineseDay(
                day=day,
                is_workday=is_workday,
                is_adjusted=is_adjusted,
                holiday_zh=holiday,
                lunar_date_zh=_written(lunar),
                festival_zh="、".join(festivals) or None,
                same_festival_last_year=celebrated.get(festivals[0]) if festivals else None,
            )
        celebrated |= dict.fromkeys(festivals, day)
        day, lunar = day + timedelta(days=1), tomorrow


def _lunar(day: date) -> "LunarDate":
    from lunardate import LunarDate

    return LunarDate.from_solar_date(day.year, day.month, day.day)


def _lunar_after(lunar: "LunarDate", day: date) -> "LunarDate":
    """The lunar date of the day after."""
    # The library is slow, so it is asked only where the lunar month may end.
    from lunardate import LunarDate

    if lunar.day < 29:
        return LunarDate(lunar.year, lunar.month, lunar.day + 1, lunar.isLeapMonth)
    return _lunar(day + timedelta(days=1))


def _written(lunar: "LunarDate") -> str:
    """The lunar month and day in Chinese, such as 闰六月十五."""
    round_tens = {10: "初十", 20: "二十", 30: "三十"}
    name = round_tens.get(lunar.day) or "初十廿"[lunar.day // 10] + _DIGITS[lunar.day % 10]
    return f"{'闰' if lunar.isLeapMonth else ''}{_MONTHS[lunar.month - 1]}月{name}"


def _festivals(day: date, lunar: "LunarDate", tomorrow: "LunarDate") -> list[str]:
    """The festivals of a day, lunar ones first; Qingming is a solar term."""
    import chinese_calendar

    found = [
        None if lunar.isLeapMonth else _LUNAR_FESTIVALS.get((lunar.month, lunar.day)),
        "除夕" if (tomorrow.month, tomorrow.day) == (1, 1) else None,
        "清明节" if day.month == 4 and (day, "清明") in chinese_calendar.get_solar_terms(day, day) else None,
        _SOLAR_FESTIVALS.get((day.month, day.day)),
    ]
    return [festival for festival in found if festival]


def _work(day: date) -> tuple[bool, bool, str | None]:
    """Whether the day is worked, whether that was moved, and the holiday a day off belongs to."""
    from chinese_calendar import Holiday, holidays, in_lieu_days, workdays

    is_weekend, is_made_up, holiday = day.weekday() >= 5, day in workdays, holidays.get(day)
    is_workday = is_made_up or not (is_weekend or holiday)
    return is_workday, is_made_up or day in in_lieu_days, str(Holiday(holiday).chinese) if holiday else None

"""When a file is due: by its cadence, and by the days people work in China."""

from datetime import date, datetime, time

import pytest

from followthrough.settings.schedule import Plan, changed, is_workday


@pytest.mark.parametrize(
    ("plan", "day", "due"),
    [
        (Plan(), date(2026, 11, 20), datetime(2026, 11, 21, 11)),
        (Plan("workday", time(10, 30)), date(2026, 11, 19), datetime(2026, 11, 20, 10, 30)),
        (Plan("workday"), date(2026, 11, 20), datetime(2026, 11, 23, 11)),
        (Plan("workday"), date(2026, 11, 22), datetime(2026, 11, 23, 11)),
        (Plan("workday"), date(2026, 9, 30), datetime(2026, 10, 8, 11)),
        (Plan("workday"), date(2026, 10, 9), datetime(2026, 10, 10, 11)),
        (Plan("weekly"), date(2026, 11, 16), datetime(2026, 11, 23, 11)),
        (Plan("weekly"), date(2026, 11, 22), datetime(2026, 11, 23, 11)),
        (Plan("monthly", due_day=4), date(2026, 11, 1), datetime(2026, 12, 4, 11)),
        (Plan("monthly"), date(2026, 12, 31), datetime(2027, 1, 5, 11)),
        (Plan("on_demand"), date(2026, 11, 20), None),
    ],
)
def test_a_file_is_due_when_its_cadence_says(plan, day, due):
    assert plan.due_at(day) == due


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 10, 1), False),
        (date(2026, 10, 10), True),
        (date(2026, 11, 22), False),
        (date(2035, 10, 1), True),
        (date(2035, 10, 6), False),
    ],
)
def test_holidays_move_days_and_years_nobody_has_announced_have_plain_weeks(day, works):
    assert is_workday(day) is works


def test_a_table_changes_what_it_names_and_nothing_else():
    usual = Plan("workday", time(9), 5, "后台 > 订单")
    assert changed(usual, {"due": "10:30", "owner": "王"}) == Plan("workday", time(10, 30), 5, "后台 > 订单")
    assert changed(usual, {"cadence": "monthly", "due_day": 4}).due_day == 4


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"cadence": "hourly"}, "cadence is 'hourly', not one of daily, "),
        ({"due": "noon"}, "due is 'noon', not a time like 10:30"),
        ({"due_day": 31}, "due_day is 31"),
        ({"menu": 3}, "menu is not a text"),
    ],
)
def test_what_makes_no_plan_is_named(entry, message):
    with pytest.raises(ValueError, match=message):
        changed(Plan(), entry)

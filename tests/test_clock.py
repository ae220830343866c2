"""A night is a date in Shanghai, whatever zone the machine lives in."""

import time
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from followthrough import clock


@pytest.mark.parametrize(
    ("moment", "wall"),
    [
        (datetime(2026, 8, 31, 15, 59, 59, 999_999, tzinfo=UTC), datetime(2026, 8, 31, 23, 59, 59)),
        (datetime(2026, 8, 31, 16, tzinfo=UTC), datetime(2026, 9, 1)),
        (datetime(2026, 9, 1, 2, tzinfo=clock.SHANGHAI), datetime(2026, 9, 1, 2)),
        (datetime(2026, 8, 31, 9, tzinfo=timezone(timedelta(hours=-7))), datetime(2026, 9, 1)),
    ],
)
def test_moments_become_shanghai_wall_time(moment, wall):
    assert clock.shanghai(moment) == wall


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Asia/Shanghai"])
def test_now_does_not_depend_on_the_zone_of_the_machine(monkeypatch, zone):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        wall = datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=8)
        assert abs(clock.now() - wall) < timedelta(seconds=5)
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    ("started", "night"),
    [
        (datetime(2026, 9, 1, 0, 0), date(2026, 8, 31)),
        (datetime(2026, 9, 1, 23, 59), date(2026, 8, 31)),
        (datetime(2027, 1, 1, 2), date(2026, 12, 31)),
    ],
)
def test_a_run_is_for_the_day_before(started, night):
    assert clock.night_before(started) == night

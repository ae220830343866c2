"""Which days have come: by when files were made and by the days in them; and what that means now."""

import io
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from followthrough.ingest.landing import Sighting, land
from followthrough.load.receipts import Receipt
from followthrough.settings.schedule import Plan
from followthrough.versions.coverage import coverage

FRIDAY, SUNDAY = date(2026, 11, 20), date(2026, 11, 22)
MONDAY_MORNING = datetime(2026, 11, 23, 9, 30)


@pytest.fixture
def orders(settings):
    """The receipt of an order export of moss made at these moments with rows on these days."""

    def orders(*made, days=()):
        name = f"{made}{days}"
        for at in made:
            kept = land(settings.home, "youzan_moss", io.BytesIO(name.encode()), Sighting(name, at, at))
        days = tuple(sorted(day.isoformat() for day in days))
        return Receipt(name, "youzan_moss", kept.sha256, "youzan__orders", 1, name, "k", "r", days=days)

    return orders


@pytest.fixture
def judged(settings):
    def judged(*receipts, night=SUNDAY, at=MONDAY_MORNING, plan=None, refused=()):
        sources = tuple(replace(s, usual=plan) if plan else s for s in settings.sources)
        found = coverage(replace(settings, sources=sources), receipts, refused, night, at)
        (one,) = [c for c in found if (c.source.id, c.export.slug) == ("youzan_moss", "youzan__orders")]
        return one

    return judged


def days(last, count, without=()):
    return [day for n in range(count) if (day := last - timedelta(days=n)) not in without]


def test_what_never_came_covers_nothing_and_the_night_is_missing(judged):
    one = judged()
    assert (one.covered_through, one.missing, one.state) == (None, (SUNDAY,), "not_due")


def test_an_export_of_a_morning_covers_the_day_before(judged, orders):
    one = judged(orders(MONDAY_MORNING))
    assert (one.covered_through, one.missing, one.state) == (SUNDAY, (), "fresh")


def test_one_file_of_monday_covers_friday_to_sunday(judged, orders):
    friday = orders(datetime(2026, 11, 20, 9), days=days(date(2026, 11, 19), 40))
    assert judged(friday).missing == (FRIDAY, date(2026, 11, 21), SUNDAY)
    monday = orders(MONDAY_MORNING, days=days(SUNDAY, 3))
    assert judged(friday, monday).state == "fresh"


def test_a_shop_that_sells_every_day_has_not_sold_nothing_on_sunday(judged, orders):
    """The dates picked in the back office ended on Saturday."""
    one = judged(orders(MONDAY_MORNING, days=days(date(2026, 11, 21), 40)))
    assert (one.covered_through, one.missing) == (date(2026, 11, 21), (SUNDAY,))


def test_a_shop_that_sells_now_and_then_may_have_sold_nothing(judged, orders):
    one = judged(orders(MONDAY_MORNING, days=days(date(2026, 11, 18), 40)[::2]))
    assert (one.covered_through, one.state) == (SUNDAY, "fresh")


def test_the_same_bytes_made_again_cover_a_later_day(judged, orders):
    assert judged(orders(datetime(2026, 11, 22, 9))).covered_through == date(2026, 11, 21)
    assert judged(orders(datetime(2026, 11, 22, 9), MONDAY_MORNING)).covered_through == SUNDAY


def test_this_morning_s_rows_make_no_day_complete(judged, orders):
    today = orders(MONDAY_MORNING, days=[date(2026, 11, 23), *days(SUNDAY, 40)])
    assert judged(today).covered_through == SUNDAY


@pytest.mark.parametrize(
    ("cadence", "at", "refused", "state"),
    [
        ("daily", datetime(2026, 11, 23, 7, 30), (), "late"),
        ("workday", datetime(2026, 11, 23, 7, 30), (), "not_due"),
        ("workday", datetime(2026, 11, 23, 11), (), "late"),
        ("workday", datetime(2026, 11, 23, 11), ("youzan_moss",), "refused"),
        ("workday", datetime(2026, 11, 23, 7, 30), ("youzan_moss",), "not_due"),
        ("weekly", datetime(2026, 11, 23, 10), (), "not_due"),
        ("monthly", datetime(2026, 11, 23, 10), (), "not_due"),
        ("on_demand", datetime(2026, 12, 23, 10), (), "on_demand"),
    ],
)
def test_a_missing_day_is_late_only_once_it_was_due(judged, orders, cadence, at, refused, state):
    """Nothing came since Friday morning."""
    friday = orders(datetime(2026, 11, 20, 9))
    assert judged(friday, at=at, plan=Plan(cadence), refused=refused).state == state


def test_an_export_made_only_when_something_happens_is_on_demand(settings):
    found = coverage(settings, [], (), SUNDAY, MONDAY_MORNING)
    assert {c.state for c in found if c.export.optional_when_empty} == {"on_demand"}

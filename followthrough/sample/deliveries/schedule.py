"""When each file is written, which files come a night late, and which rows are damaged.

The result depends on the seed and the world only, never on the number of nights.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from followthrough.sample.deliveries.feeds import (
    AFTERSALES,
    ALIPAY_BILL,
    ARTICLE_TOTALS,
    BILL,
    CLUES,
    CONTACTS,
    DOUDIAN_ORDERS,
    FOLLOWERS,
    JD_ORDERS,
    LEAD_FORM,
    MOSS_ORDERS,
    MOSS_REFUNDS,
    MOSS_TRADES,
    NOTES,
    OPERATORS,
    PINE_ORDERS,
    PINE_REFUNDS,
    PINE_TRADES,
    SETTLEMENTS,
    SURVEY,
    TAOBAO_ORDERS,
    TRADE_RATINGS,
    USER_SUMMARY,
    Feed,
)
from followthrough.sample.world.entities import Order, World
from followthrough.sample.world.operator_sheets import Rows, rows_of
from followthrough.sample.world.random_streams import rng

WRITTEN_AT = {
    CONTACTS: time(7, 40),
    FOLLOWERS: time(7, 44),
    MOSS_REFUNDS: time(8, 20),
    PINE_REFUNDS: time(8, 24),
    TAOBAO_ORDERS: time(8, 28),
    TRADE_RATINGS: time(8, 32),
    MOSS_TRADES: time(8, 36),
    CLUES: time(8, 40),
    JD_ORDERS: time(8, 44),
    DOUDIAN_ORDERS: time(8, 48),
    AFTERSALES: time(8, 52),
    SETTLEMENTS: time(8, 56),
    MOSS_ORDERS: time(9, 4),
    PINE_ORDERS: time(9, 7),
    PINE_TRADES: time(9, 10),
    SURVEY: time(9, 13),
    LEAD_FORM: time(9, 16),
    USER_SUMMARY: time(9, 20),
    ARTICLE_TOTALS: time(9, 24),
    NOTES: time(9, 40),
    BILL: time(10, 10),
    ALIPAY_BILL: time(10, 12),
    **{feed: time(10, 14 + 3 * place) for place, feed in enumerate(OPERATORS)},
}
"""Clock time of the following morning, before a jitter of under three minutes."""

WEEKDAYS = {NOTES: (3, 4), JD_ORDERS: (7, 1, 2, 3, 4)}
"""ISO weekdays of the nights for which the file is made, where that is not every night."""

ORDER_WINDOW = timedelta(days=15)
CLUE_WINDOW = timedelta(days=30)
_LATE_FEEDS = (MOSS_REFUNDS, PINE_ORDERS, BILL)
_LATE_BANDS = ((3, 28), (31, 35), (60, 100))
_DAMAGE = (((5, 25), "订单实付金额"), ((38, 58), "支付流水号"))
_LATE_EXPORT_DELAY = timedelta(minutes=25)


class Damage(NamedTuple):
    """One cell spoiled in one night's file; its row cannot be accepted."""

    source: str
    night: date
    order_id: str
    column: str


class Schedule:
    """The calendar of a sample: `late` are (feed, night) pairs, `damaged` the spoiled cells."""

    def __init__(self, seed: int, first_night: date, world: World) -> None:
        """Choose the late nights and the damaged rows."""
        self._seed = seed
        self._first_night = first_night
        self.late = frozenset(self._choose_late(world))
        self.damaged = tuple(self._choose_damaged(world))

    def exported_at(self, feed: Feed, night: date) -> datetime:
        """When the file was written; a late order export is written again a morning later."""
        original = self.planned_at(feed, night)
        if feed.kind == "orders" and (feed, night) in self.late:
            return original + timedelta(days=1) + _LATE_EXPORT_DELAY
        return original

    def planned_at(self, feed: Feed, night: date) -> datetime:
        """When the file is written if it is not late."""
        jitter = rng(self._seed, *feed, night).randrange(170)
        morning = datetime.combine(night + timedelta(days=1), WRITTEN_AT[feed])
        return morning + timedelta(seconds=jitter)

    def order_window(self, feed: Feed, night: date) -> tuple[datetime, datetime]:
        """First and last creation time of the orders in the night's export, inclusive."""
        end = self.planned_at(feed, night)
        return (datetime.min if night == self._first_night else end - ORDER_WINDOW), end

    def clues_since(self, feed: Feed, night: date) -> datetime:
        """First creation time of the leads in the night's pull; the first pull has all leads."""
        return datetime.min if night == self._first_night else self.planned_at(feed, night) - CLUE_WINDOW

    def sheet_rows(self, feed: Feed, night: date) -> Rows:
        """The rows operators hand in after the night; none on most nights."""
        number = (night - self._first_night).days + 1
        return rows_of(OPERATORS[feed], number, self._seed, self._first_night)

    def _choose_late(self, world: World) -> Iterator[tuple[Feed, date]]:
        with_refunds = set(_refund_nights(world.orders, MOSS_REFUNDS.source))
        for band in _LATE_BANDS:
            stream = rng(self._seed, "late", *band)
            free = self._nights(*band)
            for feed in _LATE_FEEDS:
                fitting = [n for n in free if feed is not MOSS_REFUNDS or n in with_refunds]
                if fitting:
                    night = stream.choice(fitting)
                    free.remove(night)
                    yield feed, night

    def _choose_damaged(self, world: World) -> Iterator[Damage]:
        for band, column in _DAMAGE:
            found = [
                Damage(order.shop, night, order.order_id, column)
                for night in self._nights(*band)
                for order in world.orders
                if _can_be_damaged(order, night) and not self._is_late(order.shop, night)
            ]
            if found:
                yield rng(self._seed, "damage", column).choice(found)

    def _is_late(self, shop: str, night: date) -> bool:
        return (Feed(shop, "orders"), night) in self.late

    def _nights(self, first: int, last: int) -> list[date]:
        return [self._first_night + timedelta(index - 1) for index in range(first, last + 1)]


def _refund_nights(orders: Iterable[Order], shop: str) -> Iterator[date]:
    for order in orders:
        if order.shop == shop:
            yield from (step.at.date() for refund in order.refunds for step in refund.steps)


def _can_be_damaged(order: Order, night: date) -> bool:
    """Whether the order is paid by the night and young enough for a later export to show it undamaged."""
    if order.paid_at is None or not order.is_wechat or order.payable_fen < 100 or order.kind != "plain":
        return False
    return night - timedelta(days=10) <= order.created_at.date() and order.paid_at.date() <= night

"""Paid and refunded amounts of shops by the day the money moved, beside the week before and the target."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Amounts:
    """Sums over some days and shops of one currency, in fen."""

    paid_fen: int = 0
    before_shipping_fen: int = 0
    after_shipping_fen: int = 0
    otherwise_fen: int = 0
    identified_fen: int = 0
    orders: int = 0
    refunds: int = 0

    def __add__(self, other: "Amounts") -> "Amounts":
        return Amounts(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    @property
    def refunded_fen(self) -> int:
        """All refunds."""
        return self.before_shipping_fen + self.after_shipping_fen + self.otherwise_fen

    @property
    def net_fen(self) -> int:
        """Paid minus refunded; a day's may be negative."""
        return self.paid_fen - self.refunded_fen

    @property
    def refund_rate(self) -> float | None:
        """Refunded over paid of the same days; None where nothing was paid."""
        return self.refunded_fen / self.paid_fen if self.paid_fen else None

    @property
    def identified_share(self) -> float | None:
        """The part of paid whose buyer is known."""
        return self.identified_fen / self.paid_fen if self.paid_fen else None


NOTHING = Amounts()


@dataclass(frozen=True)
class Shop:
    """One shop in one currency, day by day; a source without a shop is listed under its own name."""

    id: str
    name: str
    currency: str
    covered_through: date | None
    days: Mapping[date, Amounts]
    target_fen: int | None = None

    def covers(self, day: date) -> bool:
        """Whether all orders of this shop up to the day have arrived."""
        return self.covered_through is not None and self.covered_through >= day

    def between(self, first: date, last: date) -> Amounts:
        """The sums of these days, both included."""
        return sum((a for day, a in self.days.items() if first <= day <= last), NOTHING)

    def is_known_on(self, day: date) -> bool:
        """Whether the shop has data by that day; without any, there is nothing to compare with."""
        return bool(self.days) and min(self.days) <= day


@dataclass(frozen=True)
class Line:
    """A shop, or several together, over a period; unknown values are None.

    ``now`` is None while the orders have not arrived. ``compared`` and ``week_ago`` are the same shops in
    both weeks, ``aimed`` is the month so far of exactly the shops that ``target_fen`` is the sum of. The
    three tuples name the shops left out of each.
    """

    name: str
    currency: str
    now: Amounts | None
    compared: Amounts | None
    week_ago: Amounts | None
    month: Amounts | None
    aimed: Amounts | None
    target_fen: int | None
    covered_through: date | None = None
    left_out: tuple[str, ...] = ()
    not_compared: tuple[str, ...] = ()
    without_target: tuple[str, ...] = ()

    @property
    def change(self) -> float | None:
        """Relative change of net against the week before; None unless that was above zero."""
        if self.compared is None or self.week_ago is None or self.week_ago.net_fen <= 0:
            return None
        return (self.compared.net_fen - self.week_ago.net_fen) / self.week_ago.net_fen

    @property
    def attainment(self) -> float | None:
        """The month's net so far over its target."""
        return self.aimed.net_fen / self.target_fen if self.aimed and self.target_fen else None


@dataclass(frozen=True)
class Money:
    """All shops over a period that ends with ``last``, and one total for each currency."""

    first: date
    last: date
    shops: tuple[Shop, ...]
    lines: tuple[Line, ...]
    totals: tuple[Line, ...]

    @property
    def main(self) -> Line:
        """The main total: the one in yuan, where there is one."""
        return next((total for total in self.totals if total.currency == "CNY"), self.totals[0])

    @property
    def counted(self) -> tuple[Shop, ...]:
        """The shops in the main total: those whose orders have arrived."""
        return tuple(s for s in self.shops if s.currency == self.main.currency and s.covers(self.last))

    @property
    def is_missing_orders(self) -> bool:
        """Whether orders of some shop are missing for the last day."""
        return not all(shop.covers(self.last) for shop in self.shops)

    def net_by_day(self, first: date, last: date, shops: Iterable[Shop] | None = None) -> dict[date, int]:
        """Net per day, for the counted shops or for the given ones."""
        chosen = self.counted if shops is None else tuple(shops)
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return {day: sum(shop.between(day, day).net_fen for shop in chosen) for day in days}


def month_start(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def days_in_month(day: date) -> int:
    """How many days its month has."""
    return (month_start(month_start(day) + timedelta(days=31)) - month_start(day)).days


def time_progress(day: date) -> float:
    """The share of the month that is over at the end of the day."""
    return day.day / days_in_month(day)


def money(connection: "DuckDBPyConnection", first: date, last: date) -> Money:
    """The shops' money from ``first`` to ``last``, and of the month ``last`` is in."""
    shops = _shops(connection, last)
    lines = tuple(_line(shop, first, last) for shop in shops)
    currencies = sorted({shop.currency for shop in shops}) or ["CNY"]
    totals = (_total(c, [line for line in lines if line.currency == c]) for c in currencies)
    return Money(first, last, shops, lines, tuple(totals))


def days(connection: "DuckDBPyConnection") -> dict[tuple[str, str, date], Amounts]:
    """Paid and refunded amounts by shop (or source), currency and day."""
    return {
        (shop, currency, day): Amounts(*amounts)
        for shop, currency, day, *amounts in connection.execute(_DAYS).fetchall()
    }


def coverage(connection: "DuckDBPyConnection") -> dict[str, date | None]:
    """The last day for which orders have arrived, by shop (or source); None where none ever did."""
    return {shop: covered for shop, _, covered in connection.execute(_SHOPS).fetchall()}


def _shops(connection: "DuckDBPyConnection", last: date) -> tuple[Shop, ...]:
    by_shop: dict[tuple[str, str], dict[date, Amounts]] = {}
    for (shop, currency, day), amounts in days(connection).items():
        by_shop.setdefault((shop, currency), {})[day] = amounts
    targets = dict(connection.execute(_TARGETS, [month_start(last)]).fetchall())
    named = {shop: (name, covered) for shop, name, covered in connection.execute(_SHOPS).fetchall()}
    for shop in named.keys() - {shop for shop, _ in by_shop}:
        by_shop[shop, "CNY"] = {}
    found = []
    for (shop, currency), each in by_shop.items():
        name, covered = named.get(shop, (shop, None))
        target = targets.get(shop) if currency == "CNY" else None
        found.append(Shop(shop, name, currency, covered, each, target))
    return tuple(sorted(found, key=lambda s: (-s.between(last - 4 * WEEK, last).paid_fen, s.name)))


def _line(shop: Shop, first: date, last: date) -> Line:
    if not shop.covers(last):
        late = (shop.name,)
        return Line(
            shop.name,
            shop.currency,
            None,
            None,
            None,
            None,
            None,
            None,
            shop.covered_through,
            late,
            late,
            late,
        )
    now = shop.between(first, last)
    month = shop.between(month_start(last), last)
    known = shop.is_known_on(first - WEEK)
    aimed = shop.target_fen is not None
    return Line(
        name=shop.name,
        currency=shop.currency,
        now=now,
        compared=now if known else None,
        week_ago=shop.between(first - WEEK, last - WEEK) if known else None,
        month=month,
        aimed=month if aimed else None,
        target_fen=shop.target_fen,
        covered_through=shop.covered_through,
        not_compared=() if known else (shop.name,),
        without_target=() if aimed else (shop.name,),
    )


def _total(currency: str, lines: list[Line]) -> Line:
    targets = [line.target_fen for line in lines if line.target_fen is not None]
    return Line(
        name="",
        currency=currency,
        now=_sum(line.now for line in lines),
        compared=_sum(line.compared for line in lines),
        week_ago=_sum(line.week_ago for line in lines),
        month=_sum(line.month for line in lines),
        aimed=_sum(line.aimed for line in lines),
        target_fen=sum(targets) if targets else None,
        left_out=tuple(name for line in lines for name in line.left_out),
        not_compared=tuple(name for line in lines if line.now for name in line.not_compared),
        without_target=tuple(name for line in lines if line.now for name in line.without_target),
    )


def _sum(amounts: Iterable[Amounts | None]) -> Amounts | None:
    known = [each for each in amounts if each is not None]
    return sum(known, NOTHING) if known else None


_DAYS = """
    WITH paid AS (
        SELECT shop_id AS shop, currency, business_date AS day, paid_fen,
            refunded_before_shipping_fen AS before, refunded_after_shipping_fen AS after,
            refunded_otherwise_fen AS otherwise, identified_paid_fen, orders, 0 AS refunds
        FROM marts.shop_daily
        UNION ALL
        SELECT source_id, currency, paid_date, paid_fen, 0, 0, 0, if(customer_id IS NULL, 0, paid_fen), 1, 0
        FROM marts.orders
        WHERE shop_id IS NULL AND counts_as_revenue
        UNION ALL
        SELECT source_id, currency, refunded_date, 0, if(refund_kind = 'before_shipping', refunded_fen, 0),
            if(refund_kind IN ('refund_only', 'return_and_refund'), refunded_fen, 0),
            if(refund_kind IN ('before_shipping', 'refund_only', 'return_and_refund'), 0, refunded_fen),
            0, 0, 0
        FROM marts.refunds WHERE shop_id IS NULL
        UNION ALL
        SELECT coalesce(shop_id, source_id), currency, refunded_date, 0, 0, 0, 0, 0, 0, 1 FROM marts.refunds
    )
    SELECT shop, currency, day, sum(paid_fen)::BIGINT, sum(before)::BIGINT, sum(after)::BIGINT,
        sum(otherwise)::BIGINT, sum(identified_paid_fen)::BIGINT, sum(orders)::BIGINT, sum(refunds)::BIGINT
    FROM paid GROUP BY ALL ORDER BY ALL
"""
_SHOPS = """
    WITH covered AS (
        SELECT coalesce(shop_id, source_id) AS shop, min(label) AS label,
            CASE WHEN bool_and(covered_through IS NOT NULL) THEN min(covered_through) END AS covered_through
        FROM trust.freshness
        WHERE cadence <> 'on_demand' AND (carries LIKE '%orders%' OR carries LIKE '%refunds%') GROUP BY ALL
    )
    SELECT coalesce(shop, shop_id), coalesce(shop_name, label, shop_id), covered_through
    FROM covered FULL JOIN marts.shops ON shop = shop_id
    WHERE shop IS NOT NULL OR shop_id IN (SELECT shop_id FROM marts.shop_daily)
    ORDER BY ALL
"""
_TARGETS = "SELECT shop_id, target_fen FROM marts.targets WHERE target_month = ? AND metric = 'net'"

"""What brought most and what cost most: products and refunds against the same weekday, and contents."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from followthrough.reports.money import WEEK, Amounts, Money, Shop

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PLACES = 3


@dataclass(frozen=True)
class Mover:
    """A product, a shop that names none, or a shop's refunds: what it did to the net against the week before.

    ``why`` names the one reason; ``before`` and ``after`` are what it speaks of: units sold, or fen.
    """

    kind: str
    name: str
    effect_fen: int
    now_fen: int
    week_ago_fen: int
    why: str
    before: int
    after: int


@dataclass(frozen=True)
class Content:
    """A content's own day beside its day before; None where a figure was not measured on that day."""

    title: str | None
    channel_zh: str
    channel_en: str
    views: int | None
    views_before: int | None
    followers_gained: int | None
    shares: int | None


@dataclass(frozen=True)
class League:
    """The largest gains and losses of the period, the best contents of its last day."""

    gains: tuple[Mover, ...]
    losses: tuple[Mover, ...]
    contents: tuple[Content, ...]
    contents_through: date | None


def league(connection: "DuckDBPyConnection", money: Money) -> League:
    """Compare the shops of the main total that can be compared, product by product."""
    shops = [s for s in money.counted if s.name not in money.main.not_compared]
    listing, silent = _by_lines(connection, money, shops)
    movers = [
        *_products(connection, money, [shop.id for shop in listing]),
        *(_orders(money, shop) for shop in silent),
        *(_refunds(money, shop) for shop in shops),
    ]
    ranked = sorted(movers, key=lambda m: (-m.effect_fen, m.name))
    latest = connection.execute("SELECT max(stat_date) FROM marts.content_daily").fetchone()
    return League(
        gains=tuple(m for m in ranked if m.effect_fen > 0)[:PLACES],
        losses=tuple(m for m in reversed(ranked) if m.effect_fen < 0)[:PLACES],
        contents=tuple(Content(*row) for row in connection.execute(_CONTENTS, [money.last]).fetchall()),
        contents_through=latest[0] if latest else None,
    )


def _products(connection: "DuckDBPyConnection", money: Money, shops: list[str]) -> list[Mover]:
    bounds = [money.first, money.last, money.first - WEEK, money.last - WEEK]
    return [
        Mover("product", name, now - before, now, before, _why(units, units_before), units_before, units)
        for name, now, before, units, units_before in connection.execute(
            _PRODUCTS, [*bounds, money.main.currency, shops]
        ).fetchall()
    ]


def _why(units: int, before: int) -> str:
    if not before:
        return "not_sold_then"
    if not units:
        return "not_sold_now"
    return "units" if units != before else "price"


def _by_lines(
    connection: "DuckDBPyConnection", money: Money, shops: list[Shop]
) -> tuple[list[Shop], list[Shop]]:
    """The shops whose orders name products, and those whose exports do not."""
    query = """
        SELECT DISTINCT coalesce(shop_id, source_id) FROM marts.order_lines
        WHERE product_name IS NOT NULL AND ordered_date > $1::DATE - 60
    """
    named = {shop for (shop,) in connection.execute(query, [money.last]).fetchall()}
    return [s for s in shops if s.id in named], [s for s in shops if s.id not in named]


def _orders(money: Money, shop: Shop) -> Mover:
    now, before = _both_weeks(money, shop)
    effect = now.paid_fen - before.paid_fen
    return Mover(
        "shop", shop.name, effect, now.paid_fen, before.paid_fen, "orders", before.orders, now.orders
    )


def _refunds(money: Money, shop: Shop) -> Mover:
    now, before = _both_weeks(money, shop)
    effect = before.refunded_fen - now.refunded_fen
    return Mover("refunds", shop.name, effect, now.refunded_fen, before.refunded_fen, "refunds",
                 before.refunds, now.refunds)  # fmt: skip


def _both_weeks(money: Money, shop: Shop) -> tuple[Amounts, Amounts]:
    return shop.between(money.first, money.last), shop.between(money.first - WEEK, money.last - WEEK)


_PRODUCTS = """
    WITH paid AS (
        SELECT source_id, order_id, paid_date >= $1 AS is_now FROM marts.orders
        WHERE (paid_date BETWEEN $1 AND $2 OR paid_date BETWEEN $3 AND $4) AND currency = $5
            AND list_contains($6, coalesce(shop_id, source_id))
            AND coalesce(not_counted_reason, '') NOT IN ('group_forming', 'group_failed')
    )
    SELECT max(product_name) AS name, coalesce(sum(amount_fen) FILTER (is_now), 0)::BIGINT,
        coalesce(sum(amount_fen) FILTER (NOT is_now), 0)::BIGINT,
        coalesce(sum(quantity) FILTER (is_now), 0)::BIGINT,
        coalesce(sum(quantity) FILTER (NOT is_now), 0)::BIGINT
    FROM marts.order_lines JOIN paid USING (source_id, order_id)
    GROUP BY coalesce(product_name, product_id) HAVING name IS NOT NULL
"""
_CONTENTS = """
    SELECT title, coalesce(label_zh, '未知'), coalesce(label_en, 'Unknown'), today.views, yesterday.views,
        today.followers_gained, today.shares
    FROM marts.content_daily AS today JOIN marts.contents USING (content_id)
    LEFT JOIN marts.channels USING (channel_id)
    LEFT JOIN marts.content_daily AS yesterday
        ON yesterday.content_id = today.content_id AND yesterday.stat_date = today.stat_date - 1
    WHERE today.stat_date = ? AND today.views IS NOT NULL
    ORDER BY today.views DESC, title LIMIT 5
"""

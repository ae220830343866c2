"""The largest gains and losses against the week before, by product, creator and refunds; best contents."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from followthrough.reports.money import WEEK, Amounts, Money, Shop

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PLACES = 3
WORTH_TELLING_FEN = 50
"""Smaller effects would be shown as zero yuan."""


@dataclass(frozen=True)
class Mover:
    """A product, creator, shop without either, or a shop's refunds, and its effect on net against the week
    before.

    ``why`` names the main reason; ``before`` and ``after`` are its values: units sold, or fen.
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
    """A content's figures of the period and of the one before; None where not measured on any day."""

    title: str | None
    channel_zh: str
    channel_en: str
    views: int | None
    views_before: int | None
    followers_gained: int | None
    shares: int | None


@dataclass(frozen=True)
class TopMovers:
    """The largest gains and losses of the period, and its best contents."""

    gains: tuple[Mover, ...]
    losses: tuple[Mover, ...]
    contents: tuple[Content, ...]
    contents_through: date | None


def top_movers(connection: "DuckDBPyConnection", money: Money) -> TopMovers:
    """Compare both weeks of the comparable shops, by product where their exports name products."""
    shops = [s for s in money.counted if s.name not in money.main.not_compared]
    listing, silent = _by_lines(connection, money, shops)
    movers = [
        *_products(connection, money, [shop.id for shop in listing]),
        *_creators(connection, money, [shop.id for shop in shops]),
        *(_orders(money, shop) for shop in silent),
        *(_refunds(money, shop) for shop in shops),
    ]
    ranked = sorted(movers, key=lambda m: (-m.effect_fen, m.name))
    latest = connection.execute("SELECT max(stat_date) FROM marts.content_daily").fetchone()
    return TopMovers(
        gains=tuple(m for m in ranked if m.effect_fen >= WORTH_TELLING_FEN)[:PLACES],
        losses=tuple(m for m in reversed(ranked) if m.effect_fen <= -WORTH_TELLING_FEN)[:PLACES],
        contents=_contents(connection, money),
        contents_through=latest[0] if latest else None,
    )


def _products(connection: "DuckDBPyConnection", money: Money, shops: list[str]) -> list[Mover]:
    found = connection.execute(_PRODUCTS, _compared(money, shops)).fetchall()
    return [
        Mover("product", name, now - before, now, before, _why(units, units_before), units_before, units)
        for name, now, before, units, units_before in found
    ]


def _creators(connection: "DuckDBPyConnection", money: Money, shops: list[str]) -> list[Mover]:
    found = connection.execute(_CREATORS, _compared(money, shops)).fetchall()
    return [
        Mover("creator", name, now - before, now, before, "orders", orders_before, orders)
        for name, now, before, orders, orders_before in found
    ]


def _compared(money: Money, shops: list[str]) -> list[object]:
    """The parameters of a query on the orders of these shops in both weeks."""
    return [money.first, money.last, money.first - WEEK, money.last - WEEK, money.main.currency, shops]


def _contents(connection: "DuckDBPyConnection", money: Money) -> tuple[Content, ...]:
    """The period's best contents by views, beside the period before."""
    back = timedelta(days=1) if money.first == money.last else WEEK
    bounds = [money.first, money.last, money.first - back, money.last - back]
    return tuple(Content(*row) for row in connection.execute(_CONTENTS, bounds).fetchall())


def _why(units: int, before: int) -> str:
    if not before:
        return "not_sold_then"
    if not units:
        return "not_sold_now"
    return "units" if units != before else "price"


def _by_lines(
    connection: "DuckDBPyConnection", money: Money, shops: list[Shop]
) -> tuple[list[Shop], list[Shop]]:
    """The shops whose exports have product lines, and those whose exports do not."""
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
    return Mover(
        "refunds",
        shop.name,
        effect,
        now.refunded_fen,
        before.refunded_fen,
        "refunds",
        before.refunds,
        now.refunds,
    )


def _both_weeks(money: Money, shop: Shop) -> tuple[Amounts, Amounts]:
    return shop.between(money.first, money.last), shop.between(money.first - WEEK, money.last - WEEK)


_PAID = """
    WITH paid AS (
        SELECT source_id, order_id, creator_id, creator_key, paid_fen, paid_date >= $1 AS is_now
        FROM marts.orders
        WHERE (paid_date BETWEEN $1 AND $2 OR paid_date BETWEEN $3 AND $4) AND currency = $5
            AND list_contains($6, coalesce(shop_id, source_id)) AND counts_as_revenue
    )
"""
_CREATORS = f"""
    {_PAID}
    SELECT coalesce(max(creator_name), max(creator_key)),
        coalesce(sum(paid_fen) FILTER (is_now), 0)::BIGINT,
        coalesce(sum(paid_fen) FILTER (NOT is_now), 0)::BIGINT,
        count(*) FILTER (is_now), count(*) FILTER (NOT is_now)
    FROM paid LEFT JOIN marts.creators USING (creator_id)
    WHERE creator_key IS NOT NULL GROUP BY coalesce(creator_id, creator_key)
"""
_PRODUCTS = f"""
    {_PAID}
    SELECT max(product_name) AS name, coalesce(sum(amount_fen) FILTER (is_now), 0)::BIGINT,
        coalesce(sum(amount_fen) FILTER (NOT is_now), 0)::BIGINT,
        coalesce(sum(quantity) FILTER (is_now), 0)::BIGINT,
        coalesce(sum(quantity) FILTER (NOT is_now), 0)::BIGINT
    FROM marts.order_lines JOIN paid USING (source_id, order_id)
    GROUP BY coalesce(product_name, product_id) HAVING name IS NOT NULL
"""
_CONTENTS = """
    WITH measured AS (
        SELECT content_id, sum(views) FILTER (stat_date BETWEEN $1 AND $2)::BIGINT AS views,
            sum(views) FILTER (stat_date BETWEEN $3 AND $4)::BIGINT AS views_before,
            sum(followers_gained) FILTER (stat_date BETWEEN $1 AND $2)::BIGINT AS followers_gained,
            sum(shares) FILTER (stat_date BETWEEN $1 AND $2)::BIGINT AS shares
        FROM marts.content_daily WHERE stat_date BETWEEN $3 AND $2 GROUP BY 1
    )
    SELECT title, coalesce(label_zh, '未知'), coalesce(label_en, 'Unknown'), views, views_before,
        followers_gained, shares
    FROM measured JOIN marts.contents USING (content_id) LEFT JOIN marts.channels USING (channel_id)
    WHERE views IS NOT NULL ORDER BY views DESC, title LIMIT 5
"""

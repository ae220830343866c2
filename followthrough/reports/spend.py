"""Spend by channel and on creators in a period, beside the week before, from the spend sheet."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from followthrough.reports.money import WEEK

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True)
class Spent:
    """One channel's spend in fen, with impressions and clicks; None where the sheet has none."""

    channel: str
    now_fen: int
    week_ago_fen: int
    impressions: int | None
    clicks: int | None

    @property
    def fen_per_click(self) -> int | None:
        """Cost per click; None without clicks."""
        return round(self.now_fen / self.clicks) if self.clicks else None


@dataclass(frozen=True)
class CreatorSpend:
    """A creator's spend beside the orders that name the creator: paid and refunded so far, in fen."""

    name: str
    spent_fen: int
    orders: int
    paid_fen: int
    refunded_fen: int

    @property
    def net_fen(self) -> int:
        """Paid minus refunded of these orders."""
        return self.paid_fen - self.refunded_fen


@dataclass(frozen=True)
class Spend:
    """The period's spend; ``through`` is the last day with an entry, ``missing`` the reason for no sheet."""

    first: date
    last: date
    channels: tuple[Spent, ...]
    creators: tuple[CreatorSpend, ...]
    through: date | None
    missing: tuple[str, str] | None

    @property
    def has_come(self) -> bool:
        """Whether there are entries for at least a part of the period."""
        return self.through is not None and self.through >= self.first

    @property
    def is_whole(self) -> bool:
        """Whether there are entries to the end of the period."""
        return self.through is not None and self.through >= self.last

    @property
    def now_fen(self) -> int:
        """Spend of all channels."""
        return sum(each.now_fen for each in self.channels)

    @property
    def week_ago_fen(self) -> int:
        """Spend of all channels in the week before."""
        return sum(each.week_ago_fen for each in self.channels)


def spend(connection: "DuckDBPyConnection", first: date, last: date) -> Spend:
    """Spend from ``first`` to ``last`` and on the same days a week before; in yuan only, as in the sheet."""
    bounds = [first, last, first - WEEK, last - WEEK]
    through = connection.execute("SELECT max(spent_date) FROM marts.spend_daily").fetchone()
    missing = connection.execute(_MISSING).fetchone()
    return Spend(
        first=first,
        last=last,
        channels=tuple(Spent(*row) for row in connection.execute(_CHANNELS, bounds).fetchall()),
        creators=tuple(CreatorSpend(*row) for row in connection.execute(_CREATORS, [first, last]).fetchall()),
        through=through[0] if through else None,
        missing=(missing[0], missing[1]) if missing else None,
    )


_MISSING = """
    SELECT consequence_zh, consequence_en FROM marts.sheet_status WHERE sheet = 'spend' AND NOT is_present
"""
_CHANNELS = """
    SELECT channel, coalesce(sum(amount_fen) FILTER (spent_date >= $1), 0)::BIGINT AS now_fen,
        coalesce(sum(amount_fen) FILTER (spent_date <= $4), 0)::BIGINT AS week_ago_fen,
        sum(impressions) FILTER (spent_date >= $1)::BIGINT, sum(clicks) FILTER (spent_date >= $1)::BIGINT
    FROM marts.spend_daily WHERE spent_date BETWEEN $1 AND $2 OR spent_date BETWEEN $3 AND $4
    GROUP BY 1 ORDER BY now_fen DESC, channel
"""
_CREATORS = """
    WITH spent AS (
        SELECT creator_id, sum(amount_fen)::BIGINT AS fen FROM marts.spend_daily
        WHERE spent_date BETWEEN $1 AND $2 AND creator_id IS NOT NULL GROUP BY 1
    ), brought AS (
        SELECT creator_id, count(*) AS orders, sum(paid_fen)::BIGINT AS paid_fen,
            sum(refunded_fen)::BIGINT AS refunded_fen
        FROM marts.orders WHERE paid_date BETWEEN $1 AND $2 AND creator_id IS NOT NULL AND currency = 'CNY'
            AND counts_as_revenue GROUP BY 1
    )
    SELECT coalesce(creator_name, creator_id), coalesce(fen, 0), coalesce(orders, 0), coalesce(paid_fen, 0),
        coalesce(refunded_fen, 0)
    FROM spent FULL JOIN brought USING (creator_id) LEFT JOIN marts.creators USING (creator_id)
    ORDER BY coalesce(paid_fen, 0) - coalesce(refunded_fen, 0) - coalesce(fen, 0), 1
"""

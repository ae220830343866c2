"""What was spent by channel and on creators in a period, beside the week before, as the spend sheet says."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from followthrough.reports.money import IS_PAID, WEEK

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True)
class Spent:
    """One channel's spend in fen, and what it says was shown and clicked; None where it says nothing."""

    channel: str
    now_fen: int
    week_ago_fen: int
    impressions: int | None
    clicks: int | None

    @property
    def fen_per_click(self) -> int | None:
        """What a click cost; None where none is told."""
        return round(self.now_fen / self.clicks) if self.clicks else None


@dataclass(frozen=True)
class CreatorSpend:
    """A creator's spend beside the orders that name the creator: paid and paid back by now, in fen."""

    name: str
    spent_fen: int
    orders: int
    paid_fen: int
    refunded_fen: int

    @property
    def net_fen(self) -> int:
        """What is left of these orders."""
        return self.paid_fen - self.refunded_fen


@dataclass(frozen=True)
class Spend:
    """The period's spend; ``through`` is the last day with an entry, ``missing`` why there is no sheet."""

    first: date
    last: date
    channels: tuple[Spent, ...]
    creators: tuple[CreatorSpend, ...]
    through: date | None
    missing: tuple[str, str] | None

    @property
    def has_come(self) -> bool:
        """Whether somebody has filled in the period, or some of it."""
        return self.through is not None and self.through >= self.first

    @property
    def is_whole(self) -> bool:
        """Whether the period is filled in to its end."""
        return self.through is not None and self.through >= self.last

    @property
    def now_fen(self) -> int:
        """All channels together."""
        return sum(each.now_fen for each in self.channels)

    @property
    def week_ago_fen(self) -> int:
        """All channels together, the week before."""
        return sum(each.week_ago_fen for each in self.channels)


def spend(connection: "DuckDBPyConnection", first: date, last: date) -> Spend:
    """From ``first`` to ``last`` and the same days a week before, in yuan only, as the sheet has it."""
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
_CREATORS = f"""
    WITH spent AS (
        SELECT creator_id, sum(amount_fen)::BIGINT AS fen FROM marts.spend_daily
        WHERE spent_date BETWEEN $1 AND $2 AND creator_id IS NOT NULL GROUP BY 1
    ), brought AS (
        SELECT creator_id, count(*) AS orders, sum(paid_fen)::BIGINT AS paid_fen,
            sum(refunded_fen)::BIGINT AS refunded_fen
        FROM marts.orders WHERE paid_date BETWEEN $1 AND $2 AND creator_id IS NOT NULL AND currency = 'CNY'
            AND {IS_PAID} GROUP BY 1
    )
    SELECT coalesce(creator_name, creator_id), coalesce(fen, 0), coalesce(orders, 0), coalesce(paid_fen, 0),
        coalesce(refunded_fen, 0)
    FROM spent FULL JOIN brought USING (creator_id) LEFT JOIN marts.creators USING (creator_id)
    ORDER BY coalesce(paid_fen, 0) - coalesce(refunded_fen, 0) - coalesce(fen, 0), 1
"""

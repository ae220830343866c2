"""The number of people in each stage, the moves between two days, and the channels of new people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from followthrough.reports.money import WEEK, month_start

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

STAGES = ("audience", "potential", "paying", "loyal")
NEW = "__new__"
WEEKS_KEPT = 9
"""Weeks back for which new people are known: those of the longest chart, and one to compare with."""
GAINS: Mapping[str, frozenset[str]] = {
    "potential": frozenset({NEW, "audience"}),
    "paying": frozenset({NEW, "audience", "potential"}),
    "loyal": frozenset({NEW, "audience", "potential", "paying"}),
}
"""The stages from which a move into a stage counts as new; falling back into it does not."""

Moves = Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class Stock:
    """One stage at the end of the last day, with its size before the period and a week before."""

    stage: str
    label_zh: str
    label_en: str
    now: int
    before: int
    week_ago: int
    satisfied: int

    @property
    def change(self) -> int:
        """The change since before the period."""
        return self.now - self.before


@dataclass(frozen=True)
class Channel:
    """New people per stage from one channel, and its usual number of new paying ones in such a period."""

    label_zh: str
    label_en: str
    gained: Mapping[str, int]
    usual_paying: float


@dataclass(frozen=True)
class People:
    """The stages over a period, of identified people only."""

    stocks: Mapping[str, Stock]
    moves: Moves
    gained_by_day: Mapping[str, Mapping[date, int]]
    month_gained: Mapping[str, int]
    targets: Mapping[str, int]
    channels: tuple[Channel, ...]
    excluded: int

    def gained(self, stage: str) -> int:
        """The number of people new in a stage."""
        return gained(self.moves, stage)

    @property
    def fallen(self) -> int:
        """The number who fell back: out of loyal, or out of paying to a stage before it."""
        place = {stage: n for n, stage in enumerate(STAGES)}
        return sum(n for (a, b), n in self.moves.items() if a in place and b in place and place[b] < place[a])

    def attainment(self, stage: str) -> float | None:
        """People new in a stage this month over the month's target; None without a target."""
        target = self.targets.get(stage)
        return self.month_gained[stage] / target if target else None


def gained(moves: Moves, stage: str) -> int:
    """The number of moves that make a person new in a stage."""
    return sum(n for (before, after), n in moves.items() if after == stage and before in GAINS[stage])


def people(connection: "DuckDBPyConnection", first: date, last: date) -> People:
    """Stocks and moves from the end of the day before ``first`` to the end of ``last``.

    Over more than one day the moves compare the two ends; they are not the sum of the days.
    """
    daily = _daily_moves(connection, min(month_start(last), last - WEEKS_KEPT * WEEK), last)
    moves = daily.get(last, {}) if first == last else moves_between(connection, first, last)
    by_day = {stage: {day: gained(each, stage) for day, each in daily.items()} for stage in GAINS}
    targets = connection.execute(_TARGETS, [month_start(last)]).fetchall()
    return People(
        stocks=_stocks(connection, first, last),
        moves=moves,
        gained_by_day=by_day,
        month_gained={
            stage: sum(n for day, n in days.items() if day >= month_start(last))
            for stage, days in by_day.items()
        },
        targets={metric.removeprefix("new_"): count for metric, count in targets},
        channels=_channels(connection, first, last),
        excluded=_one(connection, "SELECT count(*) FROM marts.excluded_customers"),
    )


def moves_between(connection: "DuckDBPyConnection", first: date, last: date) -> Moves:
    """The number of people per pair of stages: before the first day, and at the end of the last."""
    return {(a, b): n for a, b, n in connection.execute(_BETWEEN, [first, last]).fetchall()}


def substage_moves(connection: "DuckDBPyConnection", day: date) -> list[tuple[str, str, str, str, int]]:
    """The day's moves between substages, largest first: labels from and to in both languages, people."""
    return connection.execute(_SUBSTAGES, [day]).fetchall()


def _one(connection: "DuckDBPyConnection", query: str) -> int:
    found = connection.execute(query).fetchone()
    return int(found[0]) if found else 0


def _stocks(connection: "DuckDBPyConnection", first: date, last: date) -> dict[str, Stock]:
    before, week_ago = first - timedelta(days=1), last - WEEK
    labels = {s: (zh, en) for s, zh, en in connection.execute(_LABELS).fetchall()}
    counts = {
        (day, stage): (people, satisfied)
        for day, stage, people, satisfied in connection.execute(_COUNTS, [last, before, week_ago]).fetchall()
    }

    def on(day: date, stage: str) -> tuple[int, int]:
        return counts.get((day, stage), (0, 0))

    return {
        stage: Stock(
            stage,
            *labels.get(stage, (stage, stage)),
            on(last, stage)[0],
            on(before, stage)[0],
            on(week_ago, stage)[0],
            on(last, stage)[1],
        )
        for stage in STAGES
    }


def _daily_moves(connection: "DuckDBPyConnection", first: date, last: date) -> dict[date, Moves]:
    by_day: dict[date, dict[tuple[str, str], int]] = {}
    for day, before, after, people in connection.execute(_DAILY, [first, last]).fetchall():
        by_day.setdefault(day, {})[before, after] = people
    return {**by_day}


def _channels(connection: "DuckDBPyConnection", first: date, last: date) -> tuple[Channel, ...]:
    length = (last - first).days + 1
    usual_from = first - WEEK
    by_label: dict[tuple[str, str], dict[tuple[str, bool], int]] = {}
    for zh, en, before, after, is_now, count in connection.execute(
        _GAINED, [usual_from, last, first]
    ).fetchall():
        if after in GAINS and before in GAINS[after]:
            counts = by_label.setdefault((zh, en), {})
            counts[after, is_now] = counts.get((after, is_now), 0) + count
    channels = (
        Channel(
            zh,
            en,
            {stage: counts.get((stage, True), 0) for stage in GAINS},
            counts.get(("paying", False), 0) / WEEK.days * length,
        )
        for (zh, en), counts in by_label.items()
    )
    return tuple(
        sorted(
            (c for c in channels if any(c.gained.values())),
            key=lambda c: (-c.gained["paying"], -c.gained["loyal"], -c.gained["potential"], c.label_zh),
        )
    )


_LABELS = "SELECT DISTINCT stage, stage_label_zh, stage_label_en FROM marts.stages"
_COUNTS = """
    SELECT stage_date, stage, sum(customers)::BIGINT, sum(explicitly_satisfied)::BIGINT
    FROM marts.stage_daily WHERE stage_date IN ($1, $2, $3) GROUP BY ALL
"""
_DAILY = """
    SELECT stage_date, from_stage, to_stage, sum(customers)::BIGINT FROM marts.stage_transitions_daily
    WHERE stage_date BETWEEN $1 AND $2 GROUP BY ALL
"""
_TARGETS = """
    SELECT metric, sum(target_count)::BIGINT FROM marts.targets
    WHERE target_month = ? AND target_count IS NOT NULL AND starts_with(metric, 'new_') GROUP BY 1
"""
_BETWEEN = """
    WITH at_end AS (
        SELECT customer_id, stage FROM marts.customer_stage_history
        WHERE customer_type = 'consumer' AND valid_from <= $2 AND (valid_to IS NULL OR valid_to > $2)
    ), at_start AS (
        SELECT customer_id, stage FROM marts.customer_stage_history
        WHERE customer_type = 'consumer' AND valid_from < $1 AND (valid_to IS NULL OR valid_to >= $1)
    )
    SELECT coalesce(at_start.stage, '__new__'), at_end.stage, count(*)
    FROM at_end LEFT JOIN at_start USING (customer_id) GROUP BY ALL
"""
_SUBSTAGES = """
    SELECT coalesce(was.label_zh, '新识别'), coalesce(was.label_en, 'Newly known'), became.label_zh,
        became.label_en, sum(customers)::BIGINT AS people
    FROM marts.stage_transitions_daily
    LEFT JOIN marts.stages AS was ON from_substage = was.substage
    JOIN marts.stages AS became ON to_substage = became.substage
    WHERE stage_date = ? AND from_substage <> to_substage
    GROUP BY ALL ORDER BY people DESC, 1, 3
"""
_GAINED = """
    WITH changed AS (
        SELECT customer_id, stage, valid_from FROM marts.customer_stage_history
        WHERE customer_type = 'consumer' AND valid_from BETWEEN $1 AND $2
    )
    SELECT coalesce(channels.label_zh, '未知'), coalesce(channels.label_en, 'Unknown'),
        coalesce(was.stage, '__new__'), changed.stage, changed.valid_from >= $3, count(*)
    FROM changed
    LEFT JOIN marts.customer_stage_history AS was
        ON was.customer_id = changed.customer_id AND was.valid_to = changed.valid_from
    JOIN marts.customers ON customers.customer_id = changed.customer_id
    LEFT JOIN marts.channels ON channel_id = acquisition_channel_id
    GROUP BY ALL
"""

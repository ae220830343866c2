"""Retention by month of first purchase, and repurchase rates."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MONTHS = 12
WINDOWS = (30, 60, 90, 180)
RECENT = timedelta(days=90)


@dataclass(frozen=True)
class Cohort:
    """Customers by the month of their first retained purchase; ``shares`` by month, None while it is not
    over."""

    month: date
    customers: int
    shares: tuple[float | None, ...]


@dataclass(frozen=True)
class Repurchase:
    """First buyers whose ``days`` are over, and the share of them who bought again within these days."""

    days: int
    customers: int
    rate: float | None
    rate_before: float | None


@dataclass(frozen=True)
class Cohorts:
    """Retention by month, newest cohort last, and repurchase by window."""

    months: tuple[Cohort, ...]
    repurchase: tuple[Repurchase, ...]

    @property
    def width(self) -> int:
        """The largest number of months after the first that any cohort has."""
        return max((len(cohort.shares) for cohort in self.months), default=0)


def cohorts(connection: "DuckDBPyConnection", night: date) -> Cohorts:
    """Cohorts of the last twelve months; known consumers and retained purchases only."""
    sizes: dict[date, int] = {}
    active: dict[tuple[date, int], int] = {}
    for month, offset, people in connection.execute(_MONTHS, [night]).fetchall():
        active[month, offset] = people
        if offset == 0:
            sizes[month] = people
    this_month = night.replace(day=1)
    is_month_over = (night + timedelta(days=1)).day == 1
    months = [
        Cohort(
            month,
            size,
            tuple(
                active.get((month, n), 0) / size if n < last or is_month_over or n == 0 else None
                for n in range(last + 1)
            ),
        )
        for month, size in sorted(sizes.items())
        for last in [_months_between(month, this_month)]
        if last < MONTHS
    ]
    return Cohorts(tuple(months), _repurchase(connection, night))


def _months_between(first: date, last: date) -> int:
    return 12 * (last.year - first.year) + last.month - first.month


def _repurchase(connection: "DuckDBPyConnection", night: date) -> tuple[Repurchase, ...]:
    return tuple(
        Repurchase(
            days, recent, again / recent if recent else None, before_again / before if before else None
        )
        for days, recent, again, before, before_again in connection.execute(
            _REPURCHASE, [night, list(WINDOWS), RECENT.days]
        ).fetchall()
    )


_PURCHASES = """
    WITH purchases AS (
        SELECT DISTINCT customer_id, paid_date FROM marts.orders
        WHERE counts_as_purchase AND is_retained AND customer_id IS NOT NULL AND paid_date IS NOT NULL
            AND customer_id NOT IN (SELECT customer_id FROM marts.excluded_customers)
    ), firsts AS (
        SELECT customer_id, min(paid_date) AS first_date FROM purchases GROUP BY 1
    )
"""
_MONTHS = f"""
    {_PURCHASES}
    SELECT date_trunc('month', first_date)::DATE, datediff('month', first_date, paid_date) AS offset_months,
        count(DISTINCT customer_id)
    FROM purchases JOIN firsts USING (customer_id)
    WHERE first_date > date_trunc('month', $1) - INTERVAL 12 MONTH GROUP BY ALL
"""
_REPURCHASE = f"""
    {_PURCHASES}, seconds AS (
        SELECT customer_id, min(paid_date) AS second_date FROM purchases JOIN firsts USING (customer_id)
        WHERE paid_date > first_date GROUP BY 1
    ), windows AS (
        SELECT days, $1::DATE - days AS ripe, $1::DATE - days - $3::INTEGER AS earlier,
            $1::DATE - days - 2 * $3::INTEGER AS earliest
        FROM unnest($2::INTEGER[]) AS w(days)
    ), lives AS (
        SELECT windows.*, first_date, coalesce(second_date <= first_date + days, false) AS is_back
        FROM windows CROSS JOIN firsts LEFT JOIN seconds USING (customer_id)
    )
    SELECT days, count(*) FILTER (first_date > earlier AND first_date <= ripe),
        count(*) FILTER (first_date > earlier AND first_date <= ripe AND is_back),
        count(*) FILTER (first_date > earliest AND first_date <= earlier),
        count(*) FILTER (first_date > earliest AND first_date <= earlier AND is_back)
    FROM lives GROUP BY days UNION ALL SELECT days, 0, 0, 0, 0 FROM windows WHERE NOT EXISTS (FROM firsts)
    ORDER BY days
"""

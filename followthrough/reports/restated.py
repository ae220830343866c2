"""Restatements: the figures of an earlier version beside the current ones."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from followthrough.database import connect
from followthrough.paths import Home
from followthrough.reports.money import NOTHING, Amounts, coverage, days
from followthrough.reports.people import STAGES
from followthrough.versions.history import Manifest, read_manifest

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True)
class Reported:
    """A version's figures of every shop and day, and of the stages on its night."""

    manifest: Manifest
    days: Mapping[tuple[str, str, date], Amounts]
    covered: Mapping[str, date | None]
    stages: Mapping[str, int]


@dataclass(frozen=True)
class Restatement:
    """Days of one shop with changed figures; ``has_arrived`` if the earlier version had no data for them."""

    shop: str
    currency: str
    first: date
    last: date
    paid_fen: int
    refunded_fen: int
    orders: int
    refunds: int
    has_arrived: bool

    @property
    def net_fen(self) -> int:
        """The change of the net of these days."""
        return self.paid_fen - self.refunded_fen


@dataclass(frozen=True)
class Restated:
    """Changes since the version ``since``: money by shop, and stages on that version's night."""

    since: Manifest
    money: tuple[Restatement, ...]
    stages: Mapping[str, int]


def earlier(home: Home, manifest: Manifest) -> tuple[Manifest | None, Manifest | None]:
    """The version of the same night before this one, and the last of the night before; None without one."""
    same = None
    for ancestor in _ancestors(home, manifest):
        if ancestor.night < manifest.night:
            return same, ancestor
        same = same or ancestor
    return same, None


def restated(
    home: Home, connection: "DuckDBPyConnection", names: Mapping[str, str], since: Manifest
) -> Restated | None:
    """Compare the version of ``connection`` with an earlier one; None where they cannot be compared.

    ``names`` are the shops' names by id.
    """
    then = _reported(home, since)
    if then is None:
        return None
    night = date.fromisoformat(since.night)
    now_days = days(connection)
    changed: dict[tuple[str, str, bool], list[tuple[date, Amounts, Amounts]]] = {}
    for key in sorted({*then.days, *now_days}):
        shop, currency, day = key
        was, became = then.days.get(key, NOTHING), now_days.get(key, NOTHING)
        if day <= night and was != became:
            covered = then.covered.get(shop)
            has_arrived = covered is None or covered < day
            changed.setdefault((shop, currency, has_arrived), []).append((day, was, became))
    stages = _stages(connection, night)
    return Restated(
        since,
        tuple(
            _restatement(names.get(shop, shop), currency, has_arrived, found)
            for (shop, currency, has_arrived), found in changed.items()
        ),
        {s: stages[s] - then.stages[s] for s in STAGES if stages[s] != then.stages[s]},
    )


def _restatement(
    shop: str, currency: str, has_arrived: bool, found: list[tuple[date, Amounts, Amounts]]
) -> Restatement:
    was = sum((before for _, before, _ in found), NOTHING)
    became = sum((after for _, _, after in found), NOTHING)
    return Restatement(
        shop=shop,
        currency=currency,
        first=found[0][0],
        last=found[-1][0],
        paid_fen=became.paid_fen - was.paid_fen,
        refunded_fen=became.refunded_fen - was.refunded_fen,
        orders=became.orders - was.orders,
        refunds=became.refunds - was.refunds,
        has_arrived=has_arrived,
    )


def _ancestors(home: Home, manifest: Manifest) -> Iterator[Manifest]:
    while manifest.parent:
        manifest = read_manifest(home, manifest.parent)
        yield manifest


def _reported(home: Home, manifest: Manifest) -> Reported | None:
    """The figures of a version; None if it was deleted or lacks a column that is compared."""
    import duckdb

    database = home.published / manifest.version / "followthrough.duckdb"
    if not database.exists():
        return None
    with connect(database, read_only=True) as connection:
        stages = _stages(connection, date.fromisoformat(manifest.night))
        try:
            return Reported(manifest, days(connection), coverage(connection), stages)
        except duckdb.BinderException:
            return None


def _stages(connection: "DuckDBPyConnection", day: date) -> dict[str, int]:
    query = "SELECT stage, sum(customers)::BIGINT FROM marts.stage_daily WHERE stage_date = ? GROUP BY 1"
    return dict.fromkeys(STAGES, 0) | dict(connection.execute(query, [day]).fetchall())

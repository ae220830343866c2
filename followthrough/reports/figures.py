"""Every figure of a night or week, computed once from the published file for page, picture and chat."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from followthrough.database import connect
from followthrough.paths import Home
from followthrough.reports.calls import Calls, calls
from followthrough.reports.cohorts import Cohorts, cohorts
from followthrough.reports.gaps import Gaps, gaps
from followthrough.reports.money import WEEK, Money, money
from followthrough.reports.people import Moves, People, gained, moves_between, people, substage_moves
from followthrough.reports.restated import Restated, earlier, restated
from followthrough.reports.spend import Spend, spend
from followthrough.reports.top_movers import TopMovers, top_movers
from followthrough.versions.history import Manifest, manifest_from

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True)
class Definition:
    """A figure's meaning in both languages, its formula, and its name on the platforms."""

    label_zh: str
    label_en: str
    zh: str
    en: str
    formula: str = ""
    synonym_zh: str = ""


@dataclass(frozen=True)
class Night:
    """The figures of one night in one version."""

    manifest: Manifest
    day: date
    money: Money
    people: People
    gaps: Gaps
    top_movers: TopMovers
    calls: Calls
    since_yesterday: Restated | None
    since_last_version: Restated | None
    yesterday: str | None
    targets_missing: tuple[str, str] | None
    definitions: Mapping[str, Definition]

    @property
    def week_ago(self) -> date:
        """The same weekday of the week before."""
        return self.day - WEEK

    @property
    def is_provisional(self) -> bool:
        """Whether people who fell back may have bought in orders that have not arrived yet."""
        return self.money.is_missing_orders

    @property
    def is_corrected(self) -> bool:
        """Whether the night was published before with different amounts of money."""
        then = self.since_last_version
        return then is not None and any(r.last == self.day and not r.has_arrived for r in then.money)


@dataclass(frozen=True)
class Detail:
    """Figures shown on the page only."""

    cohorts: Cohorts
    substage_moves: list[tuple[str, str, str, str, int]]


@dataclass(frozen=True)
class Week:
    """A week from its Monday to the last night known, at most Sunday."""

    manifest: Manifest
    first: date
    last: date
    money: Money
    people: People
    top_movers: TopMovers
    cohorts: Cohorts
    spend: Spend
    moves_before: Moves
    targets_missing: tuple[str, str] | None
    definitions: Mapping[str, Definition]
    waiting: tuple[str, ...]

    @property
    def before(self) -> date:
        """The day before the week; its end is where the week's moves start."""
        return self.first - timedelta(days=1)

    def rise(self, stage: str) -> int:
        """The number of people new in a stage, minus that of the same days of the week before."""
        return self.people.gained(stage) - gained(self.moves_before, stage)

    @property
    def is_whole(self) -> bool:
        """Whether its Sunday is over."""
        return self.last == sunday(self.first)


@contextmanager
def published(home: Home) -> "Iterator[tuple[Manifest, DuckDBPyConnection]]":
    """The published version, opened read-only."""
    # The pointer is read once, so that a switch meanwhile does not mix two versions.
    folder = home.published / home.current.readlink()
    manifest = manifest_from((folder / "manifest.json").read_text("utf-8"))
    with connect(folder / "followthrough.duckdb", read_only=True) as connection:
        yield manifest, connection


def night(home: Home, manifest: Manifest, connection: "DuckDBPyConnection") -> Night:
    """The night's figures."""
    day = date.fromisoformat(manifest.night)
    taken = money(connection, day, day)
    names = {shop.id: shop.name for shop in taken.shops}
    same_night, yesterday = earlier(home, manifest)
    return Night(
        manifest=manifest,
        day=day,
        money=taken,
        people=people(connection, day, day),
        gaps=gaps(home, connection, manifest),
        top_movers=top_movers(connection, taken),
        calls=calls(connection, day, taken.is_missing_orders),
        since_yesterday=restated(home, connection, names, yesterday) if yesterday else None,
        since_last_version=restated(home, connection, names, same_night) if same_night else None,
        yesterday=yesterday.version if yesterday else None,
        targets_missing=_targets_missing(connection),
        definitions=definitions(connection),
    )


def detail(connection: "DuckDBPyConnection", day: date) -> Detail:
    """The figures only the page shows."""
    return Detail(cohorts(connection, day), substage_moves(connection, day))


def week(manifest: Manifest, connection: "DuckDBPyConnection", first: date) -> Week:
    """The figures of the week starting on the Monday ``first``, up to the published night."""
    last = min(sunday(first), date.fromisoformat(manifest.night))
    taken = money(connection, first, last)
    return Week(
        manifest=manifest,
        first=first,
        last=last,
        money=taken,
        people=people(connection, first, last),
        top_movers=top_movers(connection, taken),
        cohorts=cohorts(connection, last),
        spend=spend(connection, first, last),
        moves_before=moves_between(connection, first - WEEK, last - WEEK),
        targets_missing=_targets_missing(connection),
        definitions=definitions(connection),
        waiting=tuple(shop.name for shop in taken.shops if not shop.covers(last)),
    )


def monday(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def sunday(day: date) -> date:
    """The Sunday of its week."""
    return monday(day) + timedelta(days=6)


def definitions(connection: "DuckDBPyConnection") -> dict[str, Definition]:
    """The meaning of each metric by code; empty for versions without that table."""
    there = "FROM information_schema.tables WHERE table_schema = 'marts' AND table_name = 'metrics'"
    if not connection.execute(f"SELECT 1 {there}").fetchall():
        return {}
    query = """
        SELECT code, label_zh, label_en, definition_zh, definition_en, formula,
            coalesce(platform_synonym_zh, '')
        FROM marts.metrics
    """
    return {code: Definition(*meaning) for code, *meaning in connection.execute(query).fetchall()}


def _targets_missing(connection: "DuckDBPyConnection") -> tuple[str, str] | None:
    """The reason why there are no targets, in both languages; None where there are."""
    query = """
        SELECT consequence_zh, consequence_en FROM marts.sheet_status
        WHERE sheet = 'targets' AND NOT is_present
    """
    found = connection.execute(query).fetchone()
    return (found[0], found[1]) if found else None

"""What a night is missing and who can fix it: late and refused files, refused rows, waivers, differences."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from followthrough.paths import Home
from followthrough.versions.history import Manifest, refused, verdicts

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

COME = ("fresh", "on_demand")
"""States in which nobody has to deliver anything."""


@dataclass(frozen=True)
class Feed:
    """One export of one source: the last day received, and what is missing up to the night."""

    source_id: str
    label: str
    slug: str
    owner: str
    menu: str
    cadence: str
    due_at: datetime | None
    covered_through: date | None
    state: str
    missing_from: date
    missing_to: date

    @property
    def has_come(self) -> bool:
        """Whether nothing has to be delivered."""
        return self.state in COME


@dataclass(frozen=True)
class Refusal:
    """A refused file, the reasons, and the command that waives them where that is allowed."""

    load_id: str
    source_id: str
    file: str
    why_zh: tuple[str, ...]
    why_en: tuple[str, ...]
    is_waivable: bool
    is_since: bool


@dataclass(frozen=True)
class Quarantined:
    """All quarantined rows of one file with one reason."""

    slug: str
    file: str
    reason: str
    column: str
    rows: int
    first_line: int


@dataclass(frozen=True)
class Gaps:
    """What the page reports about the completeness and trust of its own figures."""

    feeds: tuple[Feed, ...]
    refusals: tuple[Refusal, ...]
    quarantined: tuple[Quarantined, ...]
    quarantined_rows: int
    waivers: tuple[tuple[str, str, str, str, str, str, datetime], ...]
    differences: tuple[tuple[str, int, int], ...]
    warnings: tuple[tuple[str, str, str, int], ...]
    checks: Mapping[str, int]

    @property
    def sources(self) -> tuple[str, ...]:
        """Labels of all sources."""
        return tuple(sorted({feed.label for feed in self.feeds}))

    @property
    def waiting(self) -> tuple[str, ...]:
        """Labels of the sources with missing files."""
        return tuple(sorted({feed.label for feed in self.feeds if not feed.has_come}))

    @property
    def is_complete(self) -> bool:
        """Whether all files have arrived."""
        return not self.waiting

    @property
    def to_fetch(self) -> dict[str, tuple[Feed, ...]]:
        """Files to deliver, by owner; "" is the key where no owner is configured."""
        behind = [feed for feed in self.feeds if not feed.has_come]
        owners = sorted({feed.owner for feed in behind})
        return {owner: tuple(feed for feed in behind if feed.owner == owner) for owner in owners}

    @property
    def to_accept(self) -> tuple[Refusal, ...]:
        """Refusals that can be waived."""
        return tuple(refusal for refusal in self.refusals if refusal.is_waivable)


def gaps(home: Home, connection: "DuckDBPyConnection", manifest: Manifest) -> Gaps:
    """Read the gaps from the version's trust tables, and newer refusals from history."""
    # A refusal makes no version of its own.
    night = date.fromisoformat(manifest.night)
    return Gaps(
        feeds=tuple(Feed(*row) for row in connection.execute(_FEEDS, [night]).fetchall()),
        refusals=_refusals(home, connection, manifest),
        quarantined=tuple(Quarantined(*row) for row in connection.execute(_QUARANTINED).fetchall()),
        quarantined_rows=manifest.quarantined_rows,
        waivers=tuple(connection.execute(_WAIVERS).fetchall()),
        differences=tuple(connection.execute(_DIFFERENCES).fetchall()),
        warnings=tuple(connection.execute(_WARNINGS).fetchall()),
        checks=manifest.checks,
    )


def _refusals(home: Home, connection: "DuckDBPyConnection", manifest: Manifest) -> tuple[Refusal, ...]:
    """Refusals recorded in the version, and those since it was made."""
    given = verdicts(home)
    of_the_version = [
        Refusal(
            load,
            source,
            file,
            tuple((zh or "").split("; ")),
            tuple((en or "").split("; ")),
            _is_waivable(given.get(load, {})),
            is_since=False,
        )
        for load, source, file, zh, en in connection.execute(_REFUSED, [manifest.night]).fetchall()
    ]
    since = [
        Refusal(
            v["load_id"],
            v["source_id"],
            v["file"],
            tuple(v["why_zh"]),
            tuple(v.get("why", v["why_zh"])),
            _is_waivable(v),
            is_since=True,
        )
        for v in refused(home, manifest.night)
        if v["at"] > manifest.created_at
    ]
    return (*since, *of_the_version)


def _is_waivable(verdict: Mapping[str, Any]) -> bool:
    """Whether every check that refused the load is waivable."""
    failed = [c for c in verdict.get("checks", []) if not c["passed"] and c["severity"] == "critical"]
    return bool(failed) and all(check.get("waivable") for check in failed)


_FEEDS = """
    SELECT source_id, label, slug, coalesce(owner, ''), coalesce(menu, ''), cadence, due_at, covered_through,
        state, coalesce(covered_through + 1, $1::DATE), $1::DATE
    FROM trust.freshness ORDER BY state IN ('fresh', 'on_demand'), label, slug
"""
_REFUSED = """
    SELECT load_id, source_id, file_name, refused_because_zh, refused_because FROM trust.loads
    WHERE verdict = 'refused' AND judged_night = ? ORDER BY source_id, file_name
"""
_QUARANTINED = """
    SELECT slug, file_name, reason, coalesce(column_name, ''), count(*), min(line) FROM trust.quarantine
    GROUP BY ALL ORDER BY ALL DESC LIMIT 20
"""
_WAIVERS = """
    SELECT source_id, file_name, waived, coalesce(waived_zh, waived), reason, accepted_by, accepted_at
    FROM (SELECT * FROM trust.waivers UNION ALL BY NAME SELECT NULL::VARCHAR AS waived_zh WHERE false)
    ORDER BY ALL
"""
_DIFFERENCES = """
    SELECT cause, count(*), coalesce(sum(reported_fen - counted_fen), 0)::BIGINT FROM trust.reconciliation
    GROUP BY 1 ORDER BY 1
"""
_WARNINGS = """
    SELECT suite, reason, coalesce(reason_zh, reason), count(*)
    FROM (SELECT * FROM trust.checks UNION ALL BY NAME SELECT NULL::VARCHAR AS reason_zh WHERE false)
    WHERE NOT is_passed GROUP BY ALL ORDER BY 4 DESC, 1, 2
"""

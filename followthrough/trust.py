"""The schema ``trust`` of a version: what arrived, what was checked, what is missing, what disagrees."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from followthrough.candidate import Candidate
from followthrough.contents import contents
from followthrough.effective import current_receipts, export_times
from followthrough.engine import literal
from followthrough.history import decisions, verdicts
from followthrough.receipts import UNKNOWN, Receipt
from followthrough.settings import Settings, Source
from followthrough.validate import Check
from followthrough.warehouse import replace_table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "loads": {
        "load_id": "VARCHAR", "source_id": "VARCHAR", "slug": "VARCHAR", "file_name": "VARCHAR",
        "known_night": "DATE", "is_backfill": "BOOLEAN", "exported_at": "TIMESTAMP", "verdict": "VARCHAR",
        "judged_night": "DATE",
        "refused_because": "VARCHAR", "rows": "BIGINT", "accepted": "BIGINT", "quarantined": "BIGINT",
        "excluded": "BIGINT",
    },
    "checks": {
        "gate": "BIGINT", "batch": "VARCHAR", "suite": "VARCHAR", "expectation": "VARCHAR",
        "column_name": "VARCHAR", "severity": "VARCHAR", "is_passed": "BOOLEAN", "reason": "VARCHAR",
        "observed": "VARCHAR",
    },
    "freshness": {
        "source_id": "VARCHAR", "slug": "VARCHAR", "label": "VARCHAR", "owner": "VARCHAR", "menu": "VARCHAR",
        "shop_id": "VARCHAR", "covered_through": "DATE", "state": "VARCHAR",
    },
    "quarantine": {
        "slug": "VARCHAR", "source_id": "VARCHAR", "load_id": "VARCHAR", "file_name": "VARCHAR",
        "line": "BIGINT", "reason": "VARCHAR", "column_name": "VARCHAR",
    },
    "reconciliation": {
        "cause": "VARCHAR", "source_id": "VARCHAR", "business_date": "DATE", "reference": "VARCHAR",
        "reported_fen": "BIGINT", "counted_fen": "BIGINT",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Trust:
    """What the manifest repeats of the trust tables."""

    checks: dict[str, int]
    quarantined_rows: int
    late_sources: tuple[str, ...]


def write(
    connection: "DuckDBPyConnection",
    settings: Settings,
    planned: Candidate,
) -> Trust:
    """Fill the trust tables of the candidate from receipts, history and the gates' checks."""
    known = {load.load_id: load.known_night for load in planned.loads}
    receipts = list(current_receipts(settings))
    effective = [r for r in receipts if r.load_id in known]
    freshness = _freshness(settings, effective, date.fromisoformat(planned.night))
    judged = [*_raw_checks(settings, planned.night), *((2, Check(**check)) for check in planned.checks or ())]
    rows: dict[str, list[tuple[Any, ...]]] = {
        "loads": _loads(settings, receipts, known),
        "checks": [_check_row(gate, check) for gate, check in judged],
        "freshness": freshness,
        "quarantine": _quarantine(connection, settings, effective),
        "reconciliation": _declared_differences(effective),
    }
    connection.execute("CREATE SCHEMA IF NOT EXISTS followthrough.trust")
    for table, columns in COLUMNS.items():
        replace_table(connection, f"followthrough.trust.{table}", columns, rows[table])
    connection.execute(
        """INSERT INTO followthrough.trust.reconciliation
        SELECT * FROM intermediate.int_reconciliation ORDER BY ALL"""
    )
    return Trust(
        checks=_tally(check for _, check in judged),
        quarantined_rows=sum(r.quarantined for r in effective),
        late_sources=tuple(sorted({row[0] for row in freshness if row[-1] != "fresh"})),
    )


def _loads(settings: Settings, receipts: list[Receipt], known: Mapping[str, str]) -> list[tuple[Any, ...]]:
    """Every load there is; those of the very first version are its backfill."""
    times, judged = export_times(settings), verdicts(settings.home)
    first_night = min(known.values(), default=None)
    rows = []
    for r in receipts:
        verdict = judged.get(r.load_id, {})
        night = known.get(r.load_id)
        rows.append((
            r.load_id, r.source_id, r.slug, r.name, date.fromisoformat(night) if night else None,
            night is not None and night == first_night, times[r.source_id, r.sha256],
            verdict.get("verdict", "pending"),
            date.fromisoformat(verdict["night"]) if verdict else None,
            "; ".join(verdict.get("why", [])) if verdict.get("verdict") == "refused" else None,
            r.rows, r.accepted, r.quarantined, sum(r.excluded.values()),
        ))  # fmt: skip
    return rows


def _raw_checks(settings: Settings, night: str) -> Iterable[tuple[int, Check]]:
    """Gate 1's checks of the verdicts given for this night."""
    for decision in decisions(settings.home):
        if decision["type"] == "verdict" and decision["night"] == night:
            for check in decision["checks"]:
                yield 1, Check(**check)


def _check_row(gate: int, check: Check) -> tuple[Any, ...]:
    return (gate, check.batch, check.suite, check.expectation, check.column, check.severity, check.passed,
            check.reason, check.observed)  # fmt: skip


def _tally(checks: Iterable[Check]) -> dict[str, int]:
    tally = {"passed": 0, "warned": 0, "failed": 0}
    for check in checks:
        tally["passed" if check.passed else "failed" if check.severity == "critical" else "warned"] += 1
    return tally


def _freshness(settings: Settings, effective: list[Receipt], night: date) -> list[tuple[Any, ...]]:
    """Per source and export through which day it covers: an export of a morning covers the day before."""
    rows = []
    for source in settings.sources:
        seen = _last_sightings(settings, source)
        for export in settings.platforms[source.platform].exports:
            if export.quiet:
                continue
            moments = [seen[r.sha256] for r in effective if (r.source_id, r.slug) == (source.id, export.slug)]
            covered = max(moments).date() - timedelta(days=1) if moments else None
            state = "missing" if covered is None else "late" if covered < night else "fresh"
            who = (source.id, export.slug, source.label, source.owner, source.menu, source.shop_id)
            rows.append((*who, covered, state))
    return rows


def _last_sightings(settings: Settings, source: Source) -> dict[str, datetime]:
    """When each file was last exported: the same bytes may say the same of a later day."""
    return {
        file.sha256: max(s.exported_at or s.seen_at for s in file.sightings)
        for file in contents(settings.home, source.id)
    }


def _quarantine(
    connection: "DuckDBPyConnection", settings: Settings, effective: list[Receipt]
) -> list[tuple[Any, ...]]:
    """Where rows were refused and why; what stood there stays in the quarantine zone."""
    rows: list[tuple[Any, ...]] = []
    for receipt in (r for r in effective if r.quarantined and r.slug != UNKNOWN):
        path = settings.home.quarantine(receipt.slug, receipt.load_id)
        found = connection.execute(
            f'SELECT line, reason, "column" FROM read_parquet({literal(path)}) ORDER BY line, 3'
        ).fetchall()
        rows.extend((receipt.slug, receipt.source_id, receipt.load_id, receipt.name, *row) for row in found)
    return rows


def _declared_differences(effective: list[Receipt]) -> list[tuple[Any, ...]]:
    """Files whose own totals do not match their rows."""
    return [
        (f"declared_{name}_differs", r.source_id, date.fromisoformat(r.covers[1]) if r.covers else None,
         r.name, declared, r.measured.get(name, 0))
        for r in effective
        for name, declared in r.declared.items()
        if r.measured.get(name) != declared
    ]  # fmt: skip

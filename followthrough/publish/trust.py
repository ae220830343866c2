"""The schema ``trust`` of a version: loads, checks, missing files and differences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from followthrough.checks.run_suites import Check
from followthrough.contracts.export import Money
from followthrough.database import literal
from followthrough.load.receipts import UNKNOWN, Receipt
from followthrough.publish import catalogue
from followthrough.settings import Settings
from followthrough.versions.candidate import Candidate
from followthrough.versions.coverage import Coverage, coverage
from followthrough.versions.effective_loads import current_receipts, export_times
from followthrough.versions.history import decisions, refused, verdicts, whole_verdicts
from followthrough.warehouse.dbt_runner import replace_table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

BEHIND = ("late", "refused")
"""States in which somebody has to act."""

COLUMNS: Mapping[str, Mapping[str, str]] = {
    table.name: {column.name: column.type for column in table.columns} for table in catalogue.trust().values()
}
"""Column types by table. Reconciliation lists what a bill or file reports beside what is counted here."""

_FROM_MODELS: Mapping[str, str] = {
    "reconciliation": "SELECT *, NULL, NULL FROM intermediate.int_reconciliation ORDER BY ALL",
    "payment_days": "SELECT * FROM intermediate.int_payment_days ORDER BY ALL",
    "lineage": "SELECT * FROM run.lineage ORDER BY ALL",
}


@dataclass(frozen=True)
class Trust:
    """The figures of the trust tables that the manifest repeats."""

    checks: dict[str, int]
    quarantined_rows: int
    late_sources: tuple[str, ...]


def write(
    connection: "DuckDBPyConnection",
    settings: Settings,
    planned: Candidate,
    run_at: datetime,
) -> Trust:
    """Fill the trust tables of the candidate from receipts, history and the gates' checks.

    Freshness is evaluated at ``run_at``.
    """
    known = {load.load_id: load.known_night for load in planned.loads}
    receipts = list(current_receipts(settings))
    effective = [r for r in receipts if r.load_id in known]
    refused_sources = {verdict["source_id"] for verdict in refused(settings.home, planned.night)}
    covered = coverage(settings, effective, refused_sources, date.fromisoformat(planned.night), run_at)
    gate_checks = [
        *_raw_checks(settings, planned.night),
        *((2, Check(**check)) for check in planned.checks or ()),
    ]
    rows: dict[str, list[tuple[Any, ...]]] = {
        "loads": _loads(settings, receipts, known),
        "checks": [_check_row(gate, check) for gate, check in gate_checks],
        "freshness": _freshness(covered),
        "quarantine": _quarantine(connection, settings, effective),
        "waivers": _waivers(settings, effective),
        "reconciliation": declared_differences(settings, effective),
    }
    connection.execute("CREATE SCHEMA IF NOT EXISTS followthrough.trust")
    for table, columns in COLUMNS.items():
        replace_table(connection, f"followthrough.trust.{table}", columns, rows.get(table, []))
    for table, query in _FROM_MODELS.items():
        connection.execute(f"INSERT INTO followthrough.trust.{table} {query}")
    return Trust(
        checks=_tally(check for _, check in gate_checks),
        quarantined_rows=sum(r.quarantined for r in effective),
        late_sources=tuple(sorted({one.source.id for one in covered if one.state in BEHIND})),
    )


def _loads(settings: Settings, receipts: list[Receipt], known: Mapping[str, str]) -> list[tuple[Any, ...]]:
    """Every load; those of the very first version are marked as its backfill."""
    times, given = export_times(settings), verdicts(settings.home)
    first_night = min(known.values(), default=None)
    rows = []
    for r in receipts:
        verdict = given.get(r.load_id, {})
        night = known.get(r.load_id)
        rows.append(
            (
                r.load_id,
                r.source_id,
                r.slug,
                r.name,
                date.fromisoformat(night) if night else None,
                night is not None and night == first_night,
                times[r.source_id, r.sha256],
                verdict.get("verdict", "pending"),
                date.fromisoformat(verdict["night"]) if verdict else None,
                *(
                    "; ".join(verdict.get(words, [])) if verdict.get("verdict") == "refused" else None
                    for words in ("why", "why_zh")
                ),
                r.rows,
                r.accepted,
                r.quarantined,
                sum(r.excluded.values()),
            )
        )
    return rows


def _raw_checks(settings: Settings, night: str) -> Iterable[tuple[int, Check]]:
    """Gate 1's checks from the verdicts of this night."""
    for verdict in whole_verdicts(settings.home, night=night):
        for check in verdict["checks"]:
            yield 1, Check(**check)


def _check_row(gate: int, check: Check) -> tuple[Any, ...]:
    return (
        gate,
        check.batch,
        check.suite,
        check.expectation,
        check.column,
        check.severity,
        check.passed,
        check.reason,
        check.reason_zh or None,
        check.observed,
    )


def _tally(checks: Iterable[Check]) -> dict[str, int]:
    tally = {"passed": 0, "warned": 0, "failed": 0}
    for check in checks:
        tally["passed" if check.passed else "failed" if check.severity == "critical" else "warned"] += 1
    return tally


def _freshness(coverages: Iterable[Coverage]) -> list[tuple[Any, ...]]:
    """Per source and export the last day covered, and the state that meant when the version was made."""
    rows = []
    for one in coverages:
        who = (one.source.id, one.export.slug, one.source.label, one.source.owner, one.plan.menu)
        carries = ", ".join(sorted(one.export.feeds))
        when = (one.plan.cadence, one.due_at, one.covered_through, one.state)
        rows.append((*who, one.source.shop_id, carries, *when))
    return rows


def _quarantine(
    connection: "DuckDBPyConnection", settings: Settings, effective: list[Receipt]
) -> list[tuple[Any, ...]]:
    """Where rows were refused and why."""
    # The rows' contents stay in the quarantine zone.
    refusing = {r.load_id: r for r in effective if r.quarantined and r.slug != UNKNOWN}
    if not refusing:
        return []
    files = [literal(settings.home.quarantine(r.slug, r.load_id)) for r in refusing.values()]
    found = connection.execute(
        f"""SELECT load_id, line, reason, "column"
        FROM read_parquet([{", ".join(files)}], union_by_name = true) ORDER BY load_id, line, 4"""
    ).fetchall()
    return [
        (refusing[load_id].slug, refusing[load_id].source_id, load_id, refusing[load_id].name, *row)
        for load_id, *row in found
    ]


def _waivers(settings: Settings, effective: list[Receipt]) -> list[tuple[Any, ...]]:
    """Loads admitted by a person's waiver, and the checks waived."""
    by_load = {receipt.load_id: receipt for receipt in effective}
    return [
        (
            d["load_id"],
            by_load[d["load_id"]].source_id,
            by_load[d["load_id"]].name,
            "; ".join(d["waived"]),
            " ".join(d.get("waived_zh", ())) or None,
            d["reason"],
            d["by"],
            datetime.fromisoformat(d["at"]),
        )
        for d in decisions(settings.home)
        if d["type"] == "waiver" and d["load_id"] in by_load
    ]


def declared_differences(settings: Settings, effective: list[Receipt]) -> list[tuple[Any, ...]]:
    """Files whose own totals do not match their rows."""
    rows = []
    for r in effective:
        for total in settings.exports[r.slug].totals if r.declared else ():
            declared, counted = r.declared.get(total.name), r.measured.get(total.name, 0)
            if declared not in (None, counted):
                day = date.fromisoformat(r.covers[1]) if r.covers else None
                where = (r.source_id, settings.source(r.source_id).shop_id, day, r.name)
                figures = (declared, counted)
                both = (*figures, None, None) if isinstance(total.type, Money) else (None, None, *figures)
                rows.append((f"declared_{total.name}_differs", *where, *both))
    return rows

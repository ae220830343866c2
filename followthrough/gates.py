"""Gate 1 judges each load as a whole, gate 2 the candidate; both ask Great Expectations."""

import statistics
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from followthrough import candidate
from followthrough.contract import Export
from followthrough.effective import current_receipts, export_times
from followthrough.engine import connect, literal, quoted
from followthrough.errors import GateRefused
from followthrough.history import decide, verdicts, withdrawn
from followthrough.journal import Run
from followthrough.paths import PROJECT
from followthrough.receipts import Receipt
from followthrough.settings import Settings
from followthrough.suites import Suite, load
from followthrough.validate import Batch, Check, validate
from followthrough.warehouse import replace_table

EXPECTATIONS = PROJECT / "expectations"
EVERY_LOAD = "every_load"
_RECENT = 14


@dataclass(frozen=True)
class Judged:
    """Verdicts of one run of gate 1: loads by verdict, and what was refused, in words."""

    admitted: int
    warned: int
    refused: tuple[str, ...]


def check_loads(settings: Settings, run: Run) -> Judged:
    """Give every load that has no verdict yet one: admitted, warned or refused.

    A refused load is not effective and blocks no other. Verdicts are history: they are given once.
    """
    judged = verdicts(settings.home)
    pending = [r for r in current_receipts(settings) if r.load_id not in judged]
    taken = _bytes_in_use(settings, judged)
    checked = [r for r in pending if not r.refused]
    by_load = _run_raw_suites(settings, checked) if checked else {}
    outcome: dict[str, list[str]] = {"admitted": [], "warned": [], "refused": []}
    for receipt in sorted(pending, key=lambda r: (r.source_id, r.load_id)):
        checks = by_load.get(receipt.load_id, [])
        verdict, why = _verdict(receipt, checks, taken)
        decide(
            settings.home, "verdict", run.run_at, load_id=receipt.load_id, night=run.night.isoformat(),
            verdict=verdict, why=why, checks=[asdict(check) for check in checks],
        )  # fmt: skip
        outcome[verdict].append(f"{receipt.source_id}: {receipt.name}: {'; '.join(why)}")
    return Judged(len(outcome["admitted"]), len(outcome["warned"]), tuple(outcome["refused"]))


def _verdict(receipt: Receipt, checks: list[Check], taken: dict[str, str]) -> tuple[str, list[str]]:
    if receipt.refused:
        return "refused", [f"{receipt.refused['message']} -> {receipt.refused['remedy']}"]
    owner = taken.get(receipt.sha256, receipt.source_id)
    if owner != receipt.source_id:
        return "refused", [f"the same file already counts for {owner} -> drop it in one inbox only"]
    failed = [check for check in checks if not check.passed and check.severity != "info"]
    critical = [_words(check) for check in failed if check.severity == "critical"]
    if critical:
        return "refused", critical
    taken[receipt.sha256] = receipt.source_id
    return ("warned" if failed else "admitted"), [_words(check) for check in failed]


def _words(check: Check) -> str:
    column = f" {check.column}" if check.column else ""
    observed = f" ({check.observed})" if check.observed else ""
    return f"{check.suite}{column}: {check.reason}{observed}"


def _bytes_in_use(settings: Settings, judged: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Which source the bytes of admitted loads count for; those withdrawn by hand count for none."""
    taken_back = withdrawn(settings.home)
    return {
        receipt.sha256: receipt.source_id
        for receipt in current_receipts(settings)
        if judged.get(receipt.load_id, {}).get("verdict") in ("admitted", "warned")
        and receipt.load_id not in taken_back
    }


def _run_raw_suites(settings: Settings, pending: list[Receipt]) -> dict[str, list[Check]]:
    measured = _measures(settings)
    every_load = load(EXPECTATIONS / "raw" / f"{EVERY_LOAD}.yml")
    with tempfile.TemporaryDirectory(dir=settings.home.root, prefix=".gate.") as folder:
        database = Path(folder) / "gate.duckdb"
        with connect(database, folders=(Path(folder), settings.home.root)) as connection:
            replace_table(connection, "receipts", _MEASURES, [measured[r.load_id] for r in pending])
            for receipt in pending:
                for statement in _views(settings, receipt):
                    connection.execute(statement)
        batches = [
            batch
            for receipt in pending
            for batch in (
                Batch(receipt.load_id, every_load, f"receipt_{receipt.load_id}"),
                Batch(receipt.load_id, _raw_suite(settings, receipt.slug), f"rows_{receipt.load_id}"),
            )
        ]
        docs = settings.home.reports / "data-docs" / "loads"
        docs.parent.mkdir(parents=True, exist_ok=True)
        checks = validate(database, batches, _personal(settings), docs)
    by_load: dict[str, list[Check]] = defaultdict(list)
    for check in checks:
        by_load[check.batch].append(check)
    return by_load


def _raw_suite(settings: Settings, slug: str) -> Suite:
    folders = (EXPECTATIONS, *(folder / "expectations" for folder in settings.outside))
    return load(next(p for p in (f / "raw" / f"{slug}.yml" for f in folders) if p.exists()))


def _personal(settings: Settings) -> set[str]:
    return {c.name for e in settings.exports.values() for c in e.columns if c.personal}


def _views(settings: Settings, receipt: Receipt) -> Iterable[str]:
    bronze = literal(settings.home.bronze(receipt.slug, receipt.load_id))
    yield f"CREATE VIEW {quoted('rows_' + receipt.load_id)} AS SELECT * FROM read_parquet({bronze})"
    where = f"load_id = {literal(receipt.load_id)}"
    yield f"CREATE VIEW {quoted('receipt_' + receipt.load_id)} AS SELECT * FROM receipts WHERE {where}"


_MEASURES = {
    "load_id": "VARCHAR", "rows": "BIGINT", "accepted": "BIGINT", "quarantined": "BIGINT",
    "quarantined_share": "DOUBLE", "usual_rows": "BIGINT", "rows_to_usual": "DOUBLE",
    "totals_differing": "BIGINT", "is_complete_list": "BOOLEAN", "columns_absent": "BIGINT",
    "days_ahead": "BIGINT", "unaccounted": "BIGINT",
}  # fmt: skip


def _measures(settings: Settings) -> dict[str, tuple[Any, ...]]:
    """What gate 1 knows of every load besides its rows; usual is the median of the loads before it."""
    times = export_times(settings)
    series: dict[tuple[str, str], list[Receipt]] = defaultdict(list)
    for receipt in current_receipts(settings):
        if not receipt.refused:
            series[receipt.source_id, receipt.slug].append(receipt)
    measured = {}
    for receipts in series.values():
        receipts.sort(key=lambda r: times[r.source_id, r.sha256])
        for place, receipt in enumerate(receipts):
            recent = [r.accepted for r in receipts[max(0, place - _RECENT) : place]]
            usual = int(statistics.median(recent)) if len(recent) >= 3 else None
            export = settings.exports[receipt.slug]
            exported = times[receipt.source_id, receipt.sha256].date()
            measured[receipt.load_id] = _measure(receipt, export, usual, exported.toordinal())
    return measured


def _measure(receipt: Receipt, export: Export, usual: int | None, exported: int) -> tuple[Any, ...]:
    judged = receipt.accepted + receipt.quarantined
    ahead = date.fromisoformat(receipt.covers[1]).toordinal() - exported if receipt.covers else 0
    return (
        receipt.load_id,
        receipt.rows,
        receipt.accepted,
        receipt.quarantined,
        receipt.quarantined / judged if judged else 0.0,
        usual,
        receipt.accepted / usual if usual else None,
        sum(receipt.measured.get(name) != value for name, value in receipt.declared.items()),
        export.complete,
        len(receipt.absent),
        ahead,
        receipt.rows - receipt.accepted - receipt.quarantined - sum(receipt.excluded.values()),
    )


def check_marts(settings: Settings, run: Run) -> list[Check]:
    """Judge the candidate and note that it passed.

    Raises GateRefused, and drops the candidate, when anything critical failed, dbt's tests included.
    """
    home = settings.home
    planned = candidate.read(home, run.run_id)
    suites = [load(path) for path in sorted((EXPECTATIONS / "marts").glob("*.yml"))]
    batches = [Batch(suite.name, suite, suite.table) for suite in suites]
    docs = home.reports / "data-docs" / "marts"
    docs.parent.mkdir(parents=True, exist_ok=True)
    checks = [
        *validate(candidate.public_file(home), batches, (), docs),
        *(_from_test(test) for test in planned.tests),
    ]
    critical = [_words(check) for check in checks if not check.passed and check.severity == "critical"]
    if critical:
        decide(home, "candidate_refused", run.run_at, night=planned.night, run_id=run.run_id, why=critical)
        candidate.drop(home)
        raise GateRefused(
            f"night {planned.night} is not published: {'; '.join(critical)}",
            "readers keep the version they have; mend the cause and run the night again",
        )
    candidate.save(home, replace(planned, checks=tuple(asdict(check) for check in checks)))
    return checks


def _from_test(test: Mapping[str, Any]) -> Check:
    return Check(
        batch=test["model"],
        suite="dbt",
        expectation=test["name"],
        column=None,
        severity=test["severity"],
        passed=test["passed"],
        waivable=False,
        reason=test["name"],
        observed=f"{test['failures']} rows" if test["failures"] else "",
    )

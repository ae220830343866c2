"""Gate 1 judges each load as a whole, gate 2 the candidate; both ask Great Expectations."""

import re
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from followthrough import candidate
from followthrough.campaigns import Phase, campaign_phases
from followthrough.contract import Export
from followthrough.effective import admitted, bytes_in_use, current_receipts, export_times, fingerprint
from followthrough.engine import connect, literal, quoted
from followthrough.errors import GateRefused
from followthrough.history import decide, head, published_by, verdicts
from followthrough.journal import Run
from followthrough.paths import PROJECT
from followthrough.receipts import Receipt
from followthrough.settings import Settings, Source
from followthrough.suites import Suite, load
from followthrough.validate import Batch, Check, validate
from followthrough.warehouse import replace_table

EXPECTATIONS = PROJECT / "expectations"
EVERY_LOAD = "every_load"
_NOT_YET: Mapping[str, Any] = {"again": True, "verdict": None}
_RECENT = 14
_LULL = timedelta(days=7)
"""After a campaign there is as little as there was much in it."""


@dataclass(frozen=True)
class Judged:
    """Verdicts of one run of gate 1: loads by verdict, and what was refused, in words."""

    admitted: int
    warned: int
    refused: tuple[str, ...]


def check_loads(settings: Settings, run: Run) -> Judged:
    """Give every load that has no verdict yet one: admitted, warned or refused.

    A refused load is not effective and blocks no other. Verdicts are history and given once, but for
    the refusal of bytes that count for another source: that lasts as long as they do.
    """
    judged, current = verdicts(settings.home), head(settings.home)
    night = max(run.night.isoformat(), current.night if current else "")
    pending = [r for r in current_receipts(settings) if judged.get(r.load_id, _NOT_YET).get("again", False)]
    taken = bytes_in_use(admitted(settings))
    checked = [r for r in pending if not r.refused and not _owner_of(r, taken)]
    by_load = _run_raw_suites(settings, checked) if checked else {}
    outcome: dict[str, list[str]] = {"admitted": [], "warned": [], "refused": []}
    given = []
    for receipt in sorted(pending, key=lambda r: (r.source_id, r.load_id)):
        checks = by_load.get(receipt.load_id, [])
        found = _verdict(receipt, checks, taken)
        outcome[found.verdict].append(f"{receipt.source_id}: {receipt.name}: {'; '.join(found.why)}")
        if judged.get(receipt.load_id, _NOT_YET)["verdict"] != found.verdict:
            given.append({
                "load_id": receipt.load_id, "source_id": receipt.source_id, "file": receipt.name,
                "night": night, **found._asdict(), "checks": [asdict(check) for check in checks],
            })  # fmt: skip
    decide(settings.home, "verdict", run.run_at, *given)
    return Judged(len(outcome["admitted"]), len(outcome["warned"]), tuple(outcome["refused"]))


def _owner_of(receipt: Receipt, taken: Mapping[str, str]) -> str:
    """Another source the same bytes count for already, or nothing; files without rows are all alike."""
    owner = taken.get(receipt.sha256, receipt.source_id)
    has_rows = receipt.accepted + receipt.quarantined > 0
    return owner if has_rows and owner != receipt.source_id else ""


class _Verdict(NamedTuple):
    """What gate 1 says of a load; ``again`` if it is to say it anew next time."""

    verdict: str
    why: list[str]
    why_zh: list[str]
    again: bool = False


def _verdict(receipt: Receipt, checks: list[Check], taken: dict[str, str]) -> _Verdict:
    if receipt.refused:
        told = [f"{receipt.refused[f'message{x}']} -> {receipt.refused[f'remedy{x}']}" for x in ("", "_zh")]
        return _Verdict("refused", told[:1], told[1:])
    owner = _owner_of(receipt, taken)
    if owner:
        why = f"the same file already counts for {owner} -> withdraw it there if it belongs here"
        why_zh = f"同一份文件已经算在 {owner} 名下 -> 如果应属于这里，请先在那边撤回"
        return _Verdict("refused", [why], [why_zh], again=True)
    failed = [check for check in checks if not check.passed and check.severity != "info"]
    critical = [check for check in failed if check.severity == "critical"]
    if critical:
        return _Verdict("refused", *_told(critical))
    taken.setdefault(receipt.sha256, receipt.source_id)
    return _Verdict("warned" if failed else "admitted", *_told(failed))


def _told(checks: list[Check]) -> tuple[list[str], list[str]]:
    """What the checks say, for who watches the run and for who brings the file."""
    return [_words(check) for check in checks], [_words_zh(check) for check in checks]


def _words(check: Check) -> str:
    column = f" {check.column}" if check.column else ""
    observed = f" ({check.observed})" if check.observed else ""
    return f"{check.suite}{column}: {check.reason}{observed}"


def _words_zh(check: Check) -> str:
    counted = re.sub(r"^unexpected (\d+) of (\d+)$", r"\2 个里有 \1 个不符", check.observed)
    observed = re.sub("^observed ", "实际 ", counted)
    where = "，".join(filter(None, (check.column and f"列 {check.column}", observed)))
    return check.reason_zh.rstrip("。") + (f"（{where}）" if where else "")


def _run_raw_suites(settings: Settings, pending: list[Receipt]) -> dict[str, list[Check]]:
    measured = _measures(settings)
    every_load = load(EXPECTATIONS / "raw" / f"{EVERY_LOAD}.yml")
    with tempfile.TemporaryDirectory(dir=settings.home.root, prefix=".gate.") as folder:
        database = Path(folder) / "gate.duckdb"
        folders = (Path(folder), settings.home.accepted)
        with connect(database, folders=folders) as connection:
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
        checks = validate(database, batches, _personal(settings), docs, folders)
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
    "totals_differing": "BIGINT", "is_complete_list": "BOOLEAN",
    "days_ahead": "BIGINT", "unaccounted": "BIGINT", "is_campaign": "BOOLEAN",
}  # fmt: skip


def _measures(settings: Settings) -> dict[str, tuple[Any, ...]]:
    """What gate 1 knows of every load besides its rows; usual is the median of the loads before it."""
    times, phases = export_times(settings), campaign_phases(settings)
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
            measured[receipt.load_id] = (
                *_measure(receipt, export, usual, exported.toordinal()),
                _is_in_campaign(settings.source(receipt.source_id), receipt, phases),
            )
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
        ahead,
        receipt.rows - receipt.accepted - receipt.quarantined - sum(receipt.excluded.values()),
    )


def _is_in_campaign(source: Source, receipt: Receipt, phases: Iterable[Phase]) -> bool:
    """Whether days of the file lie in a campaign of its shop or in the lull after it."""
    if not receipt.covers:
        return False
    first, last = map(date.fromisoformat, receipt.covers)
    return any(
        phase.starts_at.date() <= last and first <= phase.ends_at.date() + _LULL
        for phase in phases
        if phase.shop_id in (None, source.shop_id) and phase.brand_id in (None, source.brand_id)
    )


def check_marts(settings: Settings, run: Run) -> list[Check]:
    """Judge the candidate and note that it passed; nothing is left to judge once this run has published it.

    Raises GateRefused, and drops the candidate, when anything critical failed, dbt's tests included.
    """
    home = settings.home
    if not home.candidate.exists() and published_by(home, run.run_id):
        return []
    planned = candidate.read(home, run)
    suites = [load(path) for path in sorted((EXPECTATIONS / "marts").glob("*.yml"))]
    batches = [Batch(suite.name, suite, suite.table) for suite in suites]
    docs = home.reports / "data-docs" / "marts"
    docs.parent.mkdir(parents=True, exist_ok=True)
    checks = [
        *validate(candidate.public_file(home), batches, (), docs),
        *(_from_test(test) for test in planned.tests),
    ]
    broken = [check for check in checks if not check.passed and check.severity == "critical"]
    if broken:
        critical = [_words(check) for check in broken]
        decide(
            home, "candidate_refused", run.run_at,
            {"night": planned.night, "run_id": run.run_id, "loads": fingerprint(planned.loads),
             "why": critical, "reasons": [check.reason for check in broken],
             "reasons_zh": [check.reason_zh for check in broken]},
        )  # fmt: skip
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
        reason_zh=f"表内检验 {test['name']} 未通过。",
    )

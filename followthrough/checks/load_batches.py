"""Runs gate 1's suites on many loads at once; each load gets the checks it would get if validated alone.

Great Expectations' time depends on the number of batches, not rows. So all new loads of an export are one
batch for the expectations that test rows one by one; the others are counted per load in one query. Only a
load in which an expectation fails, or may fail, becomes a batch of its own, with those expectations.
"""

import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy.exc import SQLAlchemyError

from followthrough.checks import load_measures
from followthrough.checks.load_counts import Count, can_be_counted, count_each_load, holds_for_parts
from followthrough.checks.run_suites import (
    Batch,
    Check,
    SuiteRunner,
    check_of,
    passed_check,
    suite_runner,
    write_docs,
)
from followthrough.checks.suites import EXPECTATIONS, Expectation, Suite, load_suite
from followthrough.database import connect, literal, quoted
from followthrough.load.receipts import Receipt
from followthrough.settings import Settings
from followthrough.warehouse.dbt_runner import replace_table

if TYPE_CHECKING:
    from great_expectations.core import ExpectationValidationResult

    Page: TypeAlias = tuple[Batch, list[ExpectationValidationResult]]

EVERY_LOAD = "every_load"


@dataclass(frozen=True)
class _Union:
    """Loads validated together: their suite, the table of all their rows, and SQL of each load's rows.

    ``rows`` is the SQL to create the table from, empty if it exists already.
    """

    name: str
    suite: Suite
    table: str
    parts: Mapping[str, str]
    rows: str = ""


@dataclass(frozen=True)
class _Answer:
    """The checks of each load, and the pages that show them."""

    checks: Mapping[str, list[Check]]
    pages: "list[Page]"


def check_each_load(settings: Settings, pending: Sequence[Receipt]) -> dict[str, list[Check]]:
    """The checks of each load by its id: those of its receipt, then those of its rows, in suite order.

    Leaves Data Docs with a page per export and one per load in which something failed.
    """
    checks: dict[str, list[Check]] = {receipt.load_id: [] for receipt in pending}
    pages: list[Page] = []
    with tempfile.TemporaryDirectory(dir=settings.home.root, prefix=".gate.") as folder:
        database = Path(folder) / "gate.duckdb"
        folders = (Path(folder), settings.home.accepted)
        unions = [_receipts(pending), *_exports(settings, pending)]
        _write(settings, database, folders, pending, unions)
        with suite_runner(database, _personal(settings), folders) as runner:
            for union in unions:
                answer = _ask(runner, union)
                pages += answer.pages
                for load_id, of_load in answer.checks.items():
                    checks[load_id] += of_load
        write_docs(settings.home.reports / "data-docs" / "loads", pages)
    return checks


def _receipts(pending: Sequence[Receipt]) -> _Union:
    suite = load_suite(EXPECTATIONS / "raw" / f"{EVERY_LOAD}.yml")
    parts = {r.load_id: f"SELECT * FROM receipts WHERE load_id = {literal(r.load_id)}" for r in pending}
    return _Union(EVERY_LOAD, suite, "receipts", parts)


def _exports(settings: Settings, pending: Sequence[Receipt]) -> Iterator[_Union]:
    exports: dict[tuple[str, int], list[str]] = defaultdict(list)
    for receipt in pending:
        exports[receipt.slug, receipt.contract_version].append(receipt.load_id)
    for (slug, version), loads in sorted(exports.items()):
        files = {load_id: settings.home.bronze(slug, load_id) for load_id in loads}
        yield _Union(
            name=slug,
            suite=_raw_suite(settings, slug),
            table=f"rows_{slug}_{version}",
            parts={load_id: _parquet(file) for load_id, file in files.items()},
            rows=_parquet(*files.values()),
        )


def _parquet(*files: Path) -> str:
    return f"SELECT * FROM read_parquet([{', '.join(map(literal, files))}])"


def _raw_suite(settings: Settings, slug: str) -> Suite:
    folders = (EXPECTATIONS, *(folder / "expectations" for folder in settings.outside))
    return load_suite(next(p for p in (f / "raw" / f"{slug}.yml" for f in folders) if p.exists()))


def _personal(settings: Settings) -> set[str]:
    return {c.name for e in settings.exports.values() for c in e.columns if c.personal}


def _write(
    settings: Settings,
    database: Path,
    folders: tuple[Path, Path],
    pending: Sequence[Receipt],
    unions: Sequence[_Union],
) -> None:
    """Create the tables the unions read."""
    measures = load_measures.load_measures(settings, {receipt.load_id for receipt in pending})
    with connect(database, folders=folders) as connection:
        rows = [measures[receipt.load_id] for receipt in pending]
        replace_table(connection, "receipts", load_measures.COLUMNS, rows)
        for union in unions:
            if union.rows:
                connection.execute(f"CREATE VIEW {quoted(union.table)} AS {union.rows}")


def _ask(runner: SuiteRunner, union: _Union) -> _Answer:
    expectations = dict(enumerate(union.suite.expectations))
    together = [n for n, expectation in expectations.items() if holds_for_parts(expectation)]
    batch = _batch(union, union.name, union.table, together)
    results = dict(zip(together, runner.results(batch), strict=True))
    counts = _counts(runner, union)
    suspects = {n: _suspects(union, n, results.get(n), counts) for n in expectations}
    pages: list[Page] = [(batch, list(results.values()))]
    checks = {}
    for load_id in union.parts:
        asked = [n for n in expectations if load_id in suspects[n]]
        pages += [_ask_alone(runner, union, load_id, asked)] if asked else []
        alone = dict(zip(asked, pages[-1][1], strict=True)) if asked else {}
        checks[load_id] = [
            _check(runner, union, load_id, expectation, alone[n] if n in alone else counts[n][load_id])
            for n, expectation in expectations.items()
        ]
    return _Answer(checks, pages)


def _check(
    runner: SuiteRunner,
    union: _Union,
    load_id: str,
    expectation: Expectation,
    answer: "ExpectationValidationResult | Count",
) -> Check:
    if isinstance(answer, Count):
        numbers = runner.shown(expectation, answer.result(expectation))
        return passed_check(load_id, union.suite.name, expectation, numbers)
    return check_of(load_id, union.suite.name, expectation, answer)


def _batch(union: _Union, name: str, table: str, entries: Sequence[int]) -> Batch:
    chosen = tuple(union.suite.expectations[n] for n in entries)
    return Batch(name, replace(union.suite, expectations=chosen), table)


def _counts(runner: SuiteRunner, union: _Union) -> dict[int, dict[str, Count]]:
    """The count of each load, by entry of the suite; without entries that cannot be counted."""
    entries = [n for n, expectation in enumerate(union.suite.expectations) if can_be_counted(expectation)]
    expectations = [union.suite.expectations[n] for n in entries]
    try:
        counts = count_each_load(runner.query, union.table, list(union.parts), expectations)
    except SQLAlchemyError:  # some expectation is invalid; validating each load alone shows which
        return {}
    return {n: {load: row[place] for load, row in counts.items()} for place, n in enumerate(entries)}


def _suspects(
    union: _Union,
    entry: int,
    result: "ExpectationValidationResult | None",
    counts: Mapping[int, Mapping[str, Count]],
) -> set[str]:
    """Loads in which an expectation fails or may fail; all loads if the failing one is not known."""
    every_load = set(union.parts)
    if entry not in counts:
        return every_load
    if result is not None and result.success:
        return set()
    expectation = union.suite.expectations[entry]
    unclear = {load for load, count in counts[entry].items() if not count.clearly_passes(expectation)}
    return every_load if result is not None and not unclear else unclear


def _ask_alone(runner: SuiteRunner, union: _Union, load_id: str, entries: Sequence[int]) -> "Page":
    table = f"{union.table}_{load_id}"
    runner.execute(f"CREATE OR REPLACE TEMP VIEW {quoted(table)} AS {union.parts[load_id]}")
    batch = _batch(union, load_id, table, entries)
    return batch, runner.results(batch)

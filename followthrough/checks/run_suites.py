"""Runs expectation suites on tables of a DuckDB file.

No value of any row appears in a check, a page or a log.
"""

import logging
import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from followthrough.checks.suites import Expectation, Suite

if TYPE_CHECKING:
    from great_expectations.core import ExpectationValidationResult

    from followthrough.checks.gx_duckdb import DuckDBExecutionEngine


@dataclass(frozen=True)
class Batch:
    """One table or view (plain, or ``schema.table``) and the suite it has to pass."""

    name: str
    suite: Suite
    table: str


@dataclass(frozen=True)
class Check:
    """The result of one expectation on one batch.

    ``observed`` holds counts ("unexpected 3 of 120", "observed 17") or says why the expectation
    was not evaluated ("raised: CatalogException", "lost expectation"); then the check has failed,
    is critical whatever its suite declares, and cannot be waived. ``reason_zh`` is empty in checks stored
    before the field existed.
    """

    batch: str
    suite: str
    expectation: str
    column: str | None
    severity: str
    passed: bool
    waivable: bool
    reason: str
    observed: str
    reason_zh: str = ""

    @property
    def message(self) -> str:
        """What failed and why it matters, for the operator of the run."""
        column = f" {self.column}" if self.column else ""
        observed = f" ({self.observed})" if self.observed else ""
        return f"{self.suite}{column}: {self.reason}{observed}"

    @property
    def message_zh(self) -> str:
        """The same in Chinese, for the person who delivers the file."""
        counted = re.sub(r"^unexpected (\d+) of (\d+)$", r"\2 个里有 \1 个不符", self.observed)
        observed = re.sub("^observed ", "实际 ", counted)
        where = "，".join(filter(None, (self.column and f"列 {self.column}", observed)))
        return self.reason_zh.rstrip("。") + (f"（{where}）" if where else "")


class SuiteRunner:
    """Validates tables of one DuckDB file, which it keeps open read-only.

    Columns in ``personal`` are reported without counts.
    """

    def __init__(self, engine: "DuckDBExecutionEngine", personal: Collection[str]) -> None:
        from followthrough.checks import gx_duckdb

        self._engine = engine
        self._context = gx_duckdb.context()
        self._personal = personal

    def results(self, batch: Batch) -> "list[ExpectationValidationResult]":
        """One result per expectation of the batch's suite, in order, without any values of rows."""
        from followthrough.checks import gx_duckdb, gx_results

        validator = gx_duckdb.validator(self._context, self._engine, batch.name, batch.table)
        return gx_results.evaluate(validator, batch.suite.expectations, self._personal)

    def shown(self, expectation: Expectation, numbers: Mapping[str, Any]) -> dict[str, Any]:
        """The numbers of a result that may be shown."""
        from followthrough.checks import gx_results

        return gx_results.shown_numbers(expectation, numbers, self._personal)

    def execute(self, sql: str) -> None:
        """Run a statement on the same connection, such as creating a temporary view."""
        with self._engine.get_connection() as connection:
            connection.exec_driver_sql(sql)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query on the same file."""
        with self._engine.get_connection() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(sql).fetchall()]


@contextmanager
def suite_runner(
    database: Path, personal: Collection[str] = (), folders: Sequence[Path] = ()
) -> Iterator[SuiteRunner]:
    """Yield a ``SuiteRunner`` on an existing file, whose views may read files in ``folders`` only.

    This process may have no other connection to the file.
    """
    _hush_great_expectations()
    from followthrough.checks import gx_duckdb

    with gx_duckdb.open_read_only(database, folders) as engine:
        yield SuiteRunner(engine, personal)


def run_suites(
    database: Path,
    batches: Sequence[Batch],
    personal: Collection[str] = (),
    docs: Path | None = None,
    folders: Sequence[Path] = (),
) -> list[Check]:
    """Return one check per declared expectation, batch by batch, in the order of the suites.

    With ``docs`` that directory is replaced by pages for exactly these batches. An error inside the file,
    such as a missing table, becomes a failed check.
    """
    with suite_runner(database, personal, folders) as runner:
        results = [(batch, runner.results(batch)) for batch in batches]
    if docs:
        write_docs(docs, results)
    return [
        check_of(batch.name, batch.suite.name, expectation, result)
        for batch, answered in results
        for expectation, result in zip(batch.suite.expectations, answered, strict=True)
    ]


def write_docs(folder: Path, results: "Sequence[tuple[Batch, list[ExpectationValidationResult]]]") -> None:
    """Replace ``folder`` by Data Docs with a page per batch."""
    from followthrough.checks import data_docs

    folder.parent.mkdir(parents=True, exist_ok=True)
    data_docs.write(folder, [data_docs.Page(batch.suite.name, batch.name, r) for batch, r in results])


def passed_check(batch: str, suite: str, expectation: Expectation, numbers: Mapping[str, Any]) -> Check:
    """The check of a passed expectation, with the numbers that may be shown."""
    return Check(
        batch=batch,
        suite=suite,
        expectation=expectation.type,
        column=expectation.kwargs.get("column"),
        severity=expectation.severity,
        passed=True,
        waivable=expectation.waivable,
        reason=expectation.reason,
        observed=_observed(numbers),
        reason_zh=expectation.reason_zh,
    )


def _hush_great_expectations() -> None:
    """Turn off its analytics and its info messages."""
    # Otherwise its import logs every decorated function if the root logger is set to INFO.
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    logging.getLogger("great_expectations").setLevel(logging.WARNING)


def check_of(
    batch: str, suite: str, expectation: Expectation, result: "ExpectationValidationResult"
) -> Check:
    """The check of a result, with the part of it that may be shown."""
    note = str(result.exception_info["exception_message"] or "")
    return Check(
        batch=batch,
        suite=suite,
        expectation=expectation.type,
        column=expectation.kwargs.get("column"),
        severity="critical" if note else expectation.severity,
        passed=bool(result.success),
        waivable=expectation.waivable and not note,
        reason=expectation.reason,
        observed=note or _observed(result.result),
        reason_zh=expectation.reason_zh,
    )


def _observed(result: Mapping[str, Any]) -> str:
    if "unexpected_count" in result:
        return f"unexpected {result['unexpected_count']} of {result['element_count']}"
    return f"observed {result['observed_value']}" if "observed_value" in result else ""

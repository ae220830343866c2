"""Writes validation results as Great Expectations' own Data Docs, a folder of static pages.

Import this module inside functions: it imports Great Expectations, which takes six seconds.
"""

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from great_expectations.core import (
    ExpectationSuiteValidationResult,
    ExpectationValidationResult,
    RunIdentifier,
)
from great_expectations.data_context.types.resource_identifiers import (
    ExpectationSuiteIdentifier,
    ValidationResultIdentifier,
)
from great_expectations.validator.validation_statistics import calc_validation_statistics

from followthrough.checks import gx_duckdb

_NOT_IN_FILE_NAMES = re.compile(r"[^A-Za-z0-9_.]+")


@dataclass(frozen=True)
class Page:
    """The results of one batch, without any values of its rows."""

    suite: str
    batch: str
    results: list[ExpectationValidationResult]


def write(directory: Path, pages: Sequence[Page]) -> None:
    """Replace ``directory`` by an index and one page per batch; readers see the old or the new.

    200 pages take about 2 seconds. Offline they lack their style sheets but not their content.
    """
    beside = directory.with_name(f"{directory.name}.new")
    shutil.rmtree(beside, ignore_errors=True)
    context = gx_duckdb.context(site=beside)
    run = RunIdentifier(run_name="followthrough", run_time=datetime.now(UTC))
    for number, page in enumerate(pages, 1):
        file = f"{number}-{_NOT_IN_FILE_NAMES.sub('-', page.batch)}"
        key = ValidationResultIdentifier(ExpectationSuiteIdentifier(page.suite), run, file)
        context.validation_results_store.set(key, _suite_result(page, run))
    context.build_data_docs(site_names=["docs"])
    _swap(beside, directory)


def _suite_result(page: Page, run: RunIdentifier) -> ExpectationSuiteValidationResult:
    statistics = calc_validation_statistics(page.results)
    return ExpectationSuiteValidationResult(
        success=bool(statistics.success),
        results=page.results,
        suite_name=page.suite,
        statistics=statistics._asdict(),
        meta={"run_id": run, "active_batch_definition": {"data_asset_name": page.batch}},
    )


def _swap(beside: Path, directory: Path) -> None:
    last = directory.with_name(f"{directory.name}.old")
    shutil.rmtree(last, ignore_errors=True)
    if directory.exists():
        directory.rename(last)
    beside.rename(directory)
    shutil.rmtree(last, ignore_errors=True)

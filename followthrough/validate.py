"""Runs expectation suites on tables of a DuckDB file.

No value of any row comes out of here: not in a check, nor in a page, nor in a log.
"""

import logging
import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from followthrough.suites import Expectation, Suite

if TYPE_CHECKING:
    from great_expectations.core import ExpectationValidationResult


@dataclass(frozen=True)
class Batch:
    """One table or view (plain, or ``schema.table``) and the suite it has to pass."""

    name: str
    suite: Suite
    table: str


@dataclass(frozen=True)
class Check:
    """What became of one expectation on one batch.

    ``observed`` holds counts ("unexpected 3 of 120", "observed 17") or says why the expectation
    was not evaluated ("raised: CatalogException", "lost expectation"); then the check has failed,
    is critical whatever its suite says, and cannot be waived. Checks kept before there was a ``reason_zh``
    have none.
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


def validate(
    database: Path,
    batches: Sequence[Batch],
    personal: Collection[str] = (),
    docs: Path | None = None,
    folders: Sequence[Path] = (),
) -> list[Check]:
    """Return one check per declared expectation, batch by batch, in the order of the suites.

    Of columns in ``personal`` not even counts are reported. With ``docs`` that directory is
    replaced by pages on exactly these batches. The file is opened read-only and released again, and
    reaches no other than those in ``folders``. It must be there, but whatever is wrong inside it
    becomes a failed check. This process may have no other connection to it.
    """
    _hush_great_expectations()
    from followthrough import data_docs, evaluate, gx_duckdb

    results = []
    with gx_duckdb.open_read_only(database, folders) as engine:
        context = gx_duckdb.context()
        for batch in batches:
            validator = gx_duckdb.validator(context, engine, batch.name, batch.table)
            results.append(evaluate.evaluate(validator, batch.suite.expectations, personal))
    pairs = list(zip(batches, results, strict=True))
    if docs:
        data_docs.write(docs, [data_docs.Page(b.suite.name, b.name, r) for b, r in pairs])
    return [
        _check(batch, expectation, result)
        for batch, answered in pairs
        for expectation, result in zip(batch.suite.expectations, answered, strict=True)
    ]


def _hush_great_expectations() -> None:
    """Keep its import from telling every decorated function to a root logger set to INFO."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    logging.getLogger("great_expectations").setLevel(logging.WARNING)


def _check(batch: Batch, expectation: Expectation, result: "ExpectationValidationResult") -> Check:
    note = str(result.exception_info["exception_message"] or "")
    return Check(
        batch=batch.name,
        suite=batch.suite.name,
        expectation=expectation.type,
        column=expectation.kwargs.get("column"),
        severity="critical" if note else expectation.severity,
        passed=bool(result.success),
        waivable=expectation.waivable and not note,
        reason=expectation.reason,
        observed=note or _observed(result.result),
        reason_zh=expectation.reason_zh,
    )


def _observed(result: dict[str, Any]) -> str:
    if "unexpected_count" in result:
        return f"unexpected {result['unexpected_count']} of {result['element_count']}"
    return f"observed {result['observed_value']}" if "observed_value" in result else ""

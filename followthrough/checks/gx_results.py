"""Validates one table with Great Expectations and keeps only the part of the results that may be shown.

Import this module inside functions: it imports Great Expectations, which takes six seconds.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from great_expectations.core import ExpectationValidationResult
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.validator.validator import Validator

from followthrough.checks.suites import Expectation

_FORMAT = {"result_format": "BASIC", "partial_unexpected_count": 0}

_COUNTED = re.compile(
    r"expect_column_values_|expect_column_value_lengths_|expect_column_pair_values_"
    r"|expect_compound_columns_|expect_multicolumn_|expect_select_column_values_"
    r"|expect_table_(row|column)_count_|expect_column_unique_value_count_"
    r"|expect_column_proportion_of_|unexpected_rows_expectation"
)
"""Types whose numbers count rows or columns; numbers of other types may be values of a row."""

_QUOTABLE = re.compile(r'(?<=_duckdb\.)\w+|column "\w+" in BatchData does not exist')
"""Parts of an error message without values: DuckDB's exception class, a missing column."""


def evaluate(
    validator: Validator, expectations: Sequence[Expectation], personal: Collection[str]
) -> list[ExpectationValidationResult]:
    """Return one result per expectation, in order, without any values of rows.

    An expectation that was not evaluated has failed; its exception message says why.
    """
    answers = _answers(validator, expectations)
    return [
        _result(expectation, answers.get(entry, "lost expectation"), personal)
        for entry, expectation in enumerate(expectations)
    ]


def _answers(
    validator: Validator, expectations: Sequence[Expectation]
) -> dict[int, ExpectationValidationResult | str]:
    """Return the result of each entry, or a note why there is none."""
    answers: dict[int, ExpectationValidationResult | str] = {}
    usable = {}
    for entry, expectation in enumerate(expectations):
        try:
            usable[entry] = _bare_configuration(entry, expectation)
        except Exception as error:
            answers[entry] = f"raised: {type(error).__name__}"
    try:
        results = validator.graph_validate(
            configurations=list(usable.values()), runtime_configuration={"result_format": _FORMAT}
        )
    except Exception as error:
        return answers | dict.fromkeys(usable, f"raised: {type(error).__name__}")
    return answers | {_entry(result): _raised(result) or result for result in results}


def _bare_configuration(entry: int, expectation: Expectation) -> ExpectationConfiguration:
    """Return a configuration with type, arguments and id only.

    Raises an error of Great Expectations if the arguments do not fit the type.
    """
    # Great Expectations copies the configuration some 80 times per check, so it is kept small.
    bare = ExpectationConfiguration(type=expectation.type, kwargs=dict(expectation.kwargs), id=str(entry))
    bare.to_domain_obj()
    return bare


def _entry(result: ExpectationValidationResult) -> int:
    configuration = result.expectation_config
    if configuration is None or configuration.id is None:
        raise ValueError("a result of no expectation")
    return int(configuration.id)


def _raised(result: ExpectationValidationResult) -> str:
    """Return a note naming the error, empty if there was none."""
    # The error's own message may quote the value that caused it.
    info = result.exception_info or {}
    for each in [info] if "raised_exception" in info else info.values():
        if each["raised_exception"]:
            found = _QUOTABLE.search(str(each["exception_message"]))
            return f"raised: {found[0] if found else 'MetricResolutionError'}"
    return ""


def _result(
    expectation: Expectation, answer: ExpectationValidationResult | str, personal: Collection[str]
) -> ExpectationValidationResult:
    if isinstance(answer, str):
        return _not_evaluated(expectation, answer)
    return ExpectationValidationResult(
        success=bool(answer.success),
        expectation_config=ExpectationConfiguration(
            type=expectation.type, kwargs=dict(expectation.kwargs), notes=expectation.reason
        ),
        result=shown_numbers(expectation, answer.result, personal),
    )


def _not_evaluated(expectation: Expectation, note: str) -> ExpectationValidationResult:
    """Return a failed result that Data Docs can render, whatever is wrong with the expectation."""
    # Data Docs leave out the whole page if one expectation cannot be constructed.
    stand_in = ExpectationConfiguration(
        type="unexpected_rows_expectation",
        kwargs={"unexpected_rows_query": "{batch}"},
        description=f"{expectation.type} {dict(expectation.kwargs)}",
        notes=expectation.reason,
    )
    exception = {"raised_exception": True, "exception_message": note, "exception_traceback": ""}
    return ExpectationValidationResult(success=False, expectation_config=stand_in, exception_info=exception)


def shown_numbers(
    expectation: Expectation, result: Mapping[str, Any], personal: Collection[str]
) -> dict[str, Any]:
    """The numbers of a result that count rows or columns; none for a personal column."""
    kwargs = expectation.kwargs
    columns = {kwargs.get("column"), kwargs.get("column_A"), kwargs.get("column_B")}
    hidden = columns.union(kwargs.get("column_list", ())) & set(personal)
    if hidden or not _COUNTED.match(expectation.type):
        return {}
    return {key: value for key, value in result.items() if isinstance(value, int | float)}

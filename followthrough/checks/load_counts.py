"""Counts the unexpected rows of each of many loads in one query, for several expectations."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from followthrough.checks.suites import Expectation
from followthrough.database import literal, quoted

_ROWS = "unexpected_rows_expectation"
_UNIQUE = "expect_column_values_to_be_unique"
_ROW_COUNT = "expect_table_row_count_to_be_between"
_NOT_ROW_BY_ROW = re.compile(
    r"\b(group|having|over|qualify|distinct|limit|join|union|except|intersect|with|pivot)\b"
    r"|\b\w*(count|sum|avg|min|max|first|last|any_value|agg|list|median|mode|quantile\w*|stddev\w*)\s*\("
    r"|\bselect\b.*\bselect\b|\{batch\}.*\{batch\}",
    re.IGNORECASE | re.DOTALL,
)
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Count:
    """How many ``rows`` a load has, how many an expectation is ``about``, and how many are ``unexpected``."""

    rows: int
    unexpected: int
    about: int

    def clearly_passes(self, expectation: Expectation) -> bool:
        """Whether the expectation holds; False as well if that depends on the rounding of a share."""
        if expectation.type == _ROW_COUNT:
            lowest = expectation.kwargs.get("min_value") or 0
            highest = expectation.kwargs.get("max_value")
            return bool(lowest <= self.rows and (highest is None or self.rows <= highest))
        mostly = expectation.kwargs.get("mostly", 1)
        expected = self.about - self.unexpected
        return self.unexpected == 0 or expected > self.about * (mostly + _ROUNDING)

    def result(self, expectation: Expectation) -> dict[str, int]:
        """The numbers Great Expectations would return."""
        if expectation.type == _ROW_COUNT:
            return {"observed_value": self.rows}
        if expectation.type == _ROWS:
            return {"observed_value": self.unexpected}
        return {"unexpected_count": self.unexpected, "element_count": self.rows} if self.rows else {}


def holds_for_parts(expectation: Expectation) -> bool:
    """Whether the expectation holds for several loads together exactly when it holds for each of them."""
    if expectation.type == _ROWS:
        return not _NOT_ROW_BY_ROW.search(expectation.kwargs["unexpected_rows_query"])
    by_row = expectation.type in _UNEXPECTED and "mostly" not in expectation.kwargs
    return by_row and can_be_counted(expectation)


def can_be_counted(expectation: Expectation) -> bool:
    """Whether ``count_each_load`` can count the expectation's unexpected rows."""
    if expectation.type in (_ROWS, _ROW_COUNT):
        return True
    if expectation.type == _UNIQUE:
        return set(expectation.kwargs) == {"column"}
    return expectation.type in _ARGUMENTS and set(expectation.kwargs) <= _ARGUMENTS[expectation.type]


def count_each_load(
    query: Callable[[str], list[tuple[Any, ...]]],
    table: str,
    loads: Sequence[str],
    expectations: Sequence[Expectation],
) -> dict[str, list[Count]]:
    """One count per expectation, by load; every expectation must satisfy ``can_be_counted``.

    ``table`` has the rows of all ``loads`` with their ``load_id``; a load without rows has counts of 0.
    """
    aggregates = [_aggregates(expectation) for expectation in expectations]
    grouped = ", ".join(f"{u} AS u{n}, {a} AS a{n}" for n, (u, a) in enumerate(aggregates))
    columns = ", ".join(
        f"{_rows_of_a_load(_QUERIES[expectation.type](expectation.kwargs), table)}, 0"
        if expectation.type in _QUERIES
        else f"coalesce(u{n}, 0), coalesce(a{n}, 0)"
        for n, expectation in enumerate(expectations)
    )
    listed = ", ".join(f"({literal(load)})" for load in loads)
    rows = query(
        f"""
        SELECT loads.load_id, coalesce(row_count, 0), {columns}
        FROM (VALUES {listed}) AS loads(load_id)
        LEFT JOIN (SELECT load_id, count(*) AS row_count, {grouped} FROM {quoted(table)} GROUP BY load_id)
            AS counted USING (load_id)
        """
    )
    return {
        load: [Count(n, unexpected, about) for unexpected, about in zip(rest[::2], rest[1::2], strict=True)]
        for load, n, *rest in rows
    }


def _rows_of_a_load(query: str, table: str) -> str:
    rows = f"(SELECT * FROM {quoted(table)} AS of_all WHERE of_all.load_id = loads.load_id)"
    return f"(SELECT count(*) FROM ({query.replace('{batch}', rows)}))"


def _aggregates(expectation: Expectation) -> tuple[str, str]:
    """SQL for the number of unexpected rows, and for the number of rows the expectation is about."""
    if expectation.type in (*_QUERIES, _ROW_COUNT):
        return "0", "0"
    column = quoted(expectation.kwargs["column"])
    about = "count(*)" if expectation.type == "expect_column_values_to_not_be_null" else f"count({column})"
    return f"count(*) FILTER ({_UNEXPECTED[expectation.type](column, expectation.kwargs)})", about


def _outside(column: str, kwargs: Mapping[str, Any]) -> str:
    limits = (("<", kwargs.get("min_value")), (">", kwargs.get("max_value")))
    return " OR ".join(f"{column} {sign} {_value(limit)}" for sign, limit in limits if limit is not None)


def _not_in_set(column: str, kwargs: Mapping[str, Any]) -> str:
    return f"{column} NOT IN ({', '.join(map(_value, kwargs['value_set']))})"


def _value(value: object) -> str:
    return str(value) if isinstance(value, int | float) else literal(value)


def _repeated(kwargs: Mapping[str, Any]) -> str:
    column = quoted(kwargs["column"])
    return (
        f"SELECT {column} FROM (SELECT {column}, count(*) OVER (PARTITION BY {column}) AS n FROM {{batch}}"
        f" WHERE {column} IS NOT NULL) WHERE n > 1"
    )


_QUERIES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    _ROWS: lambda kwargs: str(kwargs["unexpected_rows_query"]),
    _UNIQUE: _repeated,
}
"""SQL of the unexpected rows of ``{batch}``, by expectation type; they may depend on other rows."""

_UNEXPECTED: Mapping[str, Callable[[str, Mapping[str, Any]], str]] = {
    "expect_column_values_to_not_be_null": lambda column, _: f"{column} IS NULL",
    "expect_column_values_to_be_in_set": _not_in_set,
    "expect_column_values_to_be_between": _outside,
}
"""SQL that is true for an unexpected row, by expectation type; each depends on one row only."""

_ARGUMENTS = {
    "expect_column_values_to_not_be_null": {"column", "mostly"},
    "expect_column_values_to_be_in_set": {"column", "mostly", "value_set"},
    "expect_column_values_to_be_between": {"column", "mostly", "min_value", "max_value"},
}

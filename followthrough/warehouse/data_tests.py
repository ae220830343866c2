"""The generic data tests of a table, answered by one query with the results ``dbt test`` would give.

They are declared in the models' YAML; kinds not in ``KINDS`` are left to dbt.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from followthrough.database import literal, quoted
from followthrough.errors import FollowthroughError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_PLAIN = {"where": None, "limit": None, "fail_calc": "count(*)", "warn_if": "!= 0", "error_if": "!= 0"}


def answers(connection: "DuckDBPyConnection", manifest: Any) -> list[tuple[Any, int]]:
    """Every test of a kind in ``KINDS`` on an existing table, with the number of failures dbt would count.

    A table does not exist where dbt skipped it because a test upstream failed.
    """
    there = _relations(connection)
    by_table = defaultdict(list)
    for test in _tests(manifest):
        if {_relation(manifest, node) for node in test.depends_on.nodes} <= there:
            by_table[_relation(manifest, test.attached_node)].append(test)
    return [
        answer
        for table, tests in sorted(by_table.items())
        for answer in zip(tests, _failures(connection, manifest, table, tests), strict=True)
    ]


def _failures(
    connection: "DuckDBPyConnection", manifest: Any, table: str, tests: Sequence[Any]
) -> Sequence[int]:
    counts = [KINDS[test.test_metadata.name](table, **_arguments(manifest, test)) for test in tests]
    # A scalar subquery beside an aggregate still gives one row.
    row = connection.execute(f"SELECT count(*), {', '.join(counts)} FROM {table}").fetchall()[0]
    return row[1:]


def _tests(manifest: Any) -> Iterable[Any]:
    for node in manifest.nodes.values():
        metadata = getattr(node, "test_metadata", None)
        if metadata and metadata.name in KINDS:
            _refuse_more_than_a_count(node)
            yield node


def _refuse_more_than_a_count(test: Any) -> None:
    """Raise where a test has a setting that a plain count would silently ignore."""
    asked = {name for name, plain in _PLAIN.items() if getattr(test.config, name) != plain}
    if any("{{" in str(value) for name, value in test.test_metadata.kwargs.items() if name != "model"):
        asked.add("Jinja in its arguments")
    if not test.attached_node:
        asked.add("a table that is no model or seed")
    if asked:
        raise FollowthroughError(
            f"the data test {test.name} asks for {', '.join(sorted(asked))}, which a night does not answer",
            "write it as SQL of its own under dbt_project/tests",
        )


def _arguments(manifest: Any, test: Any) -> dict[str, Any]:
    """The test's arguments from the YAML, references replaced by table names."""
    arguments = {name: value for name, value in test.test_metadata.kwargs.items() if name != "model"}
    if "to" in arguments:
        others = [node for node in test.depends_on.nodes if node != test.attached_node]
        arguments["to"] = _relation(manifest, (others or [test.attached_node])[0])
    return arguments


def _relation(manifest: Any, node: str) -> str:
    return str((manifest.nodes.get(node) or manifest.sources[node]).relation_name)


def _relations(connection: "DuckDBPyConnection") -> set[str]:
    """The names of all tables and views, as dbt writes them."""
    rows = connection.execute(
        "SELECT database_name, schema_name, table_name FROM duckdb_tables() UNION ALL "
        "SELECT database_name, schema_name, view_name FROM duckdb_views()"
    ).fetchall()
    return {".".join(map(quoted, row)) for row in rows}


def _not_null(table: str, column_name: str) -> str:
    return f"count(*) FILTER ({quoted(column_name)} IS NULL)"


def _expression_is_true(table: str, condition: str) -> str:
    return f"count(*) FILTER (NOT coalesce(({condition}), false))"


def _accepted_values(table: str, column_name: str, values: Sequence[object], quote: bool = True) -> str:
    """Counts distinct values other than the accepted ones."""
    accepted = ", ".join(literal(value) if quote else str(value) for value in values)
    return f"count(DISTINCT {quoted(column_name)}) FILTER ({quoted(column_name)} NOT IN ({accepted}))"


def _unique(table: str, column_name: str) -> str:
    """Counts distinct values that occur more than once."""
    return _repeated(f"{table} WHERE {quoted(column_name)} IS NOT NULL", [column_name])


def _unique_combination_of_columns(table: str, columns: Sequence[str]) -> str:
    return _repeated(table, columns)


def _repeated(rows: str, columns: Sequence[str]) -> str:
    key = ", ".join(map(quoted, columns))
    return f"(SELECT count(*) FROM (SELECT 1 FROM {rows} GROUP BY {key} HAVING count(*) > 1))"


def _relationships(table: str, column_name: str, to: str, field: str) -> str:
    """Counts rows whose value is not in the other table."""
    value, known = f"child.{quoted(column_name)}", f"parent.{quoted(field)}"
    orphans = f"{table} AS child ANTI JOIN {to} AS parent ON {value} = {known} WHERE {value} IS NOT NULL"
    return f"(SELECT count(*) FROM {orphans})"


KINDS: Mapping[str, Callable[..., str]] = {
    "not_null": _not_null,
    "unique": _unique,
    "accepted_values": _accepted_values,
    "relationships": _relationships,
    "expression_is_true": _expression_is_true,
    "unique_combination_of_columns": _unique_combination_of_columns,
}
"""SQL for the number of failures by kind of test, selected beside ``count(*)`` over the table."""

"""The generic data tests of a table, answered by one query with the results ``dbt test`` would give.

They are declared in the models' YAML; kinds not in ``KINDS`` are left to dbt.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from followthrough.database import literal, quoted
from followthrough.errors import FollowthroughError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_PLAIN = {"where": None, "limit": None, "fail_calc": "count(*)", "warn_if": "!= 0", "error_if": "!= 0"}


@dataclass(frozen=True)
class Answer:
    """A test and the number of failures dbt would count, among ``all_rows`` or those made anew tonight."""

    test: Any
    failures: int
    all_rows: bool


def answers(
    connection: "DuckDBPyConnection",
    manifest: Any,
    built: Collection[str] | None = None,
    all_rows: bool = True,
) -> list[Answer]:
    """The tests of a kind in ``KINDS`` on existing tables; with ``built`` only those on such a model or seed.

    Without ``all_rows`` a table of which a night makes some rows anew is asked about these. A table does not
    exist where dbt skipped it because a test upstream failed.
    """
    there = _relations(connection)
    by_table = defaultdict(list)
    for test in _tests(manifest):
        named = {manifest.nodes[key].name for key in test.depends_on.nodes if key in manifest.nodes}
        asked = built is None or not named.isdisjoint(built)
        if asked and {_relation(manifest, node) for node in test.depends_on.nodes} <= there:
            by_table[_relation(manifest, test.attached_node)].append(test)
    return [
        answer
        for table, tests in sorted(by_table.items())
        for answer in _answers(connection, manifest, table, tests, all_rows)
    ]


def _answers(
    connection: "DuckDBPyConnection", manifest: Any, table: str, tests: Sequence[Any], all_rows: bool
) -> list[Answer]:
    node = manifest.nodes.get(tests[0].attached_node)
    made_anew = {} if all_rows or node is None else node.config.meta.get("made_anew", {})
    rows = f"{table} AS asked WHERE {_is_made_anew(made_anew) if made_anew else 'true'}"
    counts = [KINDS[t.test_metadata.name](table, rows, **_arguments(manifest, t)) for t in tests]
    # A scalar subquery beside an aggregate still gives one row.
    row = connection.execute(f"SELECT count(*), {', '.join(counts)} FROM {rows}").fetchall()[0]
    pairs = zip(tests, row[1:], strict=True)
    return [Answer(test, failures, all_rows=not made_anew) for test, failures in pairs]


def _is_made_anew(made_anew: Mapping[str, Sequence[str]]) -> str:
    """SQL of whether a row of ``asked`` is one that the night made anew."""
    touched = [
        f"EXISTS (SELECT 1 FROM {table} AS touched"
        f" WHERE {' AND '.join(f'touched.{quoted(name)} = asked.{quoted(name)}' for name in key)})"
        for table, key in made_anew.items()
    ]
    return f"({' OR '.join(touched)})"


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


def _not_null(table: str, rows: str, column_name: str) -> str:
    return f"count(*) FILTER ({quoted(column_name)} IS NULL)"


def _expression_is_true(table: str, rows: str, condition: str) -> str:
    return f"count(*) FILTER (NOT coalesce(({condition}), false))"


def _accepted_values(
    table: str, rows: str, column_name: str, values: Sequence[object], quote: bool = True
) -> str:
    """Counts distinct values other than the accepted ones."""
    accepted = ", ".join(literal(value) if quote else str(value) for value in values)
    return f"count(DISTINCT {quoted(column_name)}) FILTER ({quoted(column_name)} NOT IN ({accepted}))"


def _unique(table: str, rows: str, column_name: str) -> str:
    """Counts distinct values that occur more than once."""
    return _repeated(table, f"{rows} AND {quoted(column_name)} IS NOT NULL", [column_name])


def _unique_combination_of_columns(table: str, rows: str, columns: Sequence[str]) -> str:
    return _repeated(table, rows, columns)


def _repeated(table: str, rows: str, columns: Sequence[str]) -> str:
    """Counts the keys of the rows that more than one row of the table has."""
    key = ", ".join(map(quoted, columns))
    same = " AND ".join(f"one.{quoted(name)} IS NOT DISTINCT FROM every.{quoted(name)}" for name in columns)
    asked = f"{table} AS every SEMI JOIN (SELECT {key} FROM {rows}) AS one ON {same}"
    return f"(SELECT count(*) FROM (SELECT 1 FROM {asked} GROUP BY {key} HAVING count(*) > 1))"


def _relationships(table: str, rows: str, column_name: str, to: str, field: str) -> str:
    """Counts rows whose value is not in the other table."""
    value, known = f"child.{quoted(column_name)}", f"parent.{quoted(field)}"
    orphans = (
        f"(SELECT {quoted(column_name)} FROM {rows}) AS child ANTI JOIN {to} AS parent ON {value} = {known}"
    )
    return f"(SELECT count(*) FROM {orphans} WHERE {value} IS NOT NULL)"


KINDS: Mapping[str, Callable[..., str]] = {
    "not_null": _not_null,
    "unique": _unique,
    "accepted_values": _accepted_values,
    "relationships": _relationships,
    "expression_is_true": _expression_is_true,
    "unique_combination_of_columns": _unique_combination_of_columns,
}
"""SQL for the number of failures by kind of test, selected beside ``count(*)`` over the rows asked."""

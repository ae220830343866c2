"""The candidate's two DuckDB files as one database, for us and for dbt."""

import os
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from followthrough import candidate
from followthrough.engine import connect, literal, quoted
from followthrough.errors import FollowthroughError
from followthrough.generate import DBT_PROJECT
from followthrough.paths import Home
from followthrough.settings import Settings
from followthrough.space import disk_trouble

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_NOT_NULL = "not_null"
_SEE_LOG = "see the log under dbt/logs of the data home"


@contextmanager
def opened(home: Home) -> "Iterator[DuckDBPyConnection]":
    """The candidate's private file for writing, with the public one attached as ``followthrough``."""
    folders = (home.candidate, home.accepted, home.refused)
    with connect(candidate.private_file(home), folders=folders) as connection:
        connection.execute(f"ATTACH {literal(candidate.public_file(home))} AS followthrough")
        yield connection
        connection.execute("CHECKPOINT; CHECKPOINT followthrough; DETACH followthrough")


def replace_table(
    connection: "DuckDBPyConnection",
    table: str,
    columns: Mapping[str, str],
    rows: Sequence[tuple[Any, ...]],
) -> None:
    """Make a table of these columns (name to type) hold exactly these rows.

    They go in all at once: row by row DuckDB takes 1 ms each.
    """
    import pyarrow as pa

    typed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    connection.execute(f"CREATE OR REPLACE TABLE {table} ({typed})")
    if rows:
        values = [pa.array(values) for values in zip(*rows, strict=True)]
        connection.register("given", pa.table(values, names=list(columns)))
        connection.execute(f"INSERT INTO {table} SELECT * FROM given")
        connection.unregister("given")


class Dbt:
    """dbt in this process, on the candidate; the project is parsed once for all its calls."""

    def __init__(self, settings: Settings) -> None:
        self._environment = _environment(settings)
        self._home = settings.home
        self._common = [
            "--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT),
            "--target-path", str(settings.home.dbt / "target"),
            "--log-path", str(settings.home.dbt / "logs"),
            "--no-use-colors", "--no-send-anonymous-usage-stats", "--no-print", "--no-write-json",
            "--log-level", "none", "--log-level-file", "debug",  # the console alone costs a fifth of a build
        ]  # fmt: skip
        self._manifest = self._invoke("parse", manifest=None)

    def build(self, *selection: str) -> list[dict[str, Any]]:
        """Build and test the selected models; the results of the data tests but for ``not_null``.

        A failed test is a result, for gate 2 to judge; a model that cannot be built is an error.
        """
        left_out = ["--exclude-resource-type", "unit_test", "--exclude", f"test_name:{_NOT_NULL}"]
        outcome = self._invoke("build", *selection, *left_out, manifest=self._manifest)
        results = getattr(outcome, "results", [])
        broken = [r for r in results if str(r.status) in ("error", "runtime error")]
        if broken:
            trouble = disk_trouble(OSError("\n".join(r.message or "" for r in broken)), self._home)
            if trouble:
                raise trouble
            what = "; ".join(f"{r.node.name}: {(r.message or '').splitlines()[0:1]}" for r in broken[:3])
            raise FollowthroughError(f"dbt could not build {what}", _SEE_LOG)
        tested = [r for r in results if r.node.resource_type == "test" and str(r.status) != "skipped"]
        return [_result(r.node, r.failures or 0) for r in tested]

    def document(self) -> None:
        """Write dbt's own documentation of the models, one page that needs no server; under a second.

        What is in it is the project alone: no table is asked, and no row or configured source stands in it.
        """
        self._manifest.write(str(self._home.dbt_docs.with_name("manifest.json")))
        self._invoke(
            "docs", "generate", "--static", "--empty-catalog", "--no-compile", manifest=self._manifest
        )

    def count_nulls(self) -> list[dict[str, Any]]:
        """The results of the ``not_null`` tests, by one query for each table.

        They are half of all nodes, and dbt takes its time for a node whatever that asks.
        A table that is not there was skipped for a test that failed above it, and so are its own.
        """
        tests = defaultdict(list)
        for node in self._manifest.nodes.values():
            kind = getattr(node, "test_metadata", None)
            if kind and kind.name == _NOT_NULL:
                tests[node.attached_node].append(node)
        with opened(self._home) as connection:
            there = _relations(connection)
            return [
                _result(test, nulls)
                for model, those in sorted(tests.items())
                if (relation := self._manifest.nodes[model].relation_name) in there
                for test, nulls in zip(those, _nulls(connection, relation, those), strict=True)
            ]

    def lineage(self) -> list[tuple[str, str]]:
        """Each mart with each export some of its rows may come from, sorted."""
        nodes = self._manifest.nodes
        return sorted(
            (node.name, slug)
            for node in nodes.values()
            if node.resource_type == "model" and node.fqn[1] == "marts"
            for slug in self._exports_behind(node)
        )

    def _exports_behind(self, node: Any) -> set[str]:
        waiting, seen, found = list(node.depends_on.nodes), set(), set()
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            if source := self._manifest.sources.get(name):
                found |= {source.name} if source.source_name != "run" else set()
            elif parent := self._manifest.nodes.get(name):
                waiting.extend(getattr(parent.depends_on, "nodes", ()))
        return found

    def _invoke(self, *arguments: str, manifest: Any) -> Any:
        """Call dbt and close its connections, or this process could not read the file again."""
        from dbt.cli.main import dbtRunner

        with _set(self._environment):
            try:
                outcome = dbtRunner(manifest=manifest).invoke([*arguments, *self._common])
            finally:
                _close_connections()
        if outcome.exception:
            raise FollowthroughError(f"dbt could not run: {outcome.exception}", _SEE_LOG)
        return outcome.result


def _relations(connection: "DuckDBPyConnection") -> set[str]:
    """All tables by the names dbt gives them."""
    rows = connection.execute("SELECT database_name, schema_name, table_name FROM duckdb_tables()").fetchall()
    return {".".join(map(quoted, row)) for row in rows}


def _nulls(connection: "DuckDBPyConnection", relation: str, tests: Sequence[Any]) -> list[int]:
    counts = ", ".join(f"count(*) FILTER ({quoted(test.column_name)} IS NULL)" for test in tests)
    return list(connection.execute(f"SELECT {counts} FROM {relation}").fetchall()[0])


def _result(test: Any, failures: int) -> dict[str, Any]:
    """What gate 2 is told of a data test; one whose severity is ``warn`` is no reason to refuse."""
    return {
        "name": test.name,
        "model": (getattr(test, "attached_node", None) or "").split(".")[-1],
        "severity": "warning" if failures and str(test.config.severity).lower() == "warn" else "critical",
        "passed": not failures,
        "failures": failures,
    }


def _environment(settings: Settings) -> dict[str, str]:
    """What the dbt project reads; paths of its own are relative, as dbt wants them."""
    environment = {
        "FOLLOWTHROUGH_CANDIDATE": str(settings.home.candidate),
        "FOLLOWTHROUGH_BRONZE": str(settings.home.accepted),
        "FOLLOWTHROUGH_SEEDS": str(DBT_PROJECT / "seeds"),
        "DO_NOT_TRACK": "1",
    }
    if settings.outside:
        generated = settings.home.generated / "macros" / "generated"
        environment["FOLLOWTHROUGH_GENERATED"] = os.path.relpath(generated, DBT_PROJECT)
        models = [settings.home.generated / "models", *(folder / "models" for folder in settings.outside)]
        environment["FOLLOWTHROUGH_OUTSIDE_MODELS"] = os.pathsep.join(
            os.path.relpath(folder, DBT_PROJECT) for folder in models
        )
    return environment


@contextmanager
def _set(variables: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables for a while: what one run needs must not reach the next."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _close_connections() -> None:
    manager = sys.modules.get("dbt.adapters.duckdb.connections")
    if manager:
        manager.DuckDBConnectionManager.close_all_connections()

"""The candidate's two DuckDB files opened as one database, and dbt run on them."""

import os
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from followthrough.database import connect, literal
from followthrough.errors import FollowthroughError
from followthrough.paths import DBT_PROJECT, Home
from followthrough.runs.disk_space import disk_error
from followthrough.settings import Settings
from followthrough.versions import candidate
from followthrough.warehouse import data_tests

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SEE_LOG = "see the log under dbt/logs of the data home"


@contextmanager
def opened(home: Home) -> "Iterator[DuckDBPyConnection]":
    """The candidate's private file, writable, with the public one attached as ``followthrough``.

    ``parent`` is the private file of the parent, where the build continues one.
    """
    folders = (home.candidate, home.accepted, home.refused)
    with connect(candidate.private_file(home), folders=folders) as connection:
        connection.execute(f"ATTACH {literal(candidate.public_file(home))} AS followthrough")
        candidate.attach_parent(connection.execute, home.candidate)
        yield connection
        connection.execute("CHECKPOINT; CHECKPOINT followthrough; DETACH followthrough")


def replace_table(
    connection: "DuckDBPyConnection",
    table: str,
    columns: Mapping[str, str],
    rows: Sequence[tuple[Any, ...]],
) -> None:
    """Replace a table by one with these columns (name to type) and exactly these rows."""
    # All rows are inserted at once: one by one, DuckDB takes 1 ms for each.
    import pyarrow as pa

    typed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    connection.execute(f"CREATE OR REPLACE TABLE {table} ({typed})")
    if rows:
        values = [pa.array(values) for values in zip(*rows, strict=True)]
        connection.register("given", pa.table(values, names=list(columns)))
        connection.execute(f"INSERT INTO {table} SELECT * FROM given")
        connection.unregister("given")


class Dbt:
    """dbt in this process, on the candidate; the project is parsed once for all calls."""

    def __init__(self, settings: Settings) -> None:
        self._environment = _environment(settings)
        self._home = settings.home
        self._common = [
            "--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT),
            "--target-path", str(settings.home.dbt / "target"),
            "--log-path", str(settings.home.dbt / "logs"),
            "--no-use-colors", "--no-send-anonymous-usage-stats", "--no-print", "--no-write-json",
            "--log-level", "none", "--log-level-file", "info",  # the console alone costs a fifth of a build
        ]  # fmt: skip
        self._manifest = self._invoke("parse", manifest=None)
        self._models = _without_answered_tests(self._manifest)

    def build(self, names: Collection[str]) -> list[dict[str, Any]]:
        """Build these models and seeds; the results of their tests, except those ``data_tests`` answers.

        A failed test is a result that gate 2 evaluates; a model that cannot be built is an error.
        """
        if not names:
            return []
        outcome = self._invoke("build", "--select", *sorted(names), manifest=self._models)
        results = getattr(outcome, "results", [])
        broken = [r for r in results if str(r.status) in ("error", "runtime error")]
        if broken:
            full = disk_error(OSError("\n".join(r.message or "" for r in broken)), self._home)
            if full:
                raise full
            what = "; ".join(f"{r.node.name}: {(r.message or '').splitlines()[0:1]}" for r in broken[:3])
            raise FollowthroughError(f"dbt could not build {what}", _SEE_LOG)
        tested = [r for r in results if r.node.resource_type == "test" and str(r.status) != "skipped"]
        return [_result(r.node, r.failures or 0) for r in tested]

    def document(self) -> None:
        """Write dbt's documentation of the models as one static page; takes under a second.

        It is made from the project only, without querying tables, so it holds no rows and no configured
        source.
        """
        self._manifest.write(str(self._home.dbt_docs.with_name("manifest.json")))
        self._invoke(
            "docs", "generate", "--static", "--empty-catalog", "--no-compile", manifest=self._manifest
        )

    def test(self, built: Collection[str] | None = None, all_rows: bool = True) -> list[dict[str, Any]]:
        """The results of the data tests that ``build`` leaves out, from one query per table.

        With ``built`` only tests that name such a model; without ``all_rows`` on rows made anew tonight.
        """
        # Most nodes are such tests, and dbt has a fixed cost per node.
        with opened(self._home) as connection:
            answers = data_tests.answers(connection, self._manifest, built, all_rows)
        return [_result(one.test, one.failures, one.all_rows) for one in answers]

    @property
    def manifest(self) -> Any:
        """The parsed project, without unit tests and the tests that ``data_tests`` answers."""
        return self._models

    def _invoke(self, *arguments: str, manifest: Any) -> Any:
        """Call dbt and close its connections."""
        # With them open this process could not open the file again.
        from dbt.cli.main import dbtRunner

        with _set(self._environment):
            try:
                outcome = dbtRunner(manifest=manifest).invoke([*arguments, *self._common])
            finally:
                _close_connections()
        if outcome.exception:
            raise FollowthroughError(f"dbt could not run: {outcome.exception}", _SEE_LOG)
        return outcome.result


def _without_answered_tests(manifest: Any) -> Any:
    """The manifest without unit tests and the tests ``data_tests`` answers.

    dbt puts every node of a manifest into its graph, whatever is selected.
    """
    lean = object.__new__(type(manifest))  # its own way to be copied mixes up its look-up tables
    vars(lean).update(vars(manifest))
    lean.unit_tests = {}
    lean.nodes = {
        key: node
        for key, node in manifest.nodes.items()
        if getattr(getattr(node, "test_metadata", None), "name", None) not in data_tests.KINDS
    }
    return lean


def _result(test: Any, failures: int, all_rows: bool = True) -> dict[str, Any]:
    """A data test's result for gate 2; a failed test of severity ``warn`` is no reason to refuse."""
    found = f"{failures} rows" if failures else ""
    return {
        "name": test.name,
        "model": (getattr(test, "attached_node", None) or "").split(".")[-1],
        "severity": "warning" if failures and str(test.config.severity).lower() == "warn" else "critical",
        "passed": not failures,
        "failures": failures,
        "observed": found if all_rows else f"{found or 'none'} of tonight's rows",
    }


def _environment(settings: Settings) -> dict[str, str]:
    """The environment variables the dbt project reads; paths in the project are relative, as dbt requires."""
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
    """Set environment variables for the block and restore them, so that runs do not affect each other."""
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

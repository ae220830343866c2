"""The candidate's two DuckDB files as one database, for us and for dbt."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from followthrough import candidate
from followthrough.engine import connect, literal
from followthrough.errors import FollowthroughError
from followthrough.generate import DBT_PROJECT
from followthrough.paths import Home
from followthrough.settings import Settings

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@contextmanager
def opened(home: Home) -> "Iterator[DuckDBPyConnection]":
    """The candidate's private file for writing, with the public one attached as ``followthrough``."""
    folders = (home.candidate, home.root)
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
    """Make a table of these columns (name to type) hold exactly these rows."""
    typed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    connection.execute(f"CREATE OR REPLACE TABLE {table} ({typed})")
    if rows:
        marks = ", ".join("?" * len(columns))
        connection.executemany(f"INSERT INTO {table} VALUES ({marks})", list(rows))


def dbt(settings: Settings, *arguments: str) -> list[dict[str, Any]]:
    """Run dbt in this process on the candidate; the results of the data tests it ran.

    A failed test is a result, for gate 2 to judge; a model that cannot be built is an error. The
    connections are closed afterwards, or the same process could not read the file again.
    """
    from dbt.cli.main import dbtRunner

    os.environ.update(_environment(settings))
    common = [
        "--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT),
        "--target-path", str(settings.home.dbt / "target"), "--log-path", str(settings.home.dbt / "logs"),
        "--no-use-colors", "--no-send-anonymous-usage-stats", "--quiet", "--no-print",
        "--exclude-resource-type", "unit_test",
    ]  # fmt: skip
    try:
        outcome = dbtRunner().invoke([*arguments, *common])
    finally:
        _close_connections()
    if outcome.exception:
        raise FollowthroughError(
            f"dbt could not run: {outcome.exception}", "see the log under <home>/dbt/logs"
        )
    results = getattr(outcome.result, "results", [])
    broken = [r for r in results if str(r.status) in ("error", "runtime error")]
    if broken:
        what = "; ".join(f"{r.node.name}: {(r.message or '').splitlines()[0:1]}" for r in broken[:3])
        raise FollowthroughError(f"dbt could not build {what}", "see the log under <home>/dbt/logs")
    return [_test(r) for r in results if r.node.resource_type == "test" and str(r.status) != "skipped"]


def _test(result: Any) -> dict[str, Any]:
    status = str(result.status)
    return {
        "name": result.node.name,
        "model": (result.node.attached_node or "").split(".")[-1],
        "severity": "warning" if status == "warn" else "critical",
        "passed": status == "pass",
        "failures": result.failures or 0,
    }


def _environment(settings: Settings) -> dict[str, str]:
    """What the dbt project reads; paths of its own are relative, as dbt wants them."""
    environment = {
        "FOLLOWTHROUGH_CANDIDATE": str(settings.home.candidate),
        "DO_NOT_TRACK": "1",
    }
    if settings.outside:
        generated = settings.home.generated / "macros" / "generated"
        environment["FOLLOWTHROUGH_GENERATED"] = os.path.relpath(generated, DBT_PROJECT)
        models = os.path.relpath(settings.outside[0] / "models", DBT_PROJECT)
        environment["FOLLOWTHROUGH_OUTSIDE_MODELS"] = models
    return environment


def _close_connections() -> None:
    manager = sys.modules.get("dbt.adapters.duckdb.connections")
    if manager:
        manager.DuckDBConnectionManager.close_all_connections()

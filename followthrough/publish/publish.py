"""Publish the candidate as the new version, by switching one pointer."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from followthrough.database import connect, quoted
from followthrough.errors import FollowthroughError, Superseded
from followthrough.index import folders, lines
from followthrough.paths import Home, sync_file, sync_folder, write_atomically
from followthrough.publish import bi_views, parquet, trust
from followthrough.publish.catalogue import published
from followthrough.runs.journal import Run
from followthrough.settings import Settings
from followthrough.versions import candidate, recovery
from followthrough.versions.history import Manifest, head, keep, next_version, published_by, versions
from followthrough.warehouse import dbt_runner

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SCHEMAS = ("marts", "trust")
KEEP_PRIVATE = 3
KEEP_PUBLISHED = 7
_MODULUS = 1 << 64


def publish_candidate(settings: Settings, run: Run) -> Manifest:
    """Publish this run's candidate and return its manifest; repeated calls return the same version.

    Raises Superseded if the candidate did not pass gate 2, or another version was published meanwhile.
    """
    home = settings.home
    recovery.finish(home)
    current = head(home)
    done = None if home.candidate.exists() else published_by(home, run.run_id)
    if done:
        return done
    planned = candidate.read(home, run)
    if planned.checks is None:
        raise Superseded("the candidate has not passed gate 2", "run the night again")
    if planned.parent != (current.version if current else None):
        raise Superseded("another version was published meanwhile", "run the night again")
    described = published()
    with dbt_runner.opened(home) as connection:
        known = trust.write(connection, settings, planned, run.run_at)
    bi_views.write(candidate.public_file(home), described.values())
    dates = {name: table.business_date for name, table in described.items() if table.business_date}
    tables = summarise(candidate.public_file(home), dates)
    manifest = Manifest(
        version=next_version(home, date.fromisoformat(planned.night)),
        night=planned.night,
        parent=planned.parent,
        created_at=run.run_at.isoformat(),
        run_id=run.run_id,
        fingerprint=planned.fingerprint,
        key_fingerprint=planned.key_fingerprint,
        loads=planned.loads,
        tables=tables,
        **asdict(known),
    )
    folder = _set_out(home, manifest, dates, current)
    _audit(folder, manifest, dates)
    switch(home, manifest.version)
    keep(home, manifest)
    _prune(home)
    folders.save(home)
    lines.save(home)
    return manifest


def summarise(database: Path, dates: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Row count and order-independent hash of every published table, and per month of those in ``dates``.

    The hash is the sums of the two 64-bit halves of the md5 of each row's text, modulo 2^64; those of a
    table's months add up to its own. ``dates`` gives the business date column by ``schema.table``.
    """
    with connect(database, read_only=True) as connection:
        names = connection.execute(
            f"""SELECT table_schema, table_name FROM information_schema.tables
            WHERE table_schema IN {SCHEMAS} ORDER BY ALL"""
        ).fetchall()
        return {
            f"{schema}.{name}": _summarise(connection, schema, name, dates.get(f"{schema}.{name}", ""))
            for schema, name in names
        }


def switch(home: Home, version: str) -> None:
    """Point readers at a version by an atomic rename: they see either the old or the new one."""
    beside = home.published / ".current"
    beside.unlink(missing_ok=True)
    beside.symlink_to(version)
    beside.replace(home.current)
    sync_folder(home.published)


def _summarise(
    connection: "DuckDBPyConnection", schema: str, name: str, date_column: str = ""
) -> dict[str, Any]:
    table = f"{quoted(schema)}.{quoted(name)}"
    columns = [row[0] for row in connection.execute(f"DESCRIBE {table}").fetchall()]
    text = " || '|' || ".join(
        rf"coalesce(replace(replace({quoted(c)}::VARCHAR, '\', '\\'), '|', '\|'), '\N')" for c in columns
    )
    halves = ", ".join(
        f"coalesce(sum(('0x' || substr(digest, {start}, 16))::UBIGINT), 0)" for start in (1, 17)
    )
    month = parquet.month_of(date_column) if date_column else "''"
    parts = connection.execute(
        f"""SELECT month, count(*), {halves}
        FROM (SELECT {month} AS month, md5({text}) AS digest FROM {table}) GROUP BY month ORDER BY month"""
    ).fetchall()
    summary = {
        "rows": sum(rows for _, rows, _, _ in parts),
        "rows_hash": _hash(sum(first for _, _, first, _ in parts), sum(second for _, _, _, second in parts)),
    }
    if date_column:
        summary["months"] = {part: _hash(first, second) for part, _, first, second in parts}
    return summary


def _hash(first: int, second: int) -> str:
    return f"{int(first) % _MODULUS:016x}{int(second) % _MODULUS:016x}"


def _set_out(home: Home, manifest: Manifest, dates: Mapping[str, str], current: Manifest | None) -> Path:
    """Write the files of the version into their final folder, which readers do not see before the switch."""
    private = home.private(manifest.version)
    folder = home.published / manifest.version
    for path in (private.parent, folder):
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir()
    private.parent.chmod(0o700)
    for source, target in (
        (candidate.private_file(home), private),
        (candidate.public_file(home), folder / "followthrough.duckdb"),
    ):
        sync_file(source)
        os.replace(source, target)
    (folder / "followthrough.duckdb").chmod(0o444)
    same_columns = current if current and current.fingerprint == manifest.fingerprint else None
    before = (home.published / same_columns.version, same_columns.tables) if same_columns else None
    parquet.write(folder, manifest.tables, dates, before)
    write_atomically(folder / "manifest.json", manifest.to_json().encode(), mode=0o644)
    for path in (private.parent, folder, home.published):
        sync_folder(path)
    candidate.drop(home)
    return folder


def _audit(folder: Path, manifest: Manifest, dates: Mapping[str, str]) -> None:
    if summarise(folder / "followthrough.duckdb", dates) != manifest.tables:
        raise FollowthroughError(
            f"{folder} does not hold what was built", "run the night again; check the disk"
        )


def _prune(home: Home) -> None:
    """Delete all but the newest versions."""
    # Deleted versions can be rebuilt from landing and history.
    known = versions(home)
    for version in known[:-KEEP_PRIVATE]:
        shutil.rmtree(home.private(version).parent, ignore_errors=True)
    current = os.readlink(home.current)
    for version in known[:-KEEP_PUBLISHED]:
        if version != current:
            shutil.rmtree(home.published / version, ignore_errors=True)

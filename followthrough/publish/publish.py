"""Publish the candidate as the new version, by switching one pointer."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

from followthrough.database import connect
from followthrough.errors import FollowthroughError, Superseded
from followthrough.index import folders, lines
from followthrough.paths import Home, sha256_of, sync_file, sync_folder, write_atomically
from followthrough.publish import bi_views, parquet, trust
from followthrough.publish.catalogue import published
from followthrough.publish.summaries import published_tables, read_known, save_known, summarise
from followthrough.runs.journal import Run
from followthrough.settings import Settings
from followthrough.versions import candidate, recovery
from followthrough.versions.compaction import compact
from followthrough.versions.history import Manifest, head, keep, next_version, published_by, versions
from followthrough.warehouse import dbt_runner

KEEP_PRIVATE = 3
KEEP_PUBLISHED = 7


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
    for database in (candidate.private_file(home), candidate.public_file(home)):
        compact(database)
    bi_views.write(candidate.public_file(home), described.values())
    dates = {name: table.business_date for name, table in described.items() if table.business_date}
    hashes = read_known(home)
    tables = summarise(candidate.public_file(home), dates, hashes)
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
    manifest = _set_out(home, manifest, dates, current)
    _audit(home.published / manifest.version, manifest)
    switch(home, manifest.version)
    keep(home, manifest)
    _prune(home)
    save_known(home, hashes)
    folders.save(home)
    lines.save(home)
    return manifest


def switch(home: Home, version: str) -> None:
    """Point readers at a version by an atomic rename: they see either the old or the new one."""
    beside = home.published / ".current"
    beside.unlink(missing_ok=True)
    beside.symlink_to(version)
    beside.replace(home.current)
    sync_folder(home.published)


def _set_out(home: Home, manifest: Manifest, dates: Mapping[str, str], current: Manifest | None) -> Manifest:
    """Write the files of the version into their final folder, which readers do not see before the switch.

    Returns the manifest as it is written, with the hashes of the files.
    """
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
    manifest = replace(manifest, files=_file_hashes(home, folder, current))
    write_atomically(folder / "manifest.json", manifest.to_json().encode(), mode=0o644)
    for path in (private.parent, folder, home.published):
        sync_folder(path)
    candidate.drop(home)
    return manifest


def _file_hashes(home: Home, folder: Path, current: Manifest | None) -> dict[str, str]:
    """The sha256 of every file of the version; a file linked from the current version has that one's."""
    hashes = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        before = home.published / current.version / name if current and name in current.files else None
        if current and before and before.exists() and before.samefile(path):
            hashes[name] = current.files[name]
        else:
            hashes[name] = sha256_of(path)
    return hashes


def _audit(folder: Path, manifest: Manifest) -> None:
    """Raise FollowthroughError unless the file in its place opens and has the rows that were hashed."""
    # Only its name has changed since the hashing, so its rows are counted and not hashed once more.
    with connect(folder / "followthrough.duckdb", read_only=True) as connection:
        rows = {
            name: connection.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0]
            for name in published_tables(connection)
        }
    if rows != {name: summary["rows"] for name, summary in manifest.tables.items()}:
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

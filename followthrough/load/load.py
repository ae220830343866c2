"""Loads landed files into typed rows: accepted, quarantined, or excluded by a named rule."""

import os
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from followthrough.contracts.export import Export, Table
from followthrough.database import connect, literal, quoted
from followthrough.errors import ConfigError
from followthrough.ingest.archive_members import landed_with_members, remember
from followthrough.ingest.landing import Landed
from followthrough.load import hmac_key
from followthrough.load.column_sql import typed
from followthrough.load.receipts import (
    UNKNOWN,
    Receipt,
    current_versions,
    load_id,
    receipts,
    unknown_version,
    whole_loads,
    write,
)
from followthrough.load.validate_rows import validate_rows
from followthrough.parse.archives import Member, is_archive, unpack
from followthrough.parse.decode import decode
from followthrough.parse.detect import Recognised, choose
from followthrough.parse.file_errors import FileRefused
from followthrough.parse.forms import export_of_form, refuse_another_form
from followthrough.parse.header import added
from followthrough.parse.stored_rows import Rows
from followthrough.paths import Home, sync_file
from followthrough.settings import Settings, Source

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


_MEMORY = "1GB"
"""Memory limit for a file with a table; a single JSON document may need more, so it has none."""


@dataclass(frozen=True)
class Loaded:
    """Numbers of files this step read, of their rows by result, and of refused files."""

    files: int
    rows: int
    accepted: int
    quarantined: int
    excluded: int
    refused: int


def load_platform(settings: Settings, platform: str) -> Loaded:
    """Load every landed file of the platform that has no load under the current contract version.

    Loading a file again gives the same rows in the same order. A file that cannot be loaded is refused in
    its receipt and does not affect the others.
    """
    key = hmac_key.read_key(settings.home)
    _refuse_other_key(settings, key)
    made = _load_all(settings, _unread(settings, platform), key)
    return Loaded(
        files=len(made),
        rows=sum(r.rows for r in made),
        accepted=sum(r.accepted for r in made),
        quarantined=sum(r.quarantined for r in made),
        excluded=sum(sum(r.excluded.values()) for r in made),
        refused=sum(bool(r.refused) for r in made),
    )


def _load_all(settings: Settings, unread: Sequence[tuple[Source, Landed]], key: bytes) -> list[Receipt]:
    """The receipts of all files; unexpected errors are raised together once all files have been tried."""
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        tried = [pool.submit(_load_contents, settings, source, file, key) for source, file in unread]
    faults = [fault for each in tried if isinstance(fault := each.exception(), Exception)]
    if faults:
        raise ExceptionGroup("files that could not be read; the others were", faults)
    return [receipt for each in tried for receipt in each.result()]


def _refuse_other_key(settings: Settings, key: bytes) -> None:
    """Raise ConfigError if the home was made with another key."""
    # Rows hashed with different keys cannot be matched.
    made_with = next((r.key_fingerprint for r in receipts(settings.home)), hmac_key.fingerprint(key))
    if made_with != hmac_key.fingerprint(key):
        raise ConfigError(
            "the HMAC key is not the one this home was made with", "restore the key; people cannot be matched"
        )


def _unread(settings: Settings, platform: str) -> list[tuple[Source, Landed]]:
    """Landed files that, or members of which, have no load under a current contract version."""
    sources, versions = settings.sources_of(platform), current_versions(settings.exports.values())
    readings = {source.id: source.reading for source in sources}
    read = {
        (receipt.source_id, receipt.sha256)
        for receipt in whole_loads(settings.home)
        if readings.get(receipt.source_id) == receipt.reading
        and versions.get(receipt.slug) == receipt.contract_version
    }
    return [
        (source, file)
        for source in sources
        for file, members in landed_with_members(settings.home, source.id)
        if not all((source.id, each.sha256) in read for each in members)
    ]


def _load_contents(settings: Settings, source: Source, file: Landed, key: bytes) -> list[Receipt]:
    """The receipts of a landed file, or of every member of an archive; a bad archive is refused whole."""
    with tempfile.TemporaryDirectory(dir=settings.home.root, prefix=".loading.") as folder:
        if not is_archive(file.path):
            itself = Member(file.name, file.path, file.sha256)
            return [_load(settings, source, itself, key, Path(folder))]
        try:
            members = unpack(file.path, file.name, Path(folder))
        except FileRefused as refusal:
            receipt = _unknown(settings, source, Member(file.name, file.path, file.sha256), key)
            receipt = replace(receipt, refused=refusal.words)
            write(settings.home, receipt)
            return [receipt]
        remember(settings.home, file, members)
        different = {member.sha256: member for member in members}.values()
        return [_load(settings, source, member, key, Path(folder)) for member in different]


def _load(settings: Settings, source: Source, file: Member, key: bytes, folder: Path) -> Receipt:
    home, work = settings.home, folder / f"of_{file.sha256}"
    work.mkdir()
    receipt = _unknown(settings, source, file, key)
    try:
        text, found = choose(decode(file.path, work / "text"), settings.exports.values())
        found = replace(found, export=export_of_form(found.export, source.form))
        export = found.export
        receipt = _receipt(source, file, export.slug, export.version, key)
        receipt = replace(receipt, encoding=text.encoding)
        _refuse_stranger(source, export)
        refuse_another_form(text.path, found, source.form, source.id)
        memory = _MEMORY if isinstance(export.format, Table) else ""
        with connect(folders=(work,), memory=memory) as connection:
            rows = validate_rows(connection, text, found, source.issuers, key)
            receipt = _count(connection, receipt, export, rows, found)
            _store(connection, home, receipt, export, work)
    except FileRefused as refusal:
        receipt = replace(receipt, refused=refusal.words)
    write(home, receipt)
    return receipt


def _unknown(settings: Settings, source: Source, file: Member, key: bytes) -> Receipt:
    return _receipt(source, file, UNKNOWN, unknown_version(settings.exports.values()), key)


def _receipt(source: Source, file: Member, slug: str, version: int, key: bytes) -> Receipt:
    return Receipt(
        load_id=load_id(source.id, file.sha256, slug, version, source.reading),
        source_id=source.id,
        sha256=file.sha256,
        slug=slug,
        contract_version=version,
        name=file.name,
        key_fingerprint=hmac_key.fingerprint(key),
        reading=source.reading,
    )


def _refuse_stranger(source: Source, export: Export) -> None:
    if export.platform != source.platform:
        raise FileRefused(
            "wrong_source",
            label=export.label,
            slug=export.slug,
            source=source.id,
            platform=source.platform,
            right=export.platform,
        )


_DAYS = 62
_ACCEPTED = "excluded IS NULL AND len(problems) = 0"


def _count(
    connection: "DuckDBPyConnection", receipt: Receipt, export: Export, rows: Rows, found: Recognised
) -> Receipt:
    excluded = dict(
        _pairs(connection, "SELECT excluded, count(*) FROM validated WHERE excluded IS NOT NULL GROUP BY 1")
    )
    reasons = _pairs(
        connection,
        """SELECT reason, count(*) FROM (
            SELECT DISTINCT record, unnest(problems).reason AS reason FROM validated WHERE excluded IS NULL
            UNION ALL SELECT record, reason FROM broken) GROUP BY 1 ORDER BY 1""",
    )
    event_at = quoted(export.event_at) if export.event_at else "NULL"
    first, last, accepted, refused = connection.execute(
        f"""SELECT min({event_at})::DATE::VARCHAR, max({event_at})::DATE::VARCHAR, count(*),
            (SELECT count(*) FROM validated WHERE excluded IS NULL AND len(problems) > 0)
                + (SELECT count(*) FROM broken)
        FROM validated WHERE {_ACCEPTED}"""
    ).fetchall()[0]
    days = connection.execute(
        f"""SELECT DISTINCT {event_at}::DATE::VARCHAR AS day FROM validated
        WHERE {_ACCEPTED} AND {event_at} IS NOT NULL ORDER BY day DESC LIMIT {_DAYS}"""
    ).fetchall()
    present = set(found.names)
    counted = replace(
        receipt,
        rows=rows.total,
        accepted=accepted,
        quarantined=refused,
        excluded={**rows.outside, **excluded},
        reasons=dict(reasons),
        absent=tuple(c.name for c in export.columns if present and not c.sql and not present & set(c.source)),
        added=added(export, found.names),
        covers=(first, last) if first else None,
        days=tuple(sorted(day for (day,) in days)),
        declared=_declared(connection, export, rows),
        measured=_measured(connection, export, rows),
    )
    if counted.rows != accepted + refused + sum(counted.excluded.values()):
        raise FileRefused("rows_lost", rows=counted.rows)
    return counted


def _declared(connection: "DuckDBPyConnection", export: Export, rows: Rows) -> dict[str, int]:
    values = {}
    for total in export.totals:
        if total.name in rows.declared:
            text = literal(rows.declared[total.name])
            values[total.name] = _one(connection, f"SELECT {typed(total.type, text)}")
    return {name: value for name, value in values.items() if value is not None}


def _measured(connection: "DuckDBPyConnection", export: Export, rows: Rows) -> dict[str, int]:
    return {
        total.name: _one(
            connection,
            f"SELECT coalesce({total.measure}, 0) FROM validated WHERE {total.whole} OR ({_ACCEPTED})",
        )
        or 0
        for total in export.totals
        if total.name in rows.declared
    }


def _store(
    connection: "DuckDBPyConnection", home: Home, receipt: Receipt, export: Export, work: Path
) -> None:
    columns = ", ".join(quoted(c.name) for c in export.columns)
    if export.ordinal:
        within, name = quoted(export.ordinal.within), quoted(export.ordinal.name)
        columns += f", row_number() OVER (PARTITION BY {within} ORDER BY record) AS {name}"
    accepted = f"""
        SELECT {literal(receipt.load_id)} AS load_id, record AS row_number, {columns}
        FROM validated WHERE {_ACCEPTED}{" ORDER BY record" if export.ordinal else ""}"""
    _copy_out(connection, accepted, work / "bronze", home.bronze(receipt.slug, receipt.load_id))
    if receipt.quarantined:
        refused = f"""
            SELECT {literal(receipt.load_id)} AS load_id, record AS row_number, line,
                problem.reason AS reason, problem.column AS "column"
            FROM (SELECT record, line, unnest(problems) AS problem FROM validated WHERE excluded IS NULL)
            UNION ALL SELECT {literal(receipt.load_id)}, record, line, reason, NULL FROM broken
            ORDER BY row_number, "column" """
        _copy_out(connection, refused, work / "quarantine", home.quarantine(receipt.slug, receipt.load_id))


def _copy_out(connection: "DuckDBPyConnection", query: str, beside: Path, target: Path) -> None:
    connection.execute(f"COPY ({query}) TO {literal(beside)} (FORMAT parquet, COMPRESSION zstd)")
    beside.chmod(0o600)
    sync_file(beside)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside.replace(target)


def _pairs(connection: "DuckDBPyConnection", query: str) -> list[tuple[str, int]]:
    return [(row[0], row[1]) for row in connection.execute(query).fetchall()]


def _one(connection: "DuckDBPyConnection", query: str) -> int | None:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row and row[0] is not None else None

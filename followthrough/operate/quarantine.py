"""Refused rows with their raw text, for people who may read the landing zone."""

import os
import tempfile
from pathlib import Path

from followthrough.database import connect, literal
from followthrough.errors import FollowthroughError
from followthrough.ingest.archive_members import contents
from followthrough.ingest.landing import Landed
from followthrough.load.receipts import Receipt, receipts
from followthrough.parse.archives import is_archive, unpack
from followthrough.parse.decode import decode
from followthrough.parse.detect import choose
from followthrough.parse.rows import read
from followthrough.settings import Settings


def quarantined(settings: Settings, load_id: str) -> str:
    """The refused rows of a load, each with line, reason, column and its raw text.

    The text is read from the landed file and stored nowhere else. Raises FollowthroughError for an unknown
    load, and for a user who may not read the landing zone.
    """
    if not os.access(settings.home.landing, os.R_OK | os.X_OK):
        raise FollowthroughError(
            f"{settings.home.landing} is not yours to read", "ask whoever runs the night to look"
        )
    receipt = next((r for r in receipts(settings.home) if r.load_id == load_id), None)
    if receipt is None:
        raise FollowthroughError(f"there is no load {load_id}", "see trust.loads for their names")
    if receipt.refused:
        why, why_zh = receipt.refused["message"], receipt.refused.get("message_zh", "")
        return f"{receipt.name} was refused as a whole: {why}\n{why_zh}"
    if not receipt.quarantined:
        return f"{receipt.name}: no row was refused"
    raw = _raw_rows(settings, receipt)
    lines = [f"{receipt.name} ({receipt.slug}): {receipt.quarantined} rows refused"]
    for line, reason, column in _refused(settings, receipt):
        lines.append(f"line {line}: {reason}{f' in {column}' if column else ''}")
        lines.append(f"  {raw.get(line, '')}")
    return "\n".join(lines)


def _refused(settings: Settings, receipt: Receipt) -> list[tuple[int, str, str | None]]:
    path = settings.home.quarantine(receipt.slug, receipt.load_id)
    with connect(folders=(path.parent,)) as connection:
        return connection.execute(
            f'SELECT line, reason, "column" FROM read_parquet({literal(path)}) ORDER BY line, 3'
        ).fetchall()


def _raw_rows(settings: Settings, receipt: Receipt) -> dict[int, str]:
    """Raw text by line number; for JSON, the record by its number."""
    landed = next(
        file for file in contents(settings.home, receipt.source_id) if file.sha256 == receipt.sha256
    )
    with tempfile.TemporaryDirectory() as folder:
        text, found = choose(
            decode(_file_of(landed, Path(folder)), Path(folder) / "text"), settings.exports.values()
        )
        if found.header_line:
            with text.path.open(encoding="utf-8") as file:
                return {number: line.rstrip("\n") for number, line in enumerate(file, start=1)}
        with connect(folders=(Path(folder),)) as connection:
            read(connection, text, found)
            return dict(connection.execute("SELECT line, row::VARCHAR FROM cells").fetchall())


def _file_of(landed: Landed, folder: Path) -> Path:
    if not is_archive(landed.path):
        return landed.path
    members = unpack(landed.path, landed.name, folder)
    return next(member.path for member in members if member.sha256 == landed.sha256)

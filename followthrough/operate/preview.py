"""Show how a file would be recognised before it is delivered: its export, columns and first rows, typed."""

import secrets
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from followthrough.database import connect, quoted
from followthrough.load.validate_rows import validate_rows
from followthrough.parse.archives import Member, is_archive, unpack
from followthrough.parse.decode import decode
from followthrough.parse.detect import Recognised, choose
from followthrough.parse.file_errors import FileRefused
from followthrough.parse.forms import export_of_form
from followthrough.parse.header import added
from followthrough.settings import Settings

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_FIRST = 5
_HASH_SHOWN = 8


def preview(settings: Settings, path: Path) -> str:
    """Describe a file, or each member of an archive; nothing is stored.

    Identifiers are shown as the start of a hash whose key is made for this call only.
    """
    with tempfile.TemporaryDirectory() as folder:
        try:
            members = [Member(path.name, path, "")]
            if is_archive(path):
                members = unpack(path, path.name, Path(folder))
        except FileRefused as refusal:
            return "\n".join(_refusal(path.name, refusal))
        return "\n\n".join(
            "\n".join(_lines(settings, member, Path(folder) / f"of_{place}"))
            for place, member in enumerate(members)
        )


def _lines(settings: Settings, member: Member, work: Path) -> Iterator[str]:
    work.mkdir()
    try:
        text, found = choose(decode(member.path, work / "text"), settings.exports.values())
        found = replace(found, export=export_of_form(found.export, {}))
        export = found.export
        yield f"{member.name}: {export.label} ({export.slug}, contract {export.version}), {text.encoding}"
        if settings.platforms[export.platform].forms:
            yield "  which field asks what its source says (form = … in sources.toml), so it is not shown"
        if found.header_line:
            yield f"  header in line {found.header_line}{f' of sheet {text.sheet}' if text.sheet else ''}"
        with connect(folders=(work,)) as connection:
            issuers = {name: name for name in settings.platforms[export.platform].settings}
            rows = validate_rows(connection, text, found, issuers, secrets.token_bytes(32))
            yield from _counts(connection, found, rows.total, sum(rows.outside.values()))
            yield from _rows(connection, found)
    except FileRefused as refusal:
        yield from _refusal(member.name, refusal)


def _refusal(name: str, refusal: FileRefused) -> Iterator[str]:
    yield f"{name}: {refusal}"
    yield f"  {refusal.words['message_zh']}。{refusal.words['remedy_zh']}。"


def _counts(connection: "DuckDBPyConnection", found: Recognised, total: int, outside: int) -> Iterator[str]:
    accepted, excluded = connection.execute(
        """SELECT count(*) FILTER (excluded IS NULL AND len(problems) = 0), count(excluded) FROM validated"""
    ).fetchall()[0]
    excluded += outside
    refused = total - accepted - excluded
    yield f"  {total:,} rows = {accepted:,} accepted + {refused:,} quarantined + {excluded:,} excluded"
    undeclared = added(found.export, found.names)
    if undeclared:
        yield f"  not declared: {'、'.join(undeclared)}"
    reasons = connection.execute(
        """SELECT reason, any_value("column"), count(*), min(line) FROM (
            SELECT line, unnest(problems, recursive := true) FROM validated WHERE excluded IS NULL
            UNION ALL BY NAME SELECT line, reason FROM broken
        ) GROUP BY reason ORDER BY count(*) DESC, reason"""
    ).fetchall()
    for reason, column, rows, line in reasons:
        yield f"  quarantined: {rows} × {reason}{f' in {column}' if column else ''}, first in line {line}"


def _rows(connection: "DuckDBPyConnection", found: Recognised) -> Iterator[str]:
    """The first accepted rows, one column per line, because exports are too wide for a screen."""
    columns = found.export.columns
    names = ", ".join(
        f"left({quoted(c.name)}, {_HASH_SHOWN}) || '…'" if c.personal else f"{quoted(c.name)}::VARCHAR"
        for c in columns
    )
    rows = connection.execute(
        f"""SELECT line, {names} FROM validated
        WHERE excluded IS NULL AND len(problems) = 0 ORDER BY record LIMIT {_FIRST}"""
    ).fetchall()
    for line, *values in rows:
        yield f"  line {line}"
        yield from (f"    {c.name:<24} {v}" for c, v in zip(columns, values, strict=True) if v is not None)

"""The files of a source: its landed files, with the members of an archive in place of the archive.

The list of an archive's members is written when it is unpacked.
"""

# So it need not be unpacked again to find out whether all its members were read.

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeAlias

from followthrough.index.folders import listing
from followthrough.ingest.landing import Landed, landed
from followthrough.parse.archives import Member
from followthrough.paths import Home, write_atomically


def contents(home: Home, source: str) -> Iterator[Landed]:
    """Every file of a source; a member of an archive as if it had been landed with the archive."""
    for _, files in landed_with_members(home, source):
        yield from files


def landed_with_members(home: Home, source: str) -> Iterator[tuple[Landed, list[Landed]]]:
    """Every landed file of a source, with what ``contents_of`` gives for it."""
    members = listing(home, home.listings(source), _members).records
    return ((file, _contents(file, members)) for file in landed(home, source))


def contents_of(home: Home, file: Landed) -> list[Landed]:
    """The file itself, or its members if it is an archive that has been unpacked."""
    return _contents(file, listing(home, home.listings(file.source), _members).records)


def remember(home: Home, file: Landed, members: Iterable[Member]) -> None:
    """Write the list of an archive's members."""
    listing = [
        {
            "name": member.name,
            "sha256": member.sha256,
            "written_at": member.written_at.isoformat() if member.written_at else None,
        }
        for member in members
    ]
    text = json.dumps(listing, ensure_ascii=False, indent=1)
    write_atomically(home.listing(file.source, file.sha256), text.encode())


_Member: TypeAlias = tuple[str, str, datetime | None]
"""Name, hash, and when it was written according to the archive."""


def _members(entries: Iterable[Mapping[str, Any]]) -> tuple[_Member, ...]:
    return tuple(
        (
            entry["name"],
            entry["sha256"],
            datetime.fromisoformat(entry["written_at"]) if entry["written_at"] else None,
        )
        for entry in entries
    )


def _contents(file: Landed, members: Mapping[str, Sequence[_Member]]) -> list[Landed]:
    if file.sha256 not in members:
        return [file]
    return [_landed_with(file, *member) for member in members[file.sha256]]


def _landed_with(archive: Landed, name: str, sha256: str, written: datetime | None) -> Landed:
    """A member with the sightings of its archive; its export time is the earlier of both times."""
    sightings = []
    for seen in archive.sightings:
        archived_at = seen.exported_at or seen.seen_at
        exported_at = min(archived_at, written) if written else archived_at
        sightings.append(replace(seen, name=name, exported_at=exported_at))
    return Landed(archive.source, sha256, archive.folder, tuple(sightings), archive.sha256)

"""The files of a source: its landed files, with the members of an archive in place of the archive.

The list of an archive's members is written when it is unpacked.
"""

# So it need not be unpacked again to find out whether all its members were read.

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from followthrough.ingest.landing import Landed, landed
from followthrough.parse.archives import Member
from followthrough.paths import Home, write_atomically


def contents(home: Home, source: str) -> Iterator[Landed]:
    """Every file of a source; a member of an archive as if it had been landed with the archive."""
    for file in landed(home, source):
        yield from contents_of(home, file)


def contents_of(home: Home, file: Landed) -> list[Landed]:
    """The file itself, or its members if it is an archive that has been unpacked."""
    path = home.listing(file.source, file.sha256)
    if not path.exists():
        return [file]
    return [_landed_with(file, **entry) for entry in json.loads(path.read_text("utf-8"))]


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


def _landed_with(archive: Landed, name: str, sha256: str, written_at: str | None) -> Landed:
    """A member with the sightings of its archive; its export time is the earlier of both times."""
    written = datetime.fromisoformat(written_at) if written_at else None
    sightings = []
    for seen in archive.sightings:
        archived_at = seen.exported_at or seen.seen_at
        exported_at = min(archived_at, written) if written else archived_at
        sightings.append(replace(seen, name=name, exported_at=exported_at))
    return Landed(archive.source, sha256, archive.path, tuple(sightings))

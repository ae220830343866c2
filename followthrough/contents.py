"""The files of a source: what was landed, and of an archive its members instead of itself.

Which members an archive has is remembered when it is unpacked, so that nobody unpacks it again to find out
whether all of them were read.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from followthrough.landing import Landed, landed
from followthrough.paths import Home, write_atomically
from followthrough.unpack import Member


def contents(home: Home, source: str) -> Iterator[Landed]:
    """Every file of a source there is to read, members as if they had been landed with their archive."""
    for file in landed(home, source):
        yield from contents_of(home, file)


def contents_of(home: Home, file: Landed) -> list[Landed]:
    """The file itself, or its members once it has been unpacked."""
    path = home.listing(file.source, file.sha256)
    if not path.exists():
        return [file]
    return [_landed_with(file, **entry) for entry in json.loads(path.read_text("utf-8"))]


def remember(home: Home, file: Landed, members: Iterable[Member]) -> None:
    """Note what an archive was found to hold."""
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
    """A member came whenever its archive came; it may have been written before that."""
    written = datetime.fromisoformat(written_at) if written_at else None
    sightings = []
    for seen in archive.sightings:
        told = seen.exported_at or seen.seen_at
        sightings.append(replace(seen, name=name, exported_at=min(told, written) if written else told))
    return Landed(archive.source, sha256, archive.path, tuple(sightings))

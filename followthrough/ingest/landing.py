"""The landing zone: original files, never changed or deleted, with the times and names they arrived under."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from followthrough.index.folders import listing
from followthrough.paths import Home, sync_folder, write_atomically

_CHUNK = 1 << 20


@dataclass(frozen=True)
class Sighting:
    """One arrival of the same bytes. Times are Shanghai wall time.

    ``exported_at`` is when the file was made according to the platform or the transport, null if unknown;
    ``night`` is the night a dated transport was asked for; ``origin`` identifies the file on its server, so
    that it is not fetched again.
    """

    name: str
    seen_at: datetime
    exported_at: datetime | None = None
    night: str | None = None
    origin: str | None = None


class Readable(Protocol):
    """A file that can be read in parts."""

    def read(self, size: int, /) -> bytes:
        """Return up to ``size`` bytes, none at the end."""


@dataclass(frozen=True)
class Landed:
    """A file in the landing zone of one source: itself, or a member of the archive it came in."""

    source: str
    sha256: str
    folder: Path
    sightings: tuple[Sighting, ...]
    archive: str = ""

    @property
    def path(self) -> Path:
        """The landed file: the archive of a member."""
        return self.folder / (self.archive or self.sha256)

    @property
    def name(self) -> str:
        """The name it first arrived under."""
        return self.sightings[0].name

    @property
    def exported_at(self) -> datetime:
        """The earliest export time of all sightings."""
        return min(s.exported_at or s.seen_at for s in self.sightings)


def land(home: Home, source: str, content: Readable, sighting: Sighting) -> Landed:
    """Store the bytes under their hash and add the sighting; repeating it changes nothing."""
    folder = home.landing / source
    folder.mkdir(mode=0o700, exist_ok=True)
    beside = folder / f".arriving.{os.getpid()}"
    try:
        sha256 = _copy(content, beside)
        _remember(folder, sha256, sighting)
        beside.replace(folder / sha256)
    finally:
        beside.unlink(missing_ok=True)
    sync_folder(folder)
    return _landed(folder, sha256)


def landed(home: Home, source: str) -> Iterator[Landed]:
    """Every landed file of a source, by hash."""
    folder = home.landing / source
    found = listing(home, folder, _sightings)
    for name in found.names:
        if "." not in name:
            yield Landed(source, name, folder, found.records[name])


def _copy(content: Readable, target: Path) -> str:
    digest = hashlib.sha256()
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest()


def _remember(folder: Path, sha256: str, sighting: Sighting) -> None:
    """Add the sighting to the file's sidecar, unless it is known."""
    # The sidecar is written before the bytes appear, so that landed bytes always have one.
    path = folder / f"{sha256}.json"
    known = _sightings(json.loads(path.read_text("utf-8"))) if path.exists() else ()
    seen_as = (sighting.name, sighting.exported_at, sighting.origin)
    if seen_as not in [(s.name, s.exported_at, s.origin) for s in known]:
        lines = [_as_json(s) for s in [*known, sighting]]
        write_atomically(path, json.dumps({"sightings": lines}, ensure_ascii=False, indent=1).encode())


def _landed(folder: Path, sha256: str) -> Landed:
    sidecar = json.loads((folder / f"{sha256}.json").read_text("utf-8"))
    return Landed(folder.name, sha256, folder, _sightings(sidecar))


def _sightings(sidecar: Mapping[str, Any]) -> tuple[Sighting, ...]:
    return tuple(
        Sighting(
            name=entry["name"],
            seen_at=datetime.fromisoformat(entry["seen_at"]),
            exported_at=datetime.fromisoformat(entry["exported_at"]) if entry["exported_at"] else None,
            night=entry["night"],
            origin=entry.get("origin"),
        )
        for entry in sidecar["sightings"]
    )


def _as_json(sighting: Sighting) -> dict[str, Any]:
    return {
        "name": sighting.name,
        "seen_at": sighting.seen_at.isoformat(),
        "exported_at": sighting.exported_at.isoformat() if sighting.exported_at else None,
        "night": sighting.night,
        **({"origin": sighting.origin} if sighting.origin else {}),
    }

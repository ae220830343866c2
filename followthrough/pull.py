"""Bring everything that has arrived for a platform into the landing zone."""

import io
import time
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from followthrough.clock import SHANGHAI
from followthrough.landing import Sighting, land, landed
from followthrough.settings import Settings, Source

_UNFINISHED = (".part", ".tmp", ".crdownload", ".download", ".filepart", ".lock")


def pull(settings: Settings, platform: str, night: date, run_at: datetime) -> dict[str, int]:
    """Land what is there for each source of the platform: files in its inbox, and what its transport has.

    A transport with dates is asked for every night from the last one asked, which may have been cut short,
    up to ``night``.
    Returns the number of files seen by source; seeing a file twice lands it once.
    """
    return {source.id: _pull(settings, source, night, run_at) for source in settings.sources_of(platform)}


def waiting(settings: Settings) -> list[Path]:
    """Files in the inboxes of the configured sources that no run has landed yet."""
    return [path for source in settings.sources for path in _dropped(settings.home.inbox / source.id)]


def _pull(settings: Settings, source: Source, night: date, run_at: datetime) -> int:
    seen = _pull_inbox(settings, source, run_at)
    if source.is_sample:
        seen += _pull_sample(settings, source, night, run_at)
    return seen


def _pull_inbox(settings: Settings, source: Source, run_at: datetime) -> int:
    inbox = settings.home.inbox / source.id
    inbox.mkdir(parents=True, exist_ok=True)
    taken = _settled(_dropped(inbox), settings.settle_seconds)
    for path in taken:
        written = datetime.fromtimestamp(path.stat().st_mtime, SHANGHAI).replace(tzinfo=None, microsecond=0)
        with path.open("rb") as content:
            kept = land(settings.home, source.id, content, Sighting(path.name, run_at, min(written, run_at)))
        done = inbox / "done"
        done.mkdir(exist_ok=True)
        path.replace(done / _unique(kept.sha256, path.name))
    return len(taken)


def _unique(sha256: str, name: str) -> str:
    """A name no other content has, short enough for a file system (255 bytes)."""
    return f"{sha256[:8]}-" + name.encode()[-200:].decode(errors="ignore")


def _dropped(inbox: Path) -> list[Path]:
    if not inbox.exists():
        return []
    return sorted(
        path
        for path in inbox.iterdir()
        if path.is_file()
        and not path.is_symlink()
        and not path.name.startswith((".", "~$"))
        and path.suffix not in _UNFINISHED
    )


def _settled(paths: Iterable[Path], seconds: float) -> list[Path]:
    """The files nobody is writing to any more; a fresh one is given time to settle first."""
    before = {path: _state(path) for path in paths}
    youngest = max((state[1] for state in before.values()), default=0.0)
    time.sleep(max(0.0, min(seconds, youngest + seconds - time.time())))
    return [path for path, state in before.items() if path.exists() and _state(path) == state]


def _state(path: Path) -> tuple[int, float]:
    status = path.stat()
    return status.st_size, status.st_mtime


def _pull_sample(settings: Settings, source: Source, night: date, run_at: datetime) -> int:
    from followthrough.sample import Sample

    chosen = settings.sample
    sample = Sample(chosen.seed, chosen.people, chosen.nights, chosen.first_night)
    kept = {(s.night, s.name) for file in landed(settings.home, source.id) for s in file.sightings if s.night}
    since = max((night for night, _ in kept), default="")
    seen = 0
    for index in range(1, chosen.nights + 1):
        asking = sample.night(index)
        if not since <= asking.isoformat() <= night.isoformat():
            continue
        for delivery in (d for d in sample.deliveries(asking) if d.source == source.id):
            if (asking.isoformat(), delivery.name) in kept:
                continue
            sighting = Sighting(delivery.name, run_at, delivery.exported_at, asking.isoformat())
            land(settings.home, source.id, io.BytesIO(delivery.body), sighting)
            seen += 1
    return seen

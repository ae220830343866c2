"""Lands files that people or scripts drop into the inbox folder of a source."""

import time
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from followthrough.clock import SHANGHAI
from followthrough.ingest.landing import Sighting, land
from followthrough.settings import Settings, Source

_UNFINISHED = (".part", ".tmp", ".crdownload", ".download", ".filepart", ".lock")


def pull_inbox(settings: Settings, source: Source, run_at: datetime) -> int:
    """Land every complete file of the inbox and move it to ``done/``; the number of files."""
    inbox = settings.home.inbox / source.id
    inbox.mkdir(parents=True, exist_ok=True)
    taken = _settled(dropped(inbox), settings.settle_seconds)
    for path in taken:
        written = datetime.fromtimestamp(path.stat().st_mtime, SHANGHAI).replace(tzinfo=None, microsecond=0)
        with path.open("rb") as content:
            kept = land(settings.home, source.id, content, Sighting(path.name, run_at, min(written, run_at)))
        done = inbox / "done"
        done.mkdir(exist_ok=True)
        path.replace(done / _unique(kept.sha256, path.name))
    return len(taken)


def dropped(inbox: Path) -> list[Path]:
    """The files in an inbox, sorted by path, without those whose name marks them as unfinished."""
    if not inbox.exists():
        return []
    return sorted(
        path
        for path in inbox.iterdir()
        if path.is_file() and not path.is_symlink() and not is_unfinished(path.name)
    )


def is_unfinished(name: str) -> bool:
    """Whether the name is one of a hidden file or of one that a program is still writing."""
    return name.startswith((".", "~$")) or name.endswith(_UNFINISHED)


def _unique(sha256: str, name: str) -> str:
    """A name unique to the content and short enough for a file system (255 bytes)."""
    return f"{sha256[:8]}-" + name.encode()[-200:].decode(errors="ignore")


def _settled(paths: Iterable[Path], seconds: float) -> list[Path]:
    """The files that are no longer being written; waits up to ``seconds`` to see whether new ones change."""
    before = {path: _state(path) for path in paths}
    youngest = max((state[1] for state in before.values()), default=0.0)
    time.sleep(max(0.0, min(seconds, youngest + seconds - time.time())))
    return [path for path, state in before.items() if path.exists() and _state(path) == state]


def _state(path: Path) -> tuple[int, float]:
    status = path.stat()
    return status.st_size, status.st_mtime

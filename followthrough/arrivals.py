"""What has come that no version tells of yet, seen without running a night."""

import hashlib
import json
import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from followthrough.connections import Lookup
from followthrough.contents import contents
from followthrough.effective import change, effective, fingerprint
from followthrough.history import decisions, head, hold
from followthrough.journal import Run
from followthrough.night import choose
from followthrough.paths import Home, write_atomically
from followthrough.pull import poll, waiting
from followthrough.receipts import UNKNOWN, receipts, unknown_version
from followthrough.settings import Settings

EVERY = timedelta(minutes=3)
"""How often the DAG looks."""


@dataclass(frozen=True)
class News:
    """Why the open night has to be run again: files nobody has read, loads that count or no longer do."""

    files: tuple[str, ...] = ()
    loads: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.files or self.loads)


def look(settings: Settings, run: Run, lookup: Lookup) -> dict[str, str] | None:
    """Poll the servers; the night to run again and an id of the reason, nothing where there is none.

    A server in trouble is told and hides no news of another.
    The id is the same for the same news on the same version, so that news a night could do nothing about
    starts no second one.
    """
    settings.home.create()
    write_atomically(settings.home.looked, run.run_at.isoformat().encode())
    night = open_night(settings, run.run_at)
    for source, trouble in poll(settings, night, run.run_at, lookup).troubles.items():
        print(f"{source}: {trouble}")
    found = news(settings)
    if not found:
        return None
    published = head(settings.home)
    said = json.dumps([found.files, found.loads, published.version if published else None])
    return {
        "night": night.isoformat(),
        "id": hashlib.sha256(said.encode()).hexdigest()[:16],
    }


def news(settings: Settings) -> News:
    """What a night would find to do; nothing during the hold of a rollback.

    An inbox file counts once nobody has written to it for ``settle_seconds``.
    """
    home = settings.home
    if hold(home):
        return News()
    dropped = [
        f"{path.relative_to(home.inbox)} {status.st_size} {status.st_mtime_ns}"
        for path in waiting(settings)
        for status in [path.stat()]
        if time.time() - status.st_mtime >= settings.settle_seconds
    ]
    read = _read(settings)
    landed = [
        f"{source.id}/{file.sha256}"
        for source in settings.sources
        for file in contents(home, source.id)
        if (source.id, file.sha256) not in read
    ]
    counting = effective(settings)
    difference = change(counting, head(home))
    moved = {load.receipt.load_id for load in difference.new} | {load.load_id for load in difference.gone}
    if fingerprint(counting) == _refused(home):
        moved = set()
    return News((*dropped, *landed), tuple(sorted(moved)))


def _read(settings: Settings) -> set[tuple[str, str]]:
    """Source and hash of every file that was read under a contract of today."""
    versions = {slug: export.version for slug, export in settings.exports.items()}
    versions[UNKNOWN] = unknown_version(settings.exports.values())
    return {
        (receipt.source_id, receipt.sha256)
        for receipt in receipts(settings.home)
        if versions.get(receipt.slug) == receipt.contract_version
    }


def _refused(home: Home) -> str | None:
    """Which loads gate 2 refused last: it would refuse the same again."""
    refusals = [decision for decision in decisions(home) if decision["type"] == "candidate_refused"]
    return refusals[-1].get("loads") if refusals else None


def next_look(home: Home, at: datetime) -> datetime | None:
    """When somebody will look again, nothing where nobody has for a while."""
    if not home.looked.exists():
        return None
    looked = datetime.fromisoformat(home.looked.read_text())
    return looked + EVERY if at - looked < 3 * EVERY else None


def open_night(settings: Settings, at: datetime) -> date:
    """The night that is run again when something comes at ``at`` (Shanghai wall time).

    Until the next one runs, at ``night_at``, that is the night before.
    """
    return choose(settings, "", at.date() - timedelta(days=at.time() < settings.night_at))

"""Finds files and load changes that the published version does not contain, without running a night."""

import hashlib
import json
import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from followthrough.ingest.archive_members import contents
from followthrough.ingest.connections import Lookup
from followthrough.ingest.pull import poll_servers, waiting
from followthrough.load.receipts import current_versions, receipts
from followthrough.night import choose
from followthrough.paths import Home, write_atomically
from followthrough.runs.journal import Run
from followthrough.settings import Settings
from followthrough.versions.effective_loads import change, effective, fingerprint
from followthrough.versions.history import decisions, head, hold

EVERY = timedelta(minutes=3)
"""How often the DAG polls."""


@dataclass(frozen=True)
class PendingWork:
    """Why the open night has to run again: unread files, and loads added or removed since the version."""

    files: tuple[str, ...] = ()
    loads: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.files or self.loads)


def poll(settings: Settings, run: Run, lookup: Lookup) -> dict[str, str] | None:
    """Poll the servers; return the night to run again and an id of the pending work, None without any.

    A failing server is printed and does not stop the others. Equal work on the same version has the same id.
    """
    # The id becomes the run's id, so work that a night could not finish does not start another night.
    settings.home.create()
    write_atomically(settings.home.last_poll, run.run_at.isoformat().encode())
    night = open_night(settings, run.run_at)
    for source, failure in poll_servers(settings, night, run.run_at, lookup).failures.items():
        print(f"{source}: {failure}")
    found = pending_work(settings)
    if not found:
        return None
    published = head(settings.home)
    reason = json.dumps([found.files, found.loads, published.version if published else None])
    return {
        "night": night.isoformat(),
        "id": hashlib.sha256(reason.encode()).hexdigest()[:16],
    }


def pending_work(settings: Settings) -> PendingWork:
    """The files and loads a night would process; none while a rollback holds publishing.

    An inbox file is included once it has been unchanged for ``settle_seconds``.
    """
    home = settings.home
    if hold(home):
        return PendingWork()
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
    return PendingWork((*dropped, *landed), tuple(sorted(moved)))


def _read(settings: Settings) -> set[tuple[str, str]]:
    """Source and hash of every file that was read under a current contract version."""
    versions = current_versions(settings.exports.values())
    return {
        (receipt.source_id, receipt.sha256)
        for receipt in receipts(settings.home)
        if versions.get(receipt.slug) == receipt.contract_version
    }


def _refused(home: Home) -> str | None:
    """Fingerprint of the loads gate 2 refused last, None if it never refused."""
    # Gate 2 would refuse the same loads again, so they are no reason to run the night.
    refusals = [decision for decision in decisions(home) if decision["type"] == "candidate_refused"]
    return refusals[-1].get("loads") if refusals else None


def next_poll(home: Home, at: datetime) -> datetime | None:
    """When the next poll is due (Shanghai wall time), None if polling has stopped."""
    if not home.last_poll.exists():
        return None
    last = datetime.fromisoformat(home.last_poll.read_text())
    return last + EVERY if at - last < 3 * EVERY else None


def open_night(settings: Settings, at: datetime) -> date:
    """The night to run again for a file that arrives at ``at`` (Shanghai wall time).

    It is the last night that has run; the next one opens at ``night_at``.
    """
    return choose(settings, "", at.date() - timedelta(days=at.time() < settings.night_at))

"""Pulls exports from vendors' APIs and lands the original answers: one file per pull, one answer per line.

A complete list is pulled once a day, an export with days for every past day that is not landed. Answers are
stored until a pull is complete, so that an interrupted pull continues where it stopped.
"""

import fcntl
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from followthrough.clock import night_before
from followthrough.contracts.api import Call, Cursor, Numbered, Pull
from followthrough.contracts.export import Export, Json
from followthrough.errors import ConfigError, FollowthroughError, Unavailable, together
from followthrough.ingest.connections import Lookup, look_up
from followthrough.ingest.landing import Sighting, land, landed
from followthrough.ingest.transports.client import Client, Refused, Request, Unreachable, fill, found
from followthrough.paths import Home, write_atomically
from followthrough.settings import Settings, Source

_DAY = timedelta(days=1)
_LINE_BREAKS = bytes.maketrans(b"\r\n", b"  ")


@dataclass(frozen=True)
class Period:
    """Consecutive days to pull; for a complete list one day, at whose end the list is valid."""

    first: date
    last: date

    @property
    def days(self) -> list[date]:
        """All days of the period."""
        return [self.first + _DAY * n for n in range((self.last - self.first).days + 1)]


def pull_answers(
    settings: Settings, source: Source, night: date, run_at: datetime, lookup: Lookup
) -> tuple[int, dict[str, str]]:
    """Land every export of the source's API that is due, except those on demand.

    Returns the number of files, and by export the reason why it is still pending. A failing export does not
    stop the others; the error raised at the end names each of them.
    """
    platform = settings.platforms[source.platform]
    if platform.interface is None:
        raise ConfigError(f"{platform.name} declares no interface", 'use the transport "inbox"')
    files = 0
    pending: dict[str, str] = {}
    failures: dict[str, FollowthroughError] = {}
    with (
        _alone(settings.home, source),
        Client(platform.interface, look_up(lookup, source.connection)) as client,
    ):
        for export in platform.exports:
            pull = export.pull
            if pull is None or source.plans.get(export.name, source.usual).cadence == "on_demand":
                continue
            periods, why = _due(settings, source, export, pull, night, run_at)
            try:
                came = [_land(settings, source, export, pull, period, client, run_at) for period in periods]
            except FollowthroughError as failure:
                failures[export.name] = failure
                if isinstance(failure, Unreachable):
                    break
                continue
            files += sum(came)
            why = why if all(came) else "nothing is there yet"
            pending |= {export.name: why} if why else {}
    if failures:
        raise together(failures)
    return files, pending


@contextmanager
def _alone(home: Home, source: Source) -> Iterator[None]:
    """Hold the source's lock; Unavailable if another run has it."""
    # Two runs would mix their answers and use up the account's calls twice.
    descriptor = os.open(home.pulls / f".{source.id}.lock", os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise Unavailable("another run is asking just now", "wait for it to end") from None
    finally:
        os.close(descriptor)


def _due(
    settings: Settings, source: Source, export: Export, pull: Pull, night: date, run_at: datetime
) -> tuple[list[Period], str]:
    """The periods to pull up to ``night``, and why its last days cannot be pulled yet, empty if they can."""
    covered = _covered(settings.home, source, export)
    if not pull.span:
        day = night_before(run_at)
        return [] if day in covered else [Period(day, day)], ""
    newest = night
    while datetime.combine(newest + _DAY, pull.ready) > run_at:
        newest -= _DAY
    why = f"{night} can be asked for from {night + _DAY} {pull.ready:%H:%M} on" if newest < night else ""
    first = source.since or min(covered, default=night)
    return _runs(day for day in Period(first, newest).days if day not in covered), why


def _covered(home: Home, source: Source, export: Export) -> set[date]:
    """The days with landed answers, read from the names of their files."""
    name = re.compile(rf"{export.name}_(\d{{4}}-\d\d-\d\d)_(\d{{4}}-\d\d-\d\d)\.json")
    names = {s.name for file in landed(home, source.id) for s in file.sightings if s.night}
    matches = [match for match in map(name.fullmatch, names) if match]
    return {day for m in matches for day in Period(*map(date.fromisoformat, m.groups())).days}


def _runs(days: Iterator[date]) -> list[Period]:
    """The days as periods without gaps."""
    runs: list[Period] = []
    for day in days:
        if runs and runs[-1].last + _DAY == day:
            runs[-1] = Period(runs[-1].first, day)
        else:
            runs.append(Period(day, day))
    return runs


def _land(
    settings: Settings,
    source: Source,
    export: Export,
    pull: Pull,
    period: Period,
    client: Client,
    run_at: datetime,
) -> bool:
    """Pull a period and land the answers as one file; False if they contain no record."""
    # Without a record nothing in the file would identify its export, so such answers are not landed.
    records = export.format.records if isinstance(export.format, Json) else ""
    name = f"{export.name}_{period.first}_{period.last}.json"
    tape = Tape(settings.home.pulls / source.id, export.name, name, run_at)
    try:
        holds = [
            bool(found(document, records))
            for begin, end in _spans(pull, period)
            for document in _documents(
                pull.call, {**client.values, "begin": begin, "end": end}, tape.asking(client)
            )
        ]
    except Refused:
        tape.forget()  # a stored answer, such as an expired cursor, may be the cause
        raise
    if any(holds):
        with tape.joined().open("rb") as content:
            sighting = Sighting(name, run_at, tape.begun_at, f"{period.last}")
            land(settings.home, source.id, content, sighting)
    tape.forget()
    return any(holds)


def _spans(pull: Pull, period: Period) -> Iterator[tuple[date, date]]:
    """First and last day of each call, oldest first, starting with days whose figures may still change."""
    span, begin = max(pull.span, 1), period.first - _DAY * pull.grows
    while begin <= period.last:
        end = min(begin + _DAY * (span - 1), period.last)
        yield begin, end
        begin = end + _DAY


def _documents(call: Call, values: Mapping[str, Any], ask: Callable[[Request], bytes]) -> Iterator[Any]:
    """Every answer of a call, page by page, each followed by the answers of its dependent calls."""
    page: dict[str, Any] = {}
    seen: list[dict[str, Any]] = []
    while page not in seen:
        seen.append(page)
        document = json.loads(ask(Request(call.method, call.path, fill(call.send, values) | page)))
        yield document
        if call.then:
            named = found(document, call.then.each)
            for start in range(0, len(named), call.then.by):
                each = {**values, "each": named[start : start + call.then.by]}
                yield from _documents(call.then, each, ask)
        page = _next(call, document, len(seen) + 1)
        if not page:
            return
    raise Refused(f"{call.path} comes back to a page it has given", "report it to the vendor")


def _next(call: Call, document: Any, number: int) -> dict[str, Any]:
    """Parameters for the next page, empty after the last."""
    if isinstance(call.pages, Cursor):
        cursor = found(document, call.pages.found)
        return {call.pages.sent_as: cursor[0]} if cursor and cursor[0] else {}
    if isinstance(call.pages, Numbered) and found(document, call.pages.more) == [True]:
        if number > call.pages.last:
            raise Refused(f"{call.path} has more than it gives for these days", "export these days by hand")
        return {call.pages.sent_as: number}
    return {}


class Tape:
    """The stored answers of one pull, a file each, in the order of their requests.

    Creating it deletes answers of other periods of the export, which may be out of date.
    """

    def __init__(self, folder: Path, export: str, name: str, run_at: datetime) -> None:
        self._folder, self._used = folder / name, []  # type: Path, list[Path]
        for other in folder.glob(f"{export}_*"):
            if other != self._folder:
                shutil.rmtree(other)
        begun = self._folder / "begun_at"
        if not begun.exists():
            write_atomically(begun, run_at.isoformat().encode())
        self.begun_at = datetime.fromisoformat(begun.read_text())

    def asking(self, client: Client) -> Callable[[Request], bytes]:
        """A function that sends a request, or returns the answer stored for it at the same position."""

        def ask(request: Request) -> bytes:
            kept = self._folder / f"{len(self._used):07}-{request.digest}"
            self._used.append(kept)
            if not kept.exists():
                write_atomically(kept, client.ask(request))
            return kept.read_bytes()

        return ask

    def joined(self) -> Path:
        """A file with one answer per line; line breaks between the tokens of an answer become blanks."""
        whole = self._folder / "whole"
        with whole.open("wb") as out:
            for kept in self._used:
                out.write(kept.read_bytes().strip().translate(_LINE_BREAKS) + b"\n")
        return whole

    def forget(self) -> None:
        """Delete the answers."""
        shutil.rmtree(self._folder)

"""The journal of a run: one JSON line per finished step."""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from followthrough.paths import Home
from followthrough.runs.disk_space import disk_error


@dataclass(frozen=True)
class Run:
    """One run of a night; steps use ``run_at`` (Shanghai wall time) as the current time."""

    run_id: str
    night: date
    run_at: datetime
    full: bool = False


@contextmanager
def step(home: Home, run: Run, name: str) -> Iterator[dict[str, Any]]:
    """Record a step in the journal: its duration and the yielded dict, or the error it ends with.

    An error of a full or read-only disk is raised as FollowthroughError.
    """
    started = time.monotonic()
    result: dict[str, Any] = {}
    try:
        yield result
    except BaseException as error:
        explained = disk_error(error, home) or error
        result |= {"error": type(explained).__name__, "message": str(explained)}
        _append_if_possible(home, run, name, started, result)
        raise explained from (error if explained is not error else error.__cause__)
    _append(home, run, _entry(run, name, started, result))


def _append_if_possible(home: Home, run: Run, name: str, started: float, failure: dict[str, Any]) -> None:
    """Write the entry of a failed step; an error of writing is printed."""
    # The journal may be on the disk that failed; that must not hide why the step failed.
    try:
        _append(home, run, _entry(run, name, started, failure))
    except OSError as error:
        print(f"the journal could not be written: {error}", file=sys.stderr)


def _entry(run: Run, name: str, started: float, result: dict[str, Any]) -> dict[str, Any]:
    seconds = round(time.monotonic() - started, 3)
    return {"step": name, "night": run.night.isoformat(), "seconds": seconds, **result}


def read(home: Home, run_id: str) -> list[dict[str, Any]]:
    """The entries of a run, in the order its steps ended; a line still being written is left out."""
    path = home.runs / f"{_file_name(run_id)}.jsonl"
    lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
    return [json.loads(line) for line in lines if line.endswith(b"\n")]


def last(home: Home, at: datetime) -> Run | None:
    """The run with the newest journal, with ``run_at`` set to ``at`` (Shanghai); None without any."""
    newest = max(home.runs.glob("*.jsonl"), key=lambda path: path.stat().st_mtime_ns, default=None)
    steps = read(home, newest.stem) if newest else []
    return Run(newest.stem, date.fromisoformat(steps[-1]["night"]), at) if newest and steps else None


def _append(home: Home, run: Run, entry: dict[str, Any]) -> None:
    path = home.runs / f"{_file_name(run.run_id)}.jsonl"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "ab") as file:
        file.write(json.dumps(entry, ensure_ascii=False).encode() + b"\n")


def _file_name(run_id: str) -> str:
    return "".join(c if c.isalnum() or c in "-_." else "_" for c in run_id)

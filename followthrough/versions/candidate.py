"""The candidate: the two database files a version is built in, and a note about the build."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from followthrough.database import literal
from followthrough.errors import Overtaken, Superseded
from followthrough.paths import Home, copy_file, write_atomically
from followthrough.runs.journal import Run
from followthrough.versions.history import AppliedLoad, Manifest, head, readable

_PARENT = "parent.duckdb"
"""What the parent had, to compare with: a link to its private file, which nothing writes to any more."""


@dataclass(frozen=True)
class Candidate:
    """The note about a build: its run, night, parent and loads.

    ``tests`` are the results of dbt's data tests, ``checks`` those of gate 2, null until it has passed.
    ``anew`` says why nothing was taken from the parent, empty if something was.
    """

    run_id: str
    night: str
    parent: str | None
    fingerprint: str
    key_fingerprint: str
    loads: tuple[AppliedLoad, ...]
    tests: tuple[dict[str, Any], ...] = ()
    checks: tuple[dict[str, Any], ...] | None = None
    anew: str = ""


def private_file(home: Home) -> Path:
    """The candidate's staging and intermediate tables."""
    return home.candidate / "private.duckdb"


def public_file(home: Home) -> Path:
    """The candidate's published tables."""
    return home.candidate / "followthrough.duckdb"


def start(home: Home, parent: Manifest | None) -> None:
    """Create an empty candidate, or with ``parent`` a copy of the parent's two files."""
    drop(home)
    home.candidate.mkdir(parents=True, mode=0o700)
    if parent:
        copy_file(home.private(parent.version), private_file(home))
        copy_file(home.published / parent.version / "followthrough.duckdb", public_file(home))
        os.link(home.private(parent.version), home.candidate / _PARENT)


def attach_parent(execute: Callable[[str], object], folder: Path) -> None:
    """Attach the parent's private file read-only as ``parent``, where the candidate in ``folder`` has one."""
    file = folder / _PARENT
    if file.exists():
        execute(f"ATTACH {literal(file)} AS parent (READ_ONLY)")


def save(home: Home, candidate: Candidate) -> None:
    """Write the note, which marks the candidate as complete."""
    text = readable(vars(candidate) | {"loads": [vars(load) for load in candidate.loads]})
    write_atomically(home.candidate / "candidate.json", text.encode())


def read(home: Home, run: Run) -> Candidate:
    """The candidate of this run; Overtaken if another run has built since, Superseded if it is gone."""
    path = home.candidate / "candidate.json"
    if not path.exists():
        published = head(home)
        if published and published.created_at >= run.run_at.isoformat() and published.run_id != run.run_id:
            raise Overtaken(f"{published.version} was published meanwhile", "see `followthrough status`")
        raise Superseded("there is no candidate to go on with", "run the night again")
    entry = json.loads(path.read_text("utf-8"))
    loads = tuple(AppliedLoad(**load) for load in entry.pop("loads"))
    checks = entry.pop("checks")
    candidate = Candidate(
        loads=loads,
        tests=tuple(entry.pop("tests")),
        checks=None if checks is None else tuple(checks),
        **entry,
    )
    if candidate.run_id != run.run_id:
        raise Overtaken(f"the candidate is now that of run {candidate.run_id}", "see how that run ends")
    return candidate


def drop(home: Home) -> None:
    """Delete the candidate."""
    shutil.rmtree(home.candidate, ignore_errors=True)

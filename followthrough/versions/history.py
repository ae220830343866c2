"""The history: manifests of published versions, and decisions. It cannot be rebuilt from landed files."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, BinaryIO

from followthrough.errors import FollowthroughError
from followthrough.index.files import parsed
from followthrough.index.lines import short_lines, whole_lines
from followthrough.paths import Home, sync_folder, write_atomically


@dataclass(frozen=True)
class AppliedLoad:
    """A load in a version; ``known_night`` is the night of the first version that contained its file.

    A file that is read again under another contract version keeps its night.
    """

    load_id: str
    sha256: str
    slug: str
    source_id: str
    known_night: str
    exported_at: str


@dataclass(frozen=True)
class Manifest:
    """One published version of all tables. ``parent`` is the version it was built on.

    ``files`` are the sha256 of its published files by their path in its folder, without the manifest.
    """

    version: str
    night: str
    parent: str | None
    created_at: str
    run_id: str
    fingerprint: str
    key_fingerprint: str
    loads: tuple[AppliedLoad, ...]
    tables: Mapping[str, Mapping[str, Any]]
    checks: Mapping[str, int]
    quarantined_rows: int
    late_sources: tuple[str, ...]
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def sequence(self) -> int:
        """Number of the version among all ever published in this home."""
        return int(self.version.split("-")[0])

    def to_json(self) -> str:
        """The content of ``manifest.json``."""
        return readable(vars(self) | {"loads": [vars(load) for load in self.loads]})


def readable(entry: Mapping[str, Any]) -> str:
    """A JSON object with a line per key, and one per element of a list."""
    # json's own indenting is done in Python: half a second for ten thousand loads.
    lines = []
    for key, value in entry.items():
        rows = [_json(row) for row in value] if isinstance(value, list | tuple) else []
        text = "[\n  " + ",\n  ".join(rows) + "\n ]" if rows else _json(value)
        lines.append(f" {_json(key)}: {text}")
    return "{\n" + ",\n".join(lines) + "\n}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def manifest_from(text: str) -> Manifest:
    """The manifest that ``Manifest.to_json`` has written."""
    entry = json.loads(text)
    loads = tuple(AppliedLoad(**load) for load in entry.pop("loads"))
    return Manifest(loads=loads, late_sources=tuple(entry.pop("late_sources")), **entry)


def read_manifest(home: Home, version: str) -> Manifest:
    """The manifest of a version; FollowthroughError if it was never published."""
    path = home.history / version / "manifest.json"
    if not path.exists():
        raise FollowthroughError(f"version {version} was never published", "see `followthrough status`")
    return parsed(path, manifest_from)


def versions(home: Home) -> list[str]:
    """Every version ever published, oldest first."""
    return sorted(path.parent.name for path in home.history.glob("*/manifest.json"))


def head(home: Home) -> Manifest | None:
    """The version readers see, by the pointer or, if that is lost, by history; None if there is none."""
    if (home.current / "manifest.json").exists():
        return parsed(home.current / "manifest.json", manifest_from)
    version = max(versions(home), default=None)
    for decision in decisions(home):
        if decision["type"] == "rollback" and decision["left"] == version:
            version = decision["version"]
    return read_manifest(home, version) if version else None


def published_by(home: Home, run_id: str) -> Manifest | None:
    """The newest version this run published, None if it published none."""
    found = (read_manifest(home, version) for version in reversed(versions(home)))
    return next((manifest for manifest in found if manifest.run_id == run_id), None)


def next_version(home: Home, night: date) -> str:
    """The name of the next version: one more than the highest sequence ever."""
    sequence = max((int(v.split("-")[0]) for v in versions(home)), default=0) + 1
    return f"{sequence:06}-{night.isoformat()}"


def decide(home: Home, kind: str, at: datetime, *decided: Mapping[str, Any]) -> None:
    """Append decisions of one kind, under a lock; an incomplete last line is cut off first."""
    lines = [json.dumps({"type": kind, "at": at.isoformat(), **one}, ensure_ascii=False) for one in decided]
    if not lines:
        return
    descriptor = os.open(home.decisions, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "rb+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.truncate(_end_of_last_line(file))
        file.seek(0, os.SEEK_END)
        file.write("".join(line + "\n" for line in lines).encode())
        file.flush()
        os.fsync(file.fileno())
    sync_folder(home.history)


def _end_of_last_line(file: BinaryIO) -> int:
    """Offset after the last complete line, searched backwards."""
    end = file.seek(0, os.SEEK_END)
    while end:
        start = max(0, end - (1 << 16))
        file.seek(start)
        found = file.read(end - start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0


def decisions(home: Home) -> Sequence[dict[str, Any]]:
    """Every decision, oldest first, verdicts with their failed checks alone; do not change them.

    An incomplete last line is ignored.
    """
    return short_lines(home, home.decisions, _without_passed_checks)


def _without_passed_checks(decision: dict[str, Any]) -> dict[str, Any]:
    # Nine tenths of the file are checks that passed, and no decision depends on them.
    if "checks" not in decision:
        return decision
    return decision | {"checks": [check for check in decision["checks"] if not check["passed"]]}


def whole_verdicts(home: Home, **wanted: str) -> Iterator[dict[str, Any]]:
    """Verdicts with all their checks, oldest first: those with these values, such as ``night="…"``."""

    def is_wanted(decision: dict[str, Any]) -> bool:
        return decision["type"] == "verdict" and all(decision.get(name) == wanted[name] for name in wanted)

    return whole_lines(home, home.decisions, _without_passed_checks, is_wanted)


def verdicts(home: Home) -> dict[str, dict[str, Any]]:
    """Gate 1's last verdict by load, with its failed checks."""
    return {d["load_id"]: d for d in decisions(home) if d["type"] == "verdict"}


def refused(home: Home, night: str) -> list[dict[str, Any]]:
    """Gate 1's refusals of the night that are still in force, oldest first."""
    return [d for d in verdicts(home).values() if d["verdict"] == "refused" and d["night"] == night]


def withdrawn(home: Home) -> set[str]:
    """Ids of loads that were withdrawn and not restored since."""
    taken: set[str] = set()
    for decision in decisions(home):
        if decision["type"] == "withdraw":
            taken.add(decision["load_id"])
        elif decision["type"] == "restore":
            taken.discard(decision["load_id"])
    return taken


def hold(home: Home) -> dict[str, Any] | None:
    """The rollback that holds publishing, None if publishing is not on hold."""
    last = None
    for decision in decisions(home):
        if decision["type"] in ("rollback", "resume"):
            last = decision
    return last if last and last["type"] == "rollback" else None


def keep(home: Home, manifest: Manifest) -> None:
    """Write the manifest of a published version into history."""
    write_atomically(home.history / manifest.version / "manifest.json", manifest.to_json().encode())

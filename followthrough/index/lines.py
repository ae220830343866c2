"""An append-only file of JSON lines, each line parsed once; lines may be kept in a shorter form."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

from followthrough.index.stamps import Stamp, stamp_of
from followthrough.index.store import is_behind, read_index, write_index
from followthrough.paths import Home

Line: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class _Known:
    """The complete lines of a file in short form: where each ends, and the hash of all of them.

    ``unindexed`` counts the lines that were not found in the index.
    """

    stamp: Stamp | None
    lines: Sequence[Line]
    ends: Sequence[int]
    sha256: str
    unindexed: int = 0

    @property
    def size(self) -> int:
        return self.ends[-1] if self.ends else 0


_NOTHING = _Known(None, (), (), hashlib.sha256().hexdigest())
_known: dict[Path, _Known] = {}


def short_lines(home: Home, path: Path, shorten: Callable[[Line], Line]) -> Sequence[Line]:
    """Every complete line of the file, shortened, oldest first; they are shared: do not change them."""
    return _current(home, path, shorten).lines


def whole_lines(
    home: Home, path: Path, shorten: Callable[[Line], Line], wanted: Callable[[Line], bool]
) -> Iterator[Line]:
    """The complete lines whose short form is ``wanted``, as they are in the file, oldest first."""
    known = _current(home, path, shorten)
    places = [place for place, line in enumerate(known.lines) if wanted(line)]
    if places:
        with path.open("rb") as file:
            for place in places:
                file.seek(known.ends[place - 1] if place else 0)
                yield json.loads(file.readline())


def save(home: Home) -> None:
    """Write the index of each file this process has read, where the one there is far behind."""
    for path, known in [*_known.items()]:
        if path.is_relative_to(home.root) and is_behind(known.unindexed, len(known.lines)):
            content = {"sha256": known.sha256, "ends": known.ends, "lines": known.lines}
            write_index(home, path, content)
            _known[path] = replace(known, unindexed=0)


def _current(home: Home, path: Path, shorten: Callable[[Line], Line]) -> _Known:
    if not path.exists():
        _known.pop(path, None)
        return _NOTHING
    stamp = stamp_of(path.stat())  # appending changes the size, however fast it comes
    known = _known.get(path)
    if known is None or known.stamp != stamp:
        known = _read(path, stamp, shorten, known or _indexed(home, path))
        _known[path] = known
    return known


def _read(path: Path, stamp: Stamp, shorten: Callable[[Line], Line], before: _Known) -> _Known:
    """The file's lines; those that were known are not parsed again if their bytes are the same."""
    content = path.read_bytes()
    digest = hashlib.sha256(memoryview(content)[: before.size])
    if len(content) < before.size or digest.hexdigest() != before.sha256:
        before, digest = _NOTHING, hashlib.sha256()
    lines, ends, start = [*before.lines], [*before.ends], before.size
    while end := content.find(b"\n", start) + 1:
        lines.append(shorten(json.loads(content[start:end])))
        ends.append(end)
        start = end
    digest.update(memoryview(content)[before.size : start])
    unindexed = before.unindexed + len(lines) - len(before.lines)
    return _Known(stamp, lines, ends, digest.hexdigest(), unindexed)


def _indexed(home: Home, path: Path) -> _Known:
    stored = read_index(home, path)
    return _Known(None, stored["lines"], stored["ends"], stored["sha256"]) if stored else _NOTHING

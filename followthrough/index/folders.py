"""Folders of JSON files, each file parsed once per process and again only after it has changed."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Generic, TypeVar

from followthrough.index.stamps import Stamp, is_settled, stamp_of
from followthrough.index.store import is_behind, read_index, write_index
from followthrough.paths import Home

T = TypeVar("T")
_JSON = ".json"


@dataclass(frozen=True)
class Listing(Generic[T]):
    """The files of a folder: their names, sorted, and what those ending in ``.json`` hold, by stem.

    Hidden files, which are still being written, are left out.
    """

    names: tuple[str, ...]
    records: Mapping[str, T]


@dataclass(frozen=True)
class _Known:
    """A folder as it was read: its stamp, and those of the files whose records can be used again.

    ``unindexed`` counts the records that were not found in the index.
    """

    folder: Stamp | None
    files: Mapping[str, Stamp]
    listing: Listing[Any]
    unindexed: int = 0


_NOTHING = _Known(None, {}, Listing((), {}))
_known: dict[tuple[Path, Callable[[Any], Any]], _Known] = {}


def listing(home: Home, folder: Path, parse: Callable[[Any], T]) -> Listing[T]:
    """The files of a folder of the home, empty if there is none; ``parse`` makes a record of a file's JSON.

    Files that came, went or were replaced are noticed at once; one that was written over in place, which
    nothing here does, is noticed by the next process. The records are shared: do not change them.
    """
    if not folder.is_dir():
        _known.pop((folder, parse), None)
        return _NOTHING.listing
    stamp = stamp_of(folder.stat())
    known = _known.get((folder, parse))
    if known is None or known.folder != stamp:
        known = _read(folder, stamp, parse, known or _indexed(home, folder, parse))
        _known[folder, parse] = known
    return known.listing


def subfolders(folder: Path) -> Iterator[Path]:
    """The folders in a folder, sorted; none if it does not exist."""
    if folder.is_dir():
        yield from sorted(path for path in folder.iterdir() if path.is_dir())


def save(home: Home) -> None:
    """Write the index of each folder this process has read, where the one there is far behind."""
    for key, known in [*_known.items()]:
        folder, _ = key
        if folder.is_relative_to(home.root) and is_behind(known.unindexed, len(known.files)):
            _index(home, folder)
            _known[key] = replace(known, unindexed=0)


def _read(folder: Path, stamp: Stamp, parse: Callable[[Any], Any], before: _Known) -> _Known:
    was_settled = is_settled(stamp)
    names, found = _scan(folder)
    records: dict[str, Any] = {}
    files: dict[str, Stamp] = {}
    unindexed = before.unindexed
    for stem, file in found.items():
        if before.files.get(stem) == file:
            records[stem], files[stem] = before.listing.records[stem], file
            continue
        if is_settled(file):
            files[stem] = file
        records[stem] = parse(_content(folder, stem))
        unindexed += 1
    return _Known(stamp if was_settled else None, files, Listing(names, records), unindexed)


def _scan(folder: Path) -> tuple[tuple[str, ...], dict[str, Stamp]]:
    """The names of the files, and the stamps of those ending in ``.json`` by stem, both sorted."""
    with os.scandir(folder) as entries:
        files = sorted(((e.name, e) for e in entries if not e.name.startswith(".")), key=lambda one: one[0])
        stamps = {n.removesuffix(_JSON): stamp_of(e.stat()) for n, e in files if n.endswith(_JSON)}
    return tuple(name for name, _ in files), stamps


def _content(folder: Path, stem: str) -> Any:
    return json.loads((folder / f"{stem}{_JSON}").read_text("utf-8"))


def _indexed(home: Home, folder: Path, parse: Callable[[Any], Any]) -> _Known:
    stored = read_index(home, folder) or {}
    files = {stem: Stamp(*stamp) for stem, (stamp, _) in stored.items()}
    return _Known(None, files, Listing((), {stem: parse(content) for stem, (_, content) in stored.items()}))


def _index(home: Home, folder: Path) -> None:
    """Write the index of a folder, from the one there and from the files it lacks."""
    stored = read_index(home, folder) or {}
    _, found = _scan(folder)
    kept = {stem: stamp for stem, stamp in found.items() if is_settled(stamp)}
    content = {
        stem: stored[stem]
        if stem in stored and Stamp(*stored[stem][0]) == stamp
        else (stamp, _content(folder, stem))
        for stem, stamp in kept.items()
    }
    write_index(home, folder, content)

"""Detects which declared export a file is, by the names in it, never by the file's own name."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from followthrough.contracts.export import Export, Json, Table
from followthrough.parse.decode import Decoded
from followthrough.parse.file_errors import FileRefused
from followthrough.parse.header import as_declared, guess, refuse_doubtful, spelled

_HEAD_LINES = 60
_HEAD_DOCUMENTS = 60
_HEAD_CHARACTERS = 100_000


@dataclass(frozen=True)
class Recognised:
    """A detected export, the line of its header from 1 (0 in JSON), and the header's trimmed cells."""

    export: Export
    header_line: int = 0
    names: tuple[str, ...] = ()


def recognise(text: Path, exports: Iterable[Export]) -> Recognised:
    """The export whose ``recognise`` names are all in the decoded file, of several the one with the most.

    Raises FileRefused, naming the nearest export and the names the file lacks.
    """
    candidates = list(exports)
    if _starts_as_json(text):
        names, rows = json_names(text), []
        found = [Recognised(e) for e in candidates if _is(e, Json) and set(e.recognise) <= names]
    else:
        rows = _head(text)
        found = [
            Recognised(export, number, names)
            for export in candidates
            if _is(export, Table)
            for number, row in enumerate(rows, start=1)
            for names in [as_declared(export, row)]
            if set(export.recognise) <= set(names)
        ]
        names = {spelled(cell) for row in rows for cell in row}
    if not found:
        raise _unknown(candidates, names, rows)
    best = max(found, key=lambda r: (len(r.export.recognise), -r.header_line))
    refuse_doubtful(best.export, best.names)
    return best


def choose(texts: Sequence[Decoded], exports: Iterable[Export]) -> tuple[Decoded, Recognised]:
    """The text of a file that is an export, and the export; FileRefused if none or several are."""
    candidates = list(exports)
    found, refusals = [], []
    for text in texts:
        try:
            found.append((text, recognise(text.path, candidates)))
        except FileRefused as refusal:
            refusals.append(refusal)
    if not found:
        near = [refusal for refusal in refusals if refusal.code == "unknown_layout"]
        raise (near or refusals or [FileRefused("empty")])[0]
    if len(found) > 1:
        raise FileRefused("several_tables", sheets="、".join(text.sheet for text, _ in found))
    return found[0]


def _is(export: Export, kind: type) -> bool:
    return isinstance(export.format, kind)


def _head(text: Path) -> list[list[str]]:
    with text.open(encoding="utf-8") as file:
        lines = [line[:_HEAD_CHARACTERS] for line in islice(file, _HEAD_LINES)]
    return [next(csv.reader([line]), []) for line in lines]


def _starts_as_json(text: Path) -> bool:
    with text.open(encoding="utf-8") as file:
        return file.read(4096).lstrip()[:1] in ("{", "[")


def json_names(text: Path) -> set[str]:
    """Dotted key paths of the first documents of a JSON file (lines, array or one document)."""
    names: set[str] = set()
    for document in _documents(text):
        _collect(document, "", names)
    return names


def _documents(text: Path) -> list[Any]:
    with text.open(encoding="utf-8") as file:
        lines = [line for line in islice(file, _HEAD_DOCUMENTS) if line.strip()]
    try:
        found = [json.loads(line) for line in lines]
    except (ValueError, RecursionError):
        try:
            found = [json.loads(text.read_text("utf-8"))]
        except (ValueError, RecursionError):
            raise FileRefused("broken_json") from None
    flat = [item for document in found for item in (document if isinstance(document, list) else [document])]
    return flat[:_HEAD_DOCUMENTS]


def _collect(value: Any, path: str, names: set[str]) -> None:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, Mapping):
            for key, inner in item.items():
                inner_path = f"{path}.{key}" if path else key
                names.add(inner_path)
                _collect(inner, inner_path, names)


def _unknown(candidates: list[Export], names: set[str], rows: Sequence[Sequence[str]]) -> FileRefused:
    def missing(export: Export) -> list[str]:
        return [name for name in export.recognise if spelled(name) not in names]

    nearest = min(candidates, key=lambda e: len(missing(e)) / len(e.recognise), default=None)
    if nearest is None or len(missing(nearest)) == len(nearest.recognise):
        return FileRefused("unknown_file")
    wanting = missing(nearest)
    return FileRefused(
        "unknown_layout",
        slug=nearest.slug,
        label=nearest.label,
        missing="、".join(wanting),
        **guess(wanting, _unknown_names(nearest, rows)),
    )


def _unknown_names(nearest: Export, rows: Iterable[Sequence[str]]) -> set[str]:
    """Undeclared names of the row that is most like the header."""
    # Only of that row, as rows below it may contain personal data.
    wanted, usual = ({spelled(name) for name in names} for names in (nearest.recognise, nearest.header))
    spellings = ({spelled(cell) for cell in row} for row in rows)
    return max(spellings, key=lambda names: len(names & wanted), default=set()) - usual

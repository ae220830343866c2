"""Matches the column names of a file with the declared ones: widths, padding, renamed and new columns."""

import difflib
import unicodedata
from collections.abc import Iterable, Sequence

from followthrough.contracts.export import Export
from followthrough.parse.file_errors import FileRefused

_PADDING = " \t\r\n\u00a0\u3000\ufeff"
_ALIKE = 0.5
_NAMES_SHOWN = 50


def spelled(name: str) -> str:
    """The name with letters and brackets in normal width (NFKC), without padding."""
    return unicodedata.normalize("NFKC", name).strip(_PADDING)


def as_declared(export: Export, names: Iterable[str]) -> tuple[str, ...]:
    """The names of a file's header; those the export declares in their declared spelling."""
    known = {spelled(name): name for name in _known(export)}
    return tuple(known.get(spelled(name), name.strip(_PADDING)) for name in names)


def refuse_doubtful(export: Export, names: Sequence[str]) -> None:
    """Raise FileRefused if a repeated declared column is not between its usual neighbours."""
    for column in export.columns:
        for source in column.source:
            places = [place for place, name in enumerate(names) if name == source]
            usual = [place for place, name in enumerate(export.header) if name == source]
            if not places or max(len(places), len(usual)) < 2:
                continue
            here, there = places[column.nth - 1 :][:1], usual[column.nth - 1 :][:1]
            if not (here and there and _beside(names, here[0]) == _beside(export.header, there[0])):
                raise FileRefused("doubtful_column", column=source)


def added(export: Export, names: Iterable[str]) -> tuple[str, ...]:
    """Undeclared names, at most fifty."""
    known = _known(export)
    return tuple(dict.fromkeys(name for name in names if name and name not in known))[:_NAMES_SHOWN]


def renamed(missing: Iterable[str], names: Iterable[str]) -> dict[str, str]:
    """The most similar of the file's names, by missing name; names without a similar one are left out."""
    names = sorted({name for name in names if name})
    found = {one: difflib.get_close_matches(one, names, n=1, cutoff=_ALIKE) for one in missing}
    return {one: near[0] for one, near in found.items() if near}


def guess(missing: Iterable[str], names: Iterable[str]) -> dict[str, str]:
    """The details ``renamed`` and ``renamed_zh`` of a refusal, which suggest renamed columns."""
    pairs = renamed(missing, names)
    if not pairs:
        return {"renamed": "", "renamed_zh": ""}
    english = ", ".join(f"{old} now {new}?" for old, new in pairs.items())
    chinese = "、".join(f"「{old}」可能改名为「{new}」" for old, new in pairs.items())
    return {"renamed": f" ({english})", "renamed_zh": f"（{chinese}）"}


def _known(export: Export) -> set[str]:
    return {*export.header, *export.recognise, *(source for c in export.columns for source in c.source)}


def _beside(names: Sequence[str], place: int) -> tuple[str, str]:
    return names[place - 1] if place else "", names[place + 1] if place + 1 < len(names) else ""

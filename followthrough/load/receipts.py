"""Receipts: the result of loading a file, one small JSON file per load."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from followthrough.contracts.export import Export
from followthrough.index.folders import listing, subfolders
from followthrough.paths import Home, write_atomically

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Receipt:
    """The balance of one load: ``rows`` = ``accepted`` + ``quarantined`` + Σ ``excluded``, always.

    ``refused`` is empty, or the reason why the file as a whole was refused (``code, message, remedy``).
    ``reading`` is ``Source.reading`` at the time of loading. ``absent`` are declared columns the file lacks,
    ``added`` columns of the file that are not declared. ``declared`` are the file's own control totals,
    ``measured`` the same computed from its rows. ``covers`` is the first and last business date in the file,
    ``days`` are its last dates with rows, at most 62. A receipt does not depend on when or how often the file
    was loaded.
    """

    load_id: str
    source_id: str
    sha256: str
    slug: str
    contract_version: int
    name: str
    key_fingerprint: str
    reading: str
    encoding: str = ""
    rows: int = 0
    accepted: int = 0
    quarantined: int = 0
    excluded: Mapping[str, int] = field(default_factory=dict)
    reasons: Mapping[str, int] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    covers: tuple[str, str] | None = None
    days: tuple[str, ...] = ()
    declared: Mapping[str, int] = field(default_factory=dict)
    measured: Mapping[str, int] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)


def load_id(source: str, sha256: str, slug: str, contract_version: int, reading: str) -> str:
    """The id of a load: a hash of source, file, contract version and ``Source.reading``."""
    text = f"{source}\n{sha256}\n{slug}@{contract_version}\n{reading}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def unknown_version(exports: Iterable[Export]) -> int:
    """The contract version of unknown files; it changes with any contract, so that they are tried again."""
    text = ",".join(sorted(f"{e.slug}@{e.version}" for e in exports))
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16)


def current_versions(exports: Iterable[Export]) -> dict[str, int]:
    """The contract version files are read under, by slug, and that of unknown files."""
    exports = [*exports]
    return {**{export.slug: export.version for export in exports}, UNKNOWN: unknown_version(exports)}


def write(home: Home, receipt: Receipt) -> None:
    """Write a receipt; it is the last file of a load, so its existence means the load is complete."""
    text = json.dumps(asdict(receipt), ensure_ascii=False, indent=1, sort_keys=True)
    write_atomically(home.receipt(receipt.slug, receipt.load_id), text.encode())


def whole_loads(home: Home) -> Iterator[Receipt]:
    """Receipts of complete loads; a load that is not refused must still have its bronze file."""
    kept = {
        name.removesuffix(".parquet")
        for folder in subfolders(home.accepted)
        for name in listing(home, folder, _receipt).names
    }
    return (receipt for receipt in receipts(home) if receipt.refused or receipt.load_id in kept)


def receipts(home: Home) -> Iterator[Receipt]:
    """All receipts of the home, by slug and load."""
    for folder in subfolders(home.receipts):
        yield from listing(home, folder, _receipt).records.values()


def _receipt(entry: dict[str, Any]) -> Receipt:
    covers = entry["covers"]
    return Receipt(
        **{
            **entry,
            "absent": tuple(entry["absent"]),
            "reading": entry.get("reading", ""),
            "added": tuple(entry.get("added", ())),
            "days": tuple(entry.get("days", ())),
            "covers": (covers[0], covers[1]) if covers else None,
        }
    )

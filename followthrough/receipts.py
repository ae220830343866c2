"""What loading a file came to, one small JSON file per load."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from followthrough.contract import Export
from followthrough.paths import Home, write_atomically

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Receipt:
    """The balance of one load: ``rows`` = ``accepted`` + ``quarantined`` + Σ ``excluded``, always.

    ``refused`` is empty, or says why the file as a whole was not taken (``code, message, remedy``).
    ``reading`` names what the source said of its files when this one was read (``Source.reading``).
    ``absent`` are declared columns the file lacks, ``added`` those nobody declared.
    ``declared`` and ``measured`` hold the file's own control totals and ours. ``covers`` is the first and
    last business date in the file, ``days`` the last 62 at most that have rows. Nothing in a receipt
    depends on when or how often it was made.
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
    """The name of a load: a function of source, bytes, contract version and ``Source.reading``."""
    text = f"{source}\n{sha256}\n{slug}@{contract_version}\n{reading}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def unknown_version(exports: Iterable[Export]) -> int:
    """A version for files nobody recognised: it changes with any contract, so that they are tried again."""
    text = ",".join(sorted(f"{e.slug}@{e.version}" for e in exports))
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16)


def write(home: Home, receipt: Receipt) -> None:
    """Keep a receipt; it is the last thing a load writes, so a receipt means the load is whole."""
    text = json.dumps(asdict(receipt), ensure_ascii=False, indent=1, sort_keys=True)
    write_atomically(home.receipt(receipt.slug, receipt.load_id), text.encode())


def whole_loads(home: Home) -> set[str]:
    """Names of the loads that were read to their end and whose rows, if not refused, are still there."""
    kept = {path.stem for path in home.accepted.glob("*/*.parquet")}
    made = {path.stem: path for path in (home.root / "loads").glob("*/*.json")}
    return {
        name for name, path in made.items() if name in kept or json.loads(path.read_text("utf-8"))["refused"]
    }


def receipts(home: Home) -> Iterator[Receipt]:
    """All receipts of the home, by slug and load."""
    for path in sorted((home.root / "loads").glob("*/*.json")):
        yield _receipt(json.loads(path.read_text("utf-8")))


def _receipt(entry: dict[str, Any]) -> Receipt:
    covers = entry["covers"]
    return Receipt(**{**entry, "absent": tuple(entry["absent"]),
                      "reading": entry.get("reading", ""),
                      "added": tuple(entry.get("added", ())),
                      "days": tuple(entry.get("days", ())),
                      "covers": (covers[0], covers[1]) if covers else None})  # fmt: skip

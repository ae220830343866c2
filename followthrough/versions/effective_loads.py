"""The effective loads, those a version is built from: a function of receipts, landing and history."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from followthrough.ingest.archive_members import contents
from followthrough.load.receipts import Receipt, receipts
from followthrough.settings import Settings
from followthrough.versions.history import AppliedLoad, Manifest, verdicts, withdrawn


@dataclass(frozen=True)
class EffectiveLoad:
    """A load that is used, and when its file was exported (Shanghai wall time)."""

    receipt: Receipt
    exported_at: datetime

    @property
    def identity(self) -> tuple[str, str]:
        """The load id and export time; a load with both equal in the parent is applied already."""
        return self.receipt.load_id, self.exported_at.isoformat()


@dataclass(frozen=True)
class Change:
    """Loads a build has to add and to remove; a load whose export time changed is in both."""

    new: tuple[EffectiveLoad, ...]
    gone: tuple[AppliedLoad, ...]

    def __bool__(self) -> bool:
        return bool(self.new or self.gone)


def effective(settings: Settings) -> list[EffectiveLoad]:
    """The admitted, not withdrawn load of each file with the highest contract version, sorted by load id.

    The same bytes are used for one source only, the one they were admitted for first.
    """
    best: dict[tuple[str, str], Receipt] = {}
    for receipt in admitted(settings):
        file = (receipt.source_id, receipt.sha256)
        if file not in best or best[file].contract_version < receipt.contract_version:
            best[file] = receipt
    times, owners = export_times(settings), bytes_in_use(best.values())
    found = [
        EffectiveLoad(receipt, times[file])
        for file, receipt in best.items()
        if owners.get(receipt.sha256, receipt.source_id) == receipt.source_id
    ]
    return sorted(found, key=lambda load: load.receipt.load_id)


def admitted(settings: Settings) -> list[Receipt]:
    """Receipts of the loads gate 1 admitted, in that order, without withdrawn files."""
    given, by_hand = verdicts(settings.home), withdrawn(settings.home)
    place = {load_id: number for number, load_id in enumerate(given)}
    known = [receipt for receipt in current_receipts(settings) if receipt.load_id in given]
    taken_back = {(r.source_id, r.sha256) for r in known if r.load_id in by_hand}
    through = [
        receipt
        for receipt in known
        if given[receipt.load_id]["verdict"] in ("admitted", "warned")
        and (receipt.source_id, receipt.sha256) not in taken_back
    ]
    return sorted(through, key=lambda receipt: place[receipt.load_id])


def bytes_in_use(counting: Iterable[Receipt]) -> dict[str, str]:
    """The source that uses each file, by hash; files without rows are left out, as they may be identical."""
    owners: dict[str, str] = {}
    for receipt in counting:
        if receipt.accepted + receipt.quarantined:
            owners.setdefault(receipt.sha256, receipt.source_id)
    return owners


def current_receipts(settings: Settings) -> Iterable[Receipt]:
    """Receipts of the configured sources that were made with their current settings."""
    now = {source.id: source.reading for source in settings.sources}
    return (receipt for receipt in receipts(settings.home) if now.get(receipt.source_id) == receipt.reading)


def export_times(settings: Settings) -> dict[tuple[str, str], datetime]:
    """When each file was exported, by source and hash: the earliest time of all its sightings."""
    return {file: min(times) for file, times in every_export_time(settings).items()}


def every_export_time(settings: Settings) -> dict[tuple[str, str], set[datetime]]:
    """All times each file was exported at, by source and hash; an empty bill is the same on many days."""
    times: dict[tuple[str, str], set[datetime]] = defaultdict(set)
    for source in settings.sources:
        for file in contents(settings.home, source.id):
            times[source.id, file.sha256] |= {s.exported_at or s.seen_at for s in file.sightings}
    return times


def fingerprint(loads: Iterable[EffectiveLoad | AppliedLoad]) -> str:
    """A hash of these loads and their export times, 16 hex digits."""
    identities = sorted(
        load.identity if isinstance(load, EffectiveLoad) else (load.load_id, load.exported_at)
        for load in loads
    )
    return hashlib.sha256(repr(identities).encode()).hexdigest()[:16]


def change(loads: Iterable[EffectiveLoad], parent: Manifest | None) -> Change:
    """The difference between these loads and those the parent version has applied."""
    loads = list(loads)
    applied = {(load.load_id, load.exported_at): load for load in (parent.loads if parent else ())}
    counting = {load.identity for load in loads}
    return Change(
        new=tuple(load for load in loads if load.identity not in applied),
        gone=tuple(load for identity, load in applied.items() if identity not in counting),
    )

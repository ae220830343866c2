"""Which loads count: a pure function of receipts, landing and history."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from followthrough.contents import contents
from followthrough.history import AppliedLoad, Manifest, verdicts, withdrawn
from followthrough.receipts import Receipt, receipts
from followthrough.settings import Settings


@dataclass(frozen=True)
class EffectiveLoad:
    """A load that counts, and when its content was made (Shanghai wall time)."""

    receipt: Receipt
    exported_at: datetime

    @property
    def identity(self) -> tuple[str, str]:
        """What must be equal for a load to count as applied already."""
        return self.receipt.load_id, self.exported_at.isoformat()


@dataclass(frozen=True)
class Change:
    """What a build has to take in and to let go; a load whose export time changed is in both."""

    new: tuple[EffectiveLoad, ...]
    gone: tuple[AppliedLoad, ...]

    def __bool__(self) -> bool:
        return bool(self.new or self.gone)


def effective(settings: Settings) -> list[EffectiveLoad]:
    """Per file the admitted load of its highest contract version, minus what was withdrawn by hand.

    The same bytes count for one source only, the one they were admitted for first.
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
    """Loads gate 1 let through, in the order it did, but for the files withdrawn by hand."""
    judged, by_hand = verdicts(settings.home), withdrawn(settings.home)
    place = {load_id: number for number, load_id in enumerate(judged)}
    known = [receipt for receipt in current_receipts(settings) if receipt.load_id in judged]
    taken_back = {(r.source_id, r.sha256) for r in known if r.load_id in by_hand}
    through = [
        receipt
        for receipt in known
        if judged[receipt.load_id]["verdict"] in ("admitted", "warned")
        and (receipt.source_id, receipt.sha256) not in taken_back
    ]
    return sorted(through, key=lambda receipt: place[receipt.load_id])


def bytes_in_use(counting: Iterable[Receipt]) -> dict[str, str]:
    """Which source the bytes of loads with rows count for; files without a row are all alike."""
    owners: dict[str, str] = {}
    for receipt in counting:
        if receipt.accepted + receipt.quarantined:
            owners.setdefault(receipt.sha256, receipt.source_id)
    return owners


def current_receipts(settings: Settings) -> Iterable[Receipt]:
    """Receipts of the configured sources, read as the sources say now."""
    now = {source.id: source.reading for source in settings.sources}
    return (receipt for receipt in receipts(settings.home) if now.get(receipt.source_id) == receipt.reading)


def export_times(settings: Settings) -> dict[tuple[str, str], datetime]:
    """When the content of each file was made, by source and hash: the earliest moment any arrival gives."""
    return {file: min(times) for file, times in every_export_time(settings).items()}


def every_export_time(settings: Settings) -> dict[tuple[str, str], set[datetime]]:
    """All moments the content of each file was made at: an empty bill is the same on many mornings."""
    times: dict[tuple[str, str], set[datetime]] = defaultdict(set)
    for source in settings.sources:
        for file in contents(settings.home, source.id):
            times[source.id, file.sha256] |= {s.exported_at or s.seen_at for s in file.sightings}
    return times


def fingerprint(loads: Iterable[EffectiveLoad | AppliedLoad]) -> str:
    """16 hex digits of which loads count, and of when their content was made."""
    identities = sorted(
        load.identity if isinstance(load, EffectiveLoad) else (load.load_id, load.exported_at)
        for load in loads
    )
    return hashlib.sha256(repr(identities).encode()).hexdigest()[:16]


def change(loads: Iterable[EffectiveLoad], parent: Manifest | None) -> Change:
    """The difference between what counts and what the parent version has applied."""
    loads = list(loads)
    applied = {(load.load_id, load.exported_at): load for load in (parent.loads if parent else ())}
    counting = {load.identity for load in loads}
    return Change(
        new=tuple(load for load in loads if load.identity not in applied),
        gone=tuple(load for identity, load in applied.items() if identity not in counting),
    )

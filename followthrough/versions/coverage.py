"""Through which business date each export of each source has been received, and whether it is late.

A file covers the days up to the one before it was made. If the export usually has rows on nearly every
day, it covers only the days up to the last one with rows.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from followthrough.contracts.export import Export
from followthrough.ingest.archive_members import contents
from followthrough.load.receipts import Receipt
from followthrough.settings import Settings, Source
from followthrough.settings.schedule import Plan

BUSY_DAYS, BUSY_SHARE = 28, 0.9
"""An export with rows on at least this share of so many days is expected to have rows every day."""


@dataclass(frozen=True)
class Coverage:
    """One export of one source at one moment.

    ``missing`` are the business dates up to the night that it does not cover; ``due_at`` is when the first
    of them is due, or the next date if none is missing. ``state`` is fresh, not_due, late, refused (late,
    and the delivered file was refused) or on_demand.
    """

    source: Source
    export: Export
    plan: Plan
    covered_through: date | None
    missing: tuple[date, ...]
    due_at: datetime | None
    state: str


def coverage(
    settings: Settings, receipts: Iterable[Receipt], refused: Iterable[str], night: date, run_at: datetime
) -> list[Coverage]:
    """The coverage of every export of every source, for ``night`` at ``run_at``.

    ``receipts`` are those of effective loads; ``refused`` are the sources with a refused file that has not
    been replaced.
    """
    by_export: dict[tuple[str, str], list[Receipt]] = defaultdict(list)
    for receipt in receipts:
        by_export[receipt.source_id, receipt.slug].append(receipt)
    refused = set(refused)
    return [
        _judge(source, export, through, source.id in refused, night, run_at)
        for source in settings.sources
        for seen in [_last_sightings(settings, source)]
        for export in settings.platforms[source.platform].exports
        for through in [_covered_through(by_export[source.id, export.slug], seen)]
    ]


def _judge(
    source: Source, export: Export, through: date | None, is_refused: bool, night: date, run_at: datetime
) -> Coverage:
    plan = source.plan(export)
    first = (through or night - timedelta(days=1)) + timedelta(days=1)
    missing = tuple(first + timedelta(days=n) for n in range((night - first).days + 1))
    due_at = plan.due_at(first)
    if not missing:
        state = "fresh"
    elif due_at is None:
        state = "on_demand"
    elif run_at < due_at:
        state = "not_due"
    else:
        state = "refused" if is_refused else "late"
    return Coverage(source, export, plan, through, missing, due_at, state)


def _covered_through(receipts: list[Receipt], seen: Mapping[str, datetime]) -> date | None:
    """The last day the files cover completely, None without files."""
    if not receipts:
        return None
    made = max(seen[receipt.sha256] for receipt in receipts).date() - timedelta(days=1)
    days = {date.fromisoformat(day) for receipt in receipts for day in receipt.days}
    recent = {made - timedelta(days=n) for n in range(BUSY_DAYS)}
    if len(recent & days) < BUSY_DAYS * BUSY_SHARE:
        return made
    return max(recent & days)


def _last_sightings(settings: Settings, source: Source) -> dict[str, datetime]:
    """When each file was last exported, by hash."""
    # Later exports may be identical and cover later days, such as days without rows.
    last: dict[str, datetime] = {}
    for file in contents(settings.home, source.id):
        made = max(s.exported_at or s.seen_at for s in file.sightings)
        last[file.sha256] = max(made, last.get(file.sha256, made))
    return last

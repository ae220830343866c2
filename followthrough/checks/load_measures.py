"""Measures of a load for gate 1: its row counts, and how they compare with recent loads."""

import statistics
from collections import defaultdict
from collections.abc import Container, Iterable
from datetime import date, timedelta
from typing import Any

from followthrough.checks.campaigns import Phase, campaign_phases
from followthrough.contracts.export import Export
from followthrough.load.receipts import Receipt
from followthrough.settings import Settings, Source
from followthrough.versions.effective_loads import current_receipts, export_times

_RECENT = 14
_LULL = timedelta(days=7)
"""Volumes are unusually low for this long after a campaign."""

COLUMNS = {
    "load_id": "VARCHAR",
    "rows": "BIGINT",
    "accepted": "BIGINT",
    "quarantined": "BIGINT",
    "quarantined_share": "DOUBLE",
    "usual_rows": "BIGINT",
    "rows_to_usual": "DOUBLE",
    "totals_differing": "BIGINT",
    "is_complete_list": "BOOLEAN",
    "days_ahead": "BIGINT",
    "unaccounted": "BIGINT",
    "is_campaign": "BOOLEAN",
}


def load_measures(settings: Settings, wanted: Container[str]) -> dict[str, tuple[Any, ...]]:
    """A row of ``COLUMNS`` of each ``wanted`` load, by its id.

    ``usual_rows`` is the median of up to 14 earlier loads, null below 3.
    """
    times, phases = export_times(settings), campaign_phases(settings)
    series: dict[tuple[str, str], list[Receipt]] = defaultdict(list)
    for receipt in current_receipts(settings):
        if not receipt.refused:
            series[receipt.source_id, receipt.slug].append(receipt)
    measured = {}
    for receipts in series.values():
        receipts.sort(key=lambda r: times[r.source_id, r.sha256])
        for place, receipt in enumerate(receipts):
            if receipt.load_id not in wanted:
                continue
            recent = [r.accepted for r in receipts[max(0, place - _RECENT) : place]]
            usual = int(statistics.median(recent)) if len(recent) >= 3 else None
            export = settings.exports[receipt.slug]
            exported = times[receipt.source_id, receipt.sha256].date()
            measured[receipt.load_id] = (
                *_measure(receipt, export, usual, exported.toordinal()),
                _is_in_campaign(settings.source(receipt.source_id), receipt, phases),
            )
    return measured


def _measure(receipt: Receipt, export: Export, usual: int | None, exported: int) -> tuple[Any, ...]:
    read = receipt.accepted + receipt.quarantined
    ahead = date.fromisoformat(receipt.covers[1]).toordinal() - exported if receipt.covers else 0
    return (
        receipt.load_id,
        receipt.rows,
        receipt.accepted,
        receipt.quarantined,
        receipt.quarantined / read if read else 0.0,
        usual,
        receipt.accepted / usual if usual else None,
        sum(receipt.measured.get(name) != value for name, value in receipt.declared.items()),
        export.is_snapshot,
        ahead,
        receipt.rows - receipt.accepted - receipt.quarantined - sum(receipt.excluded.values()),
    )


def _is_in_campaign(source: Source, receipt: Receipt, phases: Iterable[Phase]) -> bool:
    """Whether days of the file are within a campaign of its shop or the 7 days after it."""
    if not receipt.covers:
        return False
    first, last = map(date.fromisoformat, receipt.covers)
    return any(
        phase.starts_at.date() <= last and first <= phase.ends_at.date() + _LULL
        for phase in phases
        if phase.shop_id in (None, source.shop_id) and phase.brand_id in (None, source.brand_id)
    )

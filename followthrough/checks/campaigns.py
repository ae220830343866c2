"""Campaign phases from the newest operator sheets, when volumes are not usual."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from followthrough.database import connect, literal
from followthrough.settings import Settings
from followthrough.versions.effective_loads import EffectiveLoad, effective


@dataclass(frozen=True)
class Phase:
    """A phase of a campaign, from ``starts_at`` to ``ends_at``, both included, Shanghai wall time.

    It applies to one shop or the shops of one brand, or to all if both are null.
    """

    campaign_id: str
    phase: str
    shop_id: str | None
    brand_id: str | None
    starts_at: datetime
    ends_at: datetime


def campaign_phases(settings: Settings) -> list[Phase]:
    """The phases of each source's newest effective sheet, in order of their start.

    As in the marts, sheets without rows and loads gate 1 has not admitted are ignored.
    """
    loads = effective(settings)
    phases = _read(
        settings, "sheets__campaign_phases", loads, "campaign_id, phase, shop_id, starts_at, ends_at"
    )
    brands = dict(_read(settings, "sheets__campaigns", loads, "campaign_id, brand_id"))
    return sorted(
        (
            Phase(campaign, phase, shop, brands.get(campaign), *span)
            for campaign, phase, shop, *span in phases
        ),
        key=lambda phase: (phase.starts_at, phase.campaign_id, phase.shop_id or ""),
    )


def _read(settings: Settings, slug: str, loads: list[EffectiveLoad], columns: str) -> list[tuple[Any, ...]]:
    """Distinct rows of each source's newest sheet of this kind, newer sheets last."""
    with_rows = (load for load in loads if load.receipt.slug == slug and load.receipt.accepted)
    newest = {load.receipt.source_id: load for load in sorted(with_rows, key=_age)}
    with connect(folders=(settings.home.root,)) as connection:
        return [
            row
            for load in sorted(newest.values(), key=_age)
            for row in connection.execute(
                f"""SELECT DISTINCT {columns}
                FROM read_parquet({literal(settings.home.bronze(slug, load.receipt.load_id))}) ORDER BY ALL"""
            ).fetchall()
        ]


def _age(load: EffectiveLoad) -> tuple[datetime, int, str]:
    return load.exported_at, load.receipt.contract_version, load.receipt.load_id

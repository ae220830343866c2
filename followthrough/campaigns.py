"""When volumes are not usual: the phases of campaigns, as the newest sheets say."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from followthrough.effective import EffectiveLoad, effective
from followthrough.engine import connect, literal
from followthrough.settings import Settings


@dataclass(frozen=True)
class Phase:
    """A phase of a campaign, from ``starts_at`` to ``ends_at``, both included, Shanghai wall time.

    It holds for one shop or the shops of one brand; for all where both are null.
    """

    campaign_id: str
    phase: str
    shop_id: str | None
    brand_id: str | None
    starts_at: datetime
    ends_at: datetime


def campaign_phases(settings: Settings) -> list[Phase]:
    """The phases of the newest effective sheet of each source, by opening.

    As in the marts a sheet without rows says nothing, and what gate 1 has not let through yet is unknown.
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
    """Distinct rows of the newest sheets of this kind, those of newer sheets last."""
    told = (load for load in loads if load.receipt.slug == slug and load.receipt.accepted)
    newest = {load.receipt.source_id: load for load in sorted(told, key=_age)}
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

"""Operator sheets 运营表: data that no platform exports and people fill in by hand.

Each file is a complete table: a source's newest file replaces the one before, and a row missing from it no
longer applies. A file without rows is ignored.
"""

from followthrough.contracts.export import Platform
from followthrough.platforms.sheets.brands import BRANDS
from followthrough.platforms.sheets.bundles import BUNDLES
from followthrough.platforms.sheets.campaign_phases import CAMPAIGN_PHASES
from followthrough.platforms.sheets.campaigns import CAMPAIGNS
from followthrough.platforms.sheets.creators import CREATORS
from followthrough.platforms.sheets.entry_points import ENTRY_POINTS
from followthrough.platforms.sheets.exclusions import EXCLUSIONS
from followthrough.platforms.sheets.products import PRODUCTS
from followthrough.platforms.sheets.shops import SHOPS
from followthrough.platforms.sheets.spend import SPEND
from followthrough.platforms.sheets.staff import STAFF
from followthrough.platforms.sheets.targets import TARGETS

PLATFORM = Platform(
    name="sheets",
    label="运营表",
    exports=(
        SHOPS,
        BRANDS,
        TARGETS,
        CAMPAIGNS,
        CAMPAIGN_PHASES,
        ENTRY_POINTS,
        EXCLUSIONS,
        PRODUCTS,
        BUNDLES,
        CREATORS,
        STAFF,
        SPEND,
    ),
)

"""Start and end of each phase of a campaign, to the minute: 双11 opens at 20:00, not at midnight."""

from followthrough.contracts.export import Id
from followthrough.platforms.sheets.sheet import MOMENT, column, sheet, words

PHASES = words({"预热": "warm_up", "预售": "presale", "爆发": "peak", "续售": "sustained", "返场": "encore"})

CAMPAIGN_PHASES = sheet(
    name="campaign_phases",
    label="活动阶段表",
    grain="one row per campaign, phase, shop and opening",
    columns=(
        column("campaign_id", "活动编号", Id(), "The campaign.", "活动表里的活动编号。", required=True),
        column("phase", "活动阶段", PHASES, "Which phase of it.", "选最接近的一种。", required=True),
        column("starts_at", "开始时间", MOMENT, "When it opens, Shanghai wall time.",
               "精确到分,例如 2026-10-31 20:00。", required=True),
        column("ends_at", "结束时间", MOMENT, "The last moment of it, Shanghai wall time.",
               "最后一刻,例如 2026-11-11 23:59。", required=True),
        column("final_due_at", "尾款截止时间", MOMENT, "When balances of deposits are due at the latest.",
               "预售才填:最晚什么时候付尾款。"),
        column("shop_id", "店铺编号", Id(), "The only shop it holds for; blank for all.",
               "只有一个店铺时填,不填为全部店铺。"),
    ),
    key=("campaign_id", "phase", "starts_at", "shop_id"),
    examples=(
        ("d11_2026", "预售", "2026-10-20 20:00", "2026-10-31 17:59", "2026-11-03 23:59", ""),
        ("d11_2026", "爆发", "2026-10-31 20:00:00", "2026-11-11 23:59:59", "", ""),
        ("member_1125", "爆发", "2026-11-25 10:00", "2026-11-25 23:59", "", "youzan_moss"),
    ),
    signals="when volumes are not usual and deposits are due",
    cannot_tell="what was sold in them",
)  # fmt: skip

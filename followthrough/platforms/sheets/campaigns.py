"""The campaigns."""

from followthrough.contracts.export import Id, Money, Text
from followthrough.platforms.sheets.sheet import column, sheet, words

KINDS = words(
    {
        "平台大促": "platform_promotion",
        "品牌活动": "brand_event",
        "会员日": "member_day",
        "直播专场": "live_event",
        "新品上市": "launch",
    }
)

CAMPAIGNS = sheet(
    name="campaigns",
    label="活动表",
    grain="one row per campaign",
    columns=(
        column("campaign_id", "活动编号", Id(), "The campaign's own name, used by the other sheets.",
               "自己起,一年一个,例如 d11_2026;其他表里引用它。", required=True),
        column("campaign_name", "活动名称", Text(), "What people call it.", "日报和看板上显示的名字。",
               required=True),
        column("kind", "活动类型", KINDS, "What kind of campaign it is.", "选最接近的一种。", required=True),
        column("brand_id", "品牌编号", Id(), "The brand that runs it; blank for all.",
               "只有一个品牌参加时填,不填为全部品牌。"),
        column("budget_fen", "活动预算(元)", Money(), "What it may cost, in fen.", "全部费用的预算,单位元。",
               label="活动预算(分)"),
    ),
    key=("campaign_id",),
    examples=(
        ("d11_2026", "2026 双11", "平台大促", "", "80000"),
        ("member_1125", "11月会员日", "会员日", "moss", "3000.00"),
        ("pine_winter", "松间冬季新品", "新品上市", "pine", "15,000.00"),
    ),
    signals="campaigns and their budget",
    cannot_tell="when they run, which is in the phases",
)  # fmt: skip

"""The QR codes and links for adding us on WeCom, and their meaning, by ``state``."""

from followthrough.contracts.export import Id, Text
from followthrough.platforms.sheets.sheet import column, sheet, words

KINDS = words(
    {
        "咨询": "inquiry",
        "福利": "welfare",
        "包裹卡": "package_card",
        "门店": "store",
        "活动报名": "event",
        "售后服务": "service",
    }
)

ENTRY_POINTS = sheet(
    name="entry_points",
    label="渠道码表",
    grain="one row per state of a code",
    columns=(
        column("state", "渠道参数", Text(), "Parameter of the code, as WeCom reports it.",
               "企业微信“联系我”里设置的 state,大小写一致。", required=True),
        column("kind", "入口类型", KINDS, "Why people scan it; inquiry and event make a lead.",
               "咨询、活动报名算线索,其余不算。", required=True),
        column("channel", "投放渠道", Text(), "Where the code is shown.", "码放在哪里,例如 抖音直播间。"),
        column("campaign_id", "活动编号", Id(), "The campaign it belongs to.", "活动表里的活动编号。"),
    ),
    key=("state",),
    examples=(
        ("inquiry_live", "咨询", "视频号直播间", ""),
        ("package_card", "包裹卡", "随包裹卡片", ""),
        ("d11_signup", "活动报名", "公众号文章", "d11_2026"),
    ),
    signals="why somebody was added on WeCom; lead where the code asks",
    cannot_tell="who was added",
)  # fmt: skip

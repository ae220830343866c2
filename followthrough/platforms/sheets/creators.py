"""The creators who promote our products, their name on each platform, and the terms."""

from followthrough.contracts.export import Decimal, Id, Money, Rate, Text
from followthrough.platforms.sheets.sheet import column, sheet, words

TYPES = words({"自播": "own_live", "达人": "creator", "KOC": "koc", "员工": "staff"})

CREATORS = sheet(
    name="creators",
    label="达人表",
    grain="one row per creator",
    columns=(
        column("creator_id", "达人编号", Id(), "Our own name of the creator.",
               "自己起,一个人一个;其他表里引用它。", required=True),
        column("creator_name", "达人名称", Text(), "Stage name.", "昵称,不写真名。", required=True),
        column("type", "达人类型", TYPES, "Whose creator.", "自播间、达人、KOC 或员工。", required=True),
        column("douyin_id", "抖音达人ID", Id(), "Id on Douyin.", "订单里的达人ID。设为文本格式。"),
        column("channels_id", "视频号达人ID", Id(), "Id on WeChat Channels.",
               "微信小店订单里的带货ID。"),
        column("xiaohongshu_id", "小红书号", Id(), "Id on Xiaohongshu.", "小红书号。"),
        column("taobao_id", "淘宝主播ID", Id(), "Id on Taobao Live.", "淘宝直播的主播ID。"),
        column("slot_fee_fen", "坑位费(元)", Money(), "Fee of one slot, in fen.", "每场固定费用,单位元。",
               label="坑位费(分)"),
        column("commission_rate", "佣金比例", Rate(), "Share of the sales that is the creator's.",
               "例如 20%。"),
        column("guaranteed_roi", "保量ROI", Decimal(), "Sales per yuan of fee the creator guarantees.",
               "没有承诺就不填。"),
    ),
    key=("creator_id",),
    examples=(
        ("moss_studio", "苔原自播间", "自播", "62800000001", "v2_060000000001", "", "", "", "", ""),
        ("lichen_girl", "地衣少女", "达人", "62800000002", "", "63000000002", "", "20000", "20%", "1.5"),
        ("pine_friend", "松间老友", "KOC", "", "", "63000000003", "taobao_pine", "500.00", "0.1", ""),
    ),
    signals="who a creator of an order is, and what is owed",
    cannot_tell="what they sold",
)  # fmt: skip

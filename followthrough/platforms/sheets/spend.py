"""Marketing spend by day and recipient."""

from followthrough.contracts.export import Id, Integer, Money, Ordinal
from followthrough.platforms.sheets.sheet import DAY, column, sheet, words

CHANNELS = words(
    {
        "巨量千川": "qianchuan",
        "巨量广告": "ocean_engine",
        "腾讯广告": "tencent_ads",
        "小红书聚光": "xiaohongshu_ads",
        "万相台": "taobao_ads",
        "京准通": "jd_ads",
        "达人合作": "creators",
        "线下物料": "print",
        "其他": "other",
    }
)
KINDS = words(
    {"广告消耗": "ads", "坑位费": "slot_fee", "佣金": "commission", "寄样": "samples", "其他": "other"}
)

SPEND = sheet(
    name="spend",
    label="投放花费表",
    grain="one row per entry of an amount spent",
    columns=(
        column("spent_on", "花费日期", DAY, "The business day it was spent.", "按天填,例如 2026-11-11。",
               required=True),
        column("channel", "投放渠道", CHANNELS, "Where it was spent.", "选最接近的一种。", required=True),
        column("kind", "花费类型", KINDS, "What it was spent on.", "选最接近的一种。", required=True),
        column("amount_fen", "花费金额(元)", Money(), "What was spent, in fen; negative for money back.",
               "实际消耗,不含赠款;退回的填负数。单位元。", required=True, label="花费金额(分)"),
        column("shop_id", "店铺编号", Id(), "The shop it was spent for.", "店铺表里的店铺编号。"),
        column("brand_id", "品牌编号", Id(), "The brand it was spent for.", "品牌表里的品牌编号。"),
        column("campaign_id", "活动编号", Id(), "The campaign it belongs to.", "活动表里的活动编号。"),
        column("creator_id", "达人编号", Id(), "The creator it was paid to.", "达人表里的达人编号。"),
        column("content_key", "内容编号", Id(), "The article, note or video it was spent on.",
               "笔记、文章或视频的编号。设为文本格式。"),
        column("impressions", "展现次数", Integer(), "How often it was shown.", "平台报表里的展现数。"),
        column("clicks", "点击次数", Integer(), "How often it was clicked.", "平台报表里的点击数。"),
    ),
    key=("spent_on", "entry_number"),
    ordinal=Ordinal("entry_number", "spent_on", "当日第几笔", "Place among the entries of its day, from 1."),
    examples=(
        ("2026-11-11", "巨量千川", "广告消耗", "3200.50", "youzan_moss", "moss", "d11_2026", "", "", "812000",
         "9130"),
        ("2026-11-11", "达人合作", "坑位费", "20000", "youzan_moss", "moss", "d11_2026", "lichen_girl", "",
         "", ""),
        ("2026-11-12", "小红书聚光", "广告消耗", "640.00", "youzan_pine", "pine", "", "",
         "6520a1b2000000001e03f4c5", "40100", "702"),
    ),
    event_at="spent_on",
    signals="what reaching people cost",
    cannot_tell="what it brought",
)  # fmt: skip

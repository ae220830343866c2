"""The shops, their brands, and the platforms they sell on."""

from followthrough.contracts.export import Id, Text
from followthrough.platforms.sheets.sheet import YES_NO, column, sheet, words

PLATFORMS = words(
    {
        "有赞": "youzan",
        "抖店": "doudian",
        "淘宝天猫": "taobao",
        "京东": "jd",
        "拼多多": "pinduoduo",
        "小红书": "xiaohongshu",
        "微信小店": "wechat_shop",
        "快手": "kuaishou",
        "线下门店": "store",
        "其他": "other",
    }
)

SHOPS = sheet(
    name="shops",
    label="店铺表",
    grain="one row per shop",
    columns=(
        column("shop_id", "店铺编号", Id(), "The shop's name in sources.toml and everywhere else.",
               "与 sources.toml 里的 shop_id 一致,只用小写字母、数字和下划线。", required=True),
        column("shop_name", "店铺名称", Text(), "What people call it.", "日报和看板上显示的名字。",
               required=True),
        column("platform", "所在平台", PLATFORMS, "Where it sells.", "在哪个平台卖货。"),
        column("brand_id", "品牌编号", Id(), "The brand it belongs to.", "品牌表里的品牌编号。"),
        column("legal_entity", "经营主体", Text(), "The company whose revenue it is.",
               "营业执照上的公司名,财务按它汇总。"),
        column("is_active", "在营", YES_NO, "Whether it still sells; blank means it does.",
               "还在营业填“是”,已关店填“否”,不填视为“是”。"),
    ),
    key=("shop_id",),
    examples=(
        ("youzan_moss", "苔原官方商城", "有赞", "moss", "苔原(上海)化妆品有限公司", "是"),
        ("youzan_pine", "松间生活馆", "有赞", "pine", "松间(杭州)生活用品有限公司", "是"),
        ("store_west", "西区体验店", "线下门店", "moss", "苔原(上海)化妆品有限公司", "否"),
    ),
    signals="shops, their brand and legal entity",
    cannot_tell="what they sold",
)  # fmt: skip

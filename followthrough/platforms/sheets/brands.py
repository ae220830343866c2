"""The brands, and the rules by which their customers change stage."""

from followthrough.contracts.export import Id, Text
from followthrough.platforms.sheets.sheet import column, sheet, words

PROFILES = words(
    {
        "快消食品": "fmcg_fast",
        "美妆个护": "beauty_care",
        "母婴": "baby",
        "服饰": "apparel",
        "数码家电": "electronics",
        "家居家装": "home",
        "知识付费": "course",
        "会员订阅": "subscription",
        "企业客户": "b2b",
        "到店服务": "local",
    }
)

BRANDS = sheet(
    name="brands",
    label="品牌表",
    grain="one row per brand",
    columns=(
        column("brand_id", "品牌编号", Id(), "The brand's name in sources.toml and everywhere else.",
               "与 sources.toml 里的 brand_id 一致,只用小写字母、数字和下划线。", required=True),
        column("brand_name", "品牌名称", Text(), "What people call it.", "日报和看板上显示的名字。",
               required=True),
        column("rules_profile", "规则模板", PROFILES, "Line of business: how often people buy.",
               "按复购周期选最接近的行业。"),
    ),
    key=("brand_id",),
    examples=(
        ("moss", "苔原", "美妆个护"),
        ("pine", "松间", "家居家装"),
        ("fern", "蕨野", "母婴"),
    ),
    signals="brands and their line of business",
    cannot_tell="what they sold",
)  # fmt: skip

"""The products, with role, cost and how long each lasts."""

from followthrough.contracts.export import Id, Integer, Money, Text
from followthrough.platforms.sheets.sheet import DAY, column, sheet, words

ROLES = words(
    {
        "正价品": "core",
        "引流品": "lead_in",
        "试用品": "trial",
        "赠品": "gift",
        "小样": "sample",
        "充值": "topup",
        "补差价": "price_diff",
        "运费": "freight",
        "定金": "deposit",
        "服务": "service",
        "虚拟卡券": "virtual_card",
        "福袋": "lucky_bag",
    }
)

PRODUCTS = sheet(
    name="products",
    label="商品表",
    grain="one row per product and day its facts begin to hold",
    columns=(
        column("product_id", "商品编码", Id(), "Merchant code, or the platform's item id.",
               "商家编码;没有就填平台商品ID。设为文本格式。", required=True),
        column("product_name", "商品名称", Text(), "What people call it.", "显示的名字。", required=True),
        column("role", "商品角色", ROLES, "What selling it means; only core is a purchase.",
               "只有正价品算正式购买。", required=True),
        column("category", "商品类目", Text(), "Category of our own.", "自己的类目,例如 面霜。"),
        column("cost_fen", "单件成本(元)", Money(), "Cost of one piece, in fen.", "含包材,单位元。",
               label="单件成本(分)"),
        column("days_of_supply", "可用天数", Integer(), "How many days one piece lasts a customer.",
               "一件大约用多少天,整数。"),
        column("valid_from", "生效日期", DAY, "First day these facts hold; blank since ever.",
               "成本或角色变了就加一行,写从哪天起;不填为一直如此。"),
        column("valid_to", "失效日期", DAY, "Last day these facts hold; blank until further notice.",
               "最后一天;不填为仍然有效。"),
    ),
    key=("product_id", "valid_from"),
    examples=(
        ("MOSS-CREAM-50", "苔原保湿面霜", "正价品", "面霜", "38.50", "60", "", "2026-09-30"),
        ("MOSS-CREAM-50", "苔原保湿面霜", "正价品", "面霜", "41.00", "60", "2026-10-01", ""),
        ("PINE-SAMPLE", "松果试用小样", "小样", "小样", "1.20", "7", "", ""),
    ),
    signals="whether a sale is a purchase, what it cost, when it is used up",
    cannot_tell="what was sold",
)  # fmt: skip

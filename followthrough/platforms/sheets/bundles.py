"""The products in a bundle, and the list prices by which its amount is divided among them."""

from followthrough.contracts.export import Id, Integer, Money
from followthrough.platforms.sheets.sheet import column, sheet

BUNDLES = sheet(
    name="bundles",
    label="组合装表",
    grain="one row per bundle and product in it",
    columns=(
        column("bundle_id", "组合编码", Id(), "The bundle's code, as orders show it.",
               "订单里出现的组合装编码。设为文本格式。", required=True),
        column("product_id", "单品编码", Id(), "A product in it.", "商品表里的商品编码。", required=True),
        column("quantity", "单品数量", Integer(), "How many pieces of it.", "一套里有几件。", required=True),
        column("list_price_fen", "单品吊牌价(元)", Money(), "List price of a piece, in fen.",
               "按吊牌价把组合装的钱分到单品,单位元。", label="单品吊牌价(分)"),
    ),
    key=("bundle_id", "product_id"),
    examples=(
        ("MOSS-TRAVEL-3", "MOSS-CREAM-50", "1", "169.00"),
        ("MOSS-TRAVEL-3", "PINE-WASH-100", "1", "89"),
        ("MOSS-TRAVEL-3", "PINE-SAMPLE", "2", "1.00"),
    ),
    signals="what a sold bundle is made of",
    cannot_tell="what was sold",
)  # fmt: skip

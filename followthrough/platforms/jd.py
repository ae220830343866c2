"""JD 京东: the order export of the merchant desk, one row per SKU, each with the order's amounts.

GBK or xlsx. 下单帐号 (the pin) is the buyer, and may be masked. Files of 2026 add 商家应收 with words after
the number. Source: a public parser of the real file with its header list; design notes, section 11.
"""

from followthrough.contracts.export import (
    Column,
    Export,
    Id,
    Identifier,
    Integer,
    Money,
    Ordinal,
    Platform,
    Table,
    Text,
    Timestamp,
    Vocabulary,
)

_NAMES = """
订单号 商品ID 商品名称 订购数量 支付方式 下单时间 京东价 订单金额 结算金额 余额支付 应付金额 订单状态
订单类型 下单帐号 客户姓名 客户地址 联系电话 订单备注 发票类型 发票抬头 发票内容 商家备注
商家备注等级（等级1-5为由高到低） 运费金额 付款确认时间 增值税发票 货号 订单完成时间 订单来源 订单渠道
送装服务 服务费 仓库id 仓库名称 商家应收
"""
HEADER = tuple(_NAMES.split())

STATUS = {
    "等待付款": "unpaid",
    "等待出库": "paid",
    "锁定": "paid",
    "等待确认收货": "shipped",
    "完成": "finished",
    "已取消": "closed",
    "(删除)等待出库": "closed",
}

ORDERS = Export(
    platform="jd",
    name="orders",
    version=1,
    label="京东 订单导出",
    grain="one row per SKU of an order, as it stood when exported",
    format=Table(),
    recognise=("订单号", "商品ID", "订购数量", "京东价", "结算金额", "下单帐号"),
    columns=(
        Column("order_id", ("订单号",), Id(), "订单号", "JD's order number.", required=True),
        Column("item_id", ("商品ID",), Id(), "商品ID", "The SKU.", required=True),
        Column("product_code", ("货号",), Id(), "货号", "The merchant's code of the product."),
        Column("product_name", ("商品名称",), Text(), "商品名称", "What was bought."),
        Column("quantity", ("订购数量",), Integer(), "数量", "How many.", required=True, minimum=0),
        Column("price_fen", ("京东价",), Money(), "京东价(分)", "Price of one, before discounts.", minimum=0),
        Column("status", ("订单状态",), Vocabulary(STATUS), "订单状态",
               "unpaid, paid, shipped, finished or closed.", required=True),
        Column("created_at", ("下单时间",), Timestamp(), "下单时间",
               "When the order was placed.", required=True),
        Column("paid_at", ("付款确认时间",), Timestamp(), "付款时间",
               "When the payment was confirmed; null while unpaid."),
        Column("finished_at", ("订单完成时间",), Timestamp(), "完成时间", "When the order was completed."),
        Column("settled_fen", ("结算金额",), Money(), "结算金额(分)",
               "What the buyer pays for the whole order, freight included; the same in each of its rows.",
               required=True, minimum=0),
        Column("receivable_fen", ("商家应收",), Money(note="（系统计算中，该值仅供参考）"), "商家应收(分)",
               "What the merchant will get, while JD still reckons; files of 2026."),
        Column("freight_fen", ("运费金额",), Money(), "运费(分)",
               "Freight within it; the same in each of its rows.", minimum=0),
        Column("buyer_hmac", ("下单帐号",), Identifier("buyer", "shop_account"), "买家(加密)",
               "Keyed hash of the buyer's account; null where it is masked."),
    ),
    key=("order_id", "line_number"),
    ordinal=Ordinal("line_number", "order_id", "行号", "Place of the row among those of its order."),
    event_at="created_at",
    feeds={
        "identifiers": "stg_jd__identifiers",
        "order_lines": "stg_jd__order_lines",
        "order_states": "stg_jd__order_states",
        "orders": "stg_jd__orders",
    },
    signals="order placed, paid, completed, closed; goods by line; the buyer where not masked",
    cannot_tell="what was refunded; who the buyer is on another platform",
    source="a public parser of the real file",
    header=HEADER,
)  # fmt: skip

PLATFORM = Platform(name="jd", label="京东", exports=(ORDERS,), settings=("shop_account",))

"""The order export of Douyin shop: one row per sub-order; a gift is a sub-order of 0.00.

UTF-8 with BOM; every text cell starts with a tab inside its quotes. Personal data is masked or encrypted, so
buyers cannot be identified. The row has the source of the order (达人, 流量); 流量体裁 may be filled in a
day later. Source: a public parser of the real file with its header list; design
notes, section 12.
"""

from followthrough.contracts.export import (
    NULLS,
    Column,
    Export,
    Id,
    Integer,
    Money,
    Table,
    Text,
    Timestamp,
    Vocabulary,
)

_NAMES = """
主订单编号 子订单编号 支付方式 选购商品 货号 商品ID 商家编码 商品数量 商品金额 订单提交时间
支付完成时间 订单完成时间 承诺发货时间 预约发货时间 买家留言 旗帜颜色 商家备注 APP渠道 订单状态
取消原因 售后状态 订单类型 发货时间 车型 是否是以旧换新 换新额外补贴 换新额外补贴发放状态 订单应付金额
运费 优惠总金额 平台优惠 商家优惠 达人优惠 商家改价 支付优惠 手续费 红包抵扣 降价类优惠
平台实际承担优惠金额 商家实际承担优惠金额 达人实际承担优惠金额 收件人 收件人手机号 省 市 区 街道
详细地址 是否修改过地址 快递信息 序列号 达人ID 达人昵称 拼团订单团编号 商品单价是否含税 税费
鲁班落地页ID 所属门店ID 流量来源 仓库ID 仓库名称 是否安心购 广告渠道 流量类型 流量体裁 流量渠道
发货主体 发货主体明细 教育优惠 预计送达时间 是否平台仓自流转 是否是渠道商品 预约送达时间
建议发货时间（起） 建议发货时间（止）
"""
HEADER = tuple(_NAMES.split())

STATUS = {
    "待支付": "unpaid",
    "备货中": "paid",
    "待发货": "paid",
    "部分发货": "paid",
    "已发货": "shipped",
    "已完成": "finished",
    "已关闭": "closed",
}

ORDERS = Export(
    platform="doudian",
    name="orders",
    version=1,
    label="抖店 订单导出",
    grain="one row per sub-order, as it stood when exported",
    format=Table(),
    recognise=("主订单编号", "子订单编号", "选购商品", "订单应付金额", "订单提交时间", "支付完成时间"),
    columns=(
        Column("line_id", ("子订单编号",), Id(), "子订单编号", "The sub-order.", required=True),
        Column("order_id", ("主订单编号",), Id(), "主订单编号", "The order it belongs to.", required=True),
        Column("status", ("订单状态",), Vocabulary(STATUS), "订单状态",
               "unpaid, paid, shipped, finished or closed.", required=True),
        Column("created_at", ("订单提交时间",), Timestamp(), "下单时间",
               "When the order was placed.", required=True),
        Column("paid_at", ("支付完成时间",), Timestamp(), "付款时间",
               "When the buyer paid; null while unpaid."),
        Column("finished_at", ("订单完成时间",), Timestamp(), "完成时间", "When the order was completed."),
        Column("merchant_code", ("商家编码",), Id(), "商家编码", "The merchant's code of the product."),
        Column("item_id", ("商品ID",), Id(), "商品ID", "The platform's number of the product."),
        Column("product_name", ("选购商品",), Text(), "商品", "What was bought."),
        Column("quantity", ("商品数量",), Integer(), "数量", "How many.", minimum=0),
        Column("payable_fen", ("订单应付金额",), Money(), "应付金额(分)",
               "What the buyer pays for the line, freight included.", required=True, minimum=0),
        Column("freight_fen", ("运费",), Money(), "运费(分)", "Freight within it.", minimum=0),
        Column("creator_key", ("达人ID",), Id(), "达人ID", "The creator who brought the order."),
        Column("traffic_source", ("流量来源",), Text(), "流量来源",
               "What brought it, as the platform words it."),
        Column("traffic_form", ("流量体裁",), Text(), "流量体裁", "Live, video or card; a day later."),
    ),
    key=("line_id",),
    event_at="created_at",
    feeds={
        "order_lines": "stg_doudian__order_lines",
        "order_states": "stg_doudian__order_states",
        "orders": "stg_doudian__orders",
    },
    signals="order placed, paid, completed, closed; goods by line; the creator and traffic that brought it",
    cannot_tell="who bought: no customer can be made of it; what was refunded",
    source="a public parser of the real file",
    header=HEADER,
    nulls=(*NULLS, "数据将于第二天更新"),
)  # fmt: skip

"""Youzan's order export from the back office: 60 columns, one row per order.

分销员 occurs twice (columns 40 and 51). States change for weeks, so an order is in many exports. Source: a
public parser of the real file with its header list; design notes, section 9d.
"""

from followthrough.contracts.export import (
    Column,
    Exclusion,
    Export,
    Id,
    Identifier,
    Money,
    Table,
    Text,
    Timestamp,
    Vocabulary,
)

_NAMES = """
订单号 销售渠道 归属店铺 订单类型 订单状态 推广方式 订单来源 订单创建时间 买家付款时间 交易成功时间
付款方式 支付流水号 商品金额合计 运费 店铺优惠合计 应收订单金额 订单实付金额 支付优惠合计
订单实收金额 订单抵用积分数 店铺优惠方式 支付优惠方式 全部商品名称 商品种类数 订单配送方式
同城送达时间/提货时间 收货人省份 收货人城市 收货人地区 详细收货地址/提货地址 收货人/提货人
收货人手机号/提货人手机号 买家备注 订单星级 买家昵称 买家是否会员 买家手机号 下单网点 收银员 分销员
销售导购 专属导购 订单退款状态 订单已退款金额 商家订单备注 桌号 挂账主体 挂账手机号 团长订单
订单风险标签 分销员 分销员手机号 分销员所属店铺 分销员所属团队 分销员所属分组 分销员等级
订单佣金类型 订单佣金金额 订单下级卖货提成类型 订单下级卖货提成金额
"""
HEADER = tuple(_NAMES.split())

STATUS = {
    "待付款": "unpaid",
    "待成团": "forming",
    "待接单": "paid",
    "待发货": "paid",
    "部分发货": "paid",
    "已发货": "shipped",
    "交易完成": "finished",
    "交易关闭": "closed",
}

_TYPES = {
    "plain": "普通 扫码 二维码 酒店 知识付费",
    "gift_sent": "送礼 代付",
    "distribution": "分销采购单 分销采购",
    "giveaway": "赠品",
    "group_buying": "拼团",
    "presale_deposit": "定金预售",
    "lucky_bag": "抽奖 福袋",
    "trial": "试用",
    "points_exchange": "积分兑换",
}
ORDER_TYPE = {
    word + suffix: kind for kind, words in _TYPES.items() for word in words.split() for suffix in ("", "订单")
}
"""The project's word for each 订单类型, which is written with or without 订单."""

ORDERS = Export(
    platform="youzan",
    name="orders",
    version=2,
    label="有赞 订单导出",
    grain="one row per order, as it stood when exported",
    format=Table(),
    recognise=("订单号", "归属店铺", "订单创建时间", "买家付款时间", "订单实付金额", "订单已退款金额"),
    columns=(
        Column("order_id", ("订单号",), Id(), "订单号", "The shop's order number.", required=True),
        Column("status", ("订单状态",), Vocabulary(STATUS), "订单状态",
               "unpaid, forming, paid, shipped, finished or closed.", required=True),
        Column("order_type", ("订单类型",), Vocabulary(ORDER_TYPE), "订单类型",
               "plain, or the word for what else the shop says the order is."),
        Column("created_at", ("订单创建时间",), Timestamp(), "下单时间",
               "When the order was placed.", required=True),
        Column("paid_at", ("买家付款时间",), Timestamp(), "付款时间",
               "When the buyer paid; null while unpaid."),
        Column("finished_at", ("交易成功时间",), Timestamp(), "交易成功时间",
               "When the trade was completed."),
        Column("transaction_id", ("支付流水号",), Id(), "支付流水号",
               "The payment channel's own number; a WeChat Pay bill names it too."),
        Column("payment_method", ("付款方式",), Text(), "付款方式", "As the shop words it."),
        Column("sales_channel", ("订单来源",), Text(), "订单来源", "As the shop words it."),
        Column("goods_fen", ("商品金额合计",), Money(), "商品金额(分)", "List price of the goods.",
               minimum=0),
        Column("freight_fen", ("运费",), Money(), "运费(分)", "Freight the buyer was charged.",
               minimum=0),
        Column("discount_fen", ("店铺优惠合计",), Money(), "店铺优惠(分)",
               "Discount the merchant bears."),
        Column("paid_fen", ("订单实付金额",), Money(), "实付金额(分)",
               "What the buyer paid, freight included.", required=True, minimum=0),
        Column("refunded_fen", ("订单已退款金额",), Money(), "已退款金额(分)",
               "Refunded so far, over the whole order.", minimum=0),
        Column("commission_fen", ("订单佣金金额",), Money(), "佣金(分)",
               "Commission of the distributor who brought the order."),
        Column("phone_hmac", ("买家手机号",), Identifier("phone"), "买家手机(加密)",
               "Keyed hash of the buyer's phone; null where masked or blank."),
    ),
    key=("order_id",),
    event_at="created_at",
    feeds={
        "identifiers": "stg_youzan__identifiers",
        "order_states": "stg_youzan__order_states",
        "orders": "stg_youzan__orders",
    },
    exclude=(Exclusion("summary_row", "{订单号} = '合计'"),),
    signals="order placed, paid, finished, closed; what kind of order; refund total; phone of the buyer "
    "unless masked",
    cannot_tell="who the buyer is where the phone is masked; goods by line; when a refund happened",
    source="a public parser of the real file",
    header=HEADER,
)  # fmt: skip

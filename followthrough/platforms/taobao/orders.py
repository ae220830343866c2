"""The order list of Taobao's seller desk (ExportOrderList): one row per order, GBK in a zip with GBK names.

Ids are wrapped as ``="…"``, six names have a trailing space, states contain a full-width comma. 交易关闭
covers orders never paid and orders fully refunded, which the time of payment distinguishes. Since 2026 the
buyer's name is masked in part and 买家实际支付金额 is called 买家实付金额. Source: a public parser of the
real file with its header list; design notes, section 10a.
"""

from followthrough.contracts.export import (
    Column,
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
订单编号 买家会员名 买家支付宝账号 支付单号 支付详情 买家应付货款 买家应付邮费 买家支付积分 总金额
返点积分 买家实际支付金额 买家实际支付积分 订单状态 买家留言 收货人姓名 收货地址 运送方式 联系电话
联系手机 订单创建时间 订单付款时间 宝贝标题 宝贝种类 物流单号 物流公司 订单备注 宝贝总数量 店铺Id
店铺名称 订单关闭原因 卖家服务费 买家服务费 发票抬头 是否手机订单 分阶段订单信息 特权订金订单id
是否上传合同照片 是否上传小票 是否代付 定金排名 修改后的sku 修改后的收货地址 异常信息 天猫卡券抵扣
集分宝抵扣 是否是O2O交易 新零售交易类型 新零售导购门店名称 新零售导购门店id 新零售发货门店名称
新零售发货门店id 退款金额 预约门店 确认收货时间 打款商家金额 含应开票给个人的个人红包 是否信用购
体验期结束时间 前N有礼 配送类型 主订单编号
"""
HEADER = tuple(_NAMES.split())

STATUS = {
    "等待买家付款": "unpaid",
    "买家已付款，等待卖家发货": "paid",
    "卖家部分发货": "paid",
    "卖家已发货，等待买家确认": "shipped",
    "交易成功": "finished",
    "交易关闭": "closed",
}

ORDERS = Export(
    platform="taobao",
    name="orders",
    version=1,
    label="淘宝 订单列表",
    grain="one row per order, as it stood when exported",
    format=Table(),
    recognise=("订单编号", "支付单号", "订单状态", "订单创建时间", "退款金额"),
    columns=(
        Column("order_id", ("订单编号",), Id(), "订单编号", "The platform's order number.", required=True),
        Column("status", ("订单状态",), Vocabulary(STATUS), "订单状态",
               "unpaid, paid, shipped, finished or closed.", required=True),
        Column("created_at", ("订单创建时间",), Timestamp(), "下单时间",
               "When the order was placed.", required=True),
        Column("paid_at", ("订单付款时间",), Timestamp(), "付款时间",
               "When the buyer paid; null while unpaid."),
        Column("finished_at", ("确认收货时间",), Timestamp(), "确认收货时间",
               "When the buyer confirmed the goods."),
        Column("transaction_id", ("支付单号",), Id(), "支付单号",
               "Alipay's number of the payment; its bill names it too."),
        Column("title", ("商品标题", "宝贝标题"), Text(), "商品标题", "What was ordered, comma-joined."),
        Column("freight_fen", ("买家应付邮费",), Money(), "运费(分)",
               "Freight the buyer was charged; null where the column was not chosen.", minimum=0),
        Column("paid_fen", ("买家实付金额", "买家实际支付金额"), Money(), "实付金额(分)",
               "What the buyer paid, freight included.", required=True, minimum=0),
        Column("refunded_fen", ("退款金额",), Money(), "退款金额(分)",
               "Refunded so far, over the whole order.", minimum=0),
        Column("buyer_hmac", ("买家会员名",), Identifier("buyer", "shop_account"), "买家(加密)",
               "Keyed hash of the buyer's name; null where it is masked."),
    ),
    key=("order_id",),
    event_at="created_at",
    feeds={
        "identifiers": "stg_taobao__identifiers",
        "order_states": "stg_taobao__order_states",
        "orders": "stg_taobao__orders",
    },
    signals="order placed, paid, confirmed, closed; refund total; the buyer where not masked",
    cannot_tell="goods by line; when a refund happened; who the buyer is on another platform",
    source="a public parser of the real file",
    header=HEADER,
)  # fmt: skip

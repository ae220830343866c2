"""WeChat Pay 微信支付: the daily trade bill (bill_type ALL), which controls the amounts the shops report; and
a person's bill.

Every data cell starts with a back-tick and is not quoted; product names may contain commas. The last
two lines are the bill's own totals. A refund is a row of its own. 用户标识 is the openid under the
row's 公众账号ID. Available after 10:00 of the next day. Source: a public test fixture of a real bill;
design notes, section 15.

A person's bill is text or a workbook, with lines above the header that include the number of records; names
of other people are not loaded. Source: a public sample file; section 16.
"""

from followthrough.contracts.export import (
    Column,
    Export,
    Id,
    Identifier,
    Integer,
    Money,
    Platform,
    Table,
    Text,
    Timestamp,
    Total,
    Vocabulary,
)

_NAMES = """
交易时间 公众账号ID 商户号 特约商户号 设备号 微信订单号 商户订单号 用户标识 交易类型 交易状态
付款银行 货币种类 应结订单金额 代金券金额 微信退款单号 商户退款单号 退款金额 充值券退款金额 退款类型
退款状态 商品名称 商户数据包 手续费 费率 订单金额 申请退款金额 费率备注
"""
HEADER = tuple(_NAMES.split())

STATE = {"SUCCESS": "payment", "REFUND": "refund", "REVOKED": "revoked"}

BILL = Export(
    platform="wechat_pay",
    name="bill",
    version=1,
    label="微信支付 交易账单",
    grain="one row per payment or refund",
    format=Table(cell_prefix="`", footer="总交易单数"),
    recognise=("交易时间", "公众账号ID", "微信订单号", "商户订单号", "用户标识", "应结订单金额"),
    columns=(
        Column("transaction_id", ("微信订单号",), Id(), "微信订单号",
               "WeChat Pay's number of the payment.", required=True),
        Column("wechat_refund_id", ("微信退款单号",), Id(), "微信退款单号",
               "WeChat Pay's number of the refund; 0 on a payment."),
        Column("order_id", ("商户订单号",), Id(), "商户订单号", "The merchant's number of the order."),
        Column("traded_at", ("交易时间",), Timestamp(), "交易时间",
               "When money moved.", required=True),
        Column("state", ("交易状态",), Vocabulary(STATE), "交易状态",
               "payment, refund or revoked.", required=True),
        Column("app_id", ("公众账号ID",), Id(), "公众账号ID", "Who issued the openid."),
        Column("openid_hmac", ("用户标识",), Identifier("openid", "column:app_id"), "付款人(加密)",
               "Keyed hash of the payer's openid."),
        Column("settled_fen", ("应结订单金额",), Money(), "应结订单金额(分)",
               "Payment to be settled; 0 on a refund.", required=True),
        Column("refunded_fen", ("退款金额",), Money(), "退款金额(分)",
               "Money paid back; 0 on a payment.", required=True, minimum=0),
    ),
    key=("transaction_id", "wechat_refund_id"),
    event_at="traded_at",
    feeds={"payers": "stg_wechat_pay__payers", "payments": "stg_wechat_pay__trades"},
    totals=(
        Total("rows", "总交易单数", Integer(), "count(*)"),
        Total("settled_fen", "应结订单总金额", Money(), "sum(settled_fen)"),
        Total("refunded_fen", "退款总金额", Money(), "sum(refunded_fen)"),
    ),
    signals="paid, refunded, by whom (openid): the truth for money",
    cannot_tell="what was bought; anything paid through another channel",
    source="a public test fixture of a real bill",
    header=HEADER,
)  # fmt: skip

_PERSONAL_NAMES = "交易时间 交易类型 交易对方 商品 收/支 金额(元) 支付方式 当前状态 交易单号 商户单号 备注"
DIRECTION = {"收入": "income", "支出": "expense"}

PERSONAL_BILL = Export(
    platform="wechat_pay",
    name="personal_bill",
    version=1,
    label="微信支付 个人账单",
    grain="one row per transaction of a person",
    format=Table(cell_suffix="\t"),
    recognise=("交易类型", "收/支", "金额(元)", "当前状态", "交易单号", "商户单号"),
    columns=(
        Column("transaction_id", ("交易单号",), Id(), "交易单号", "WeChat Pay's number.", required=True),
        Column("merchant_order_id", ("商户单号",), Id(), "商户单号", "The other side's number."),
        Column("traded_at", ("交易时间",), Timestamp(), "交易时间", "When it happened.", required=True),
        Column("category", ("交易类型",), Text(), "交易类型", "As WeChat words it."),
        Column("direction", ("收/支",), Vocabulary(DIRECTION), "收/支",
               "income or expense; null on what is neither."),
        Column("amount_fen", ("金额(元)",), Money(), "金额(分)", "Without a sign.", required=True, minimum=0),
        Column("state", ("当前状态",), Text(), "当前状态", "As WeChat words it."),
    ),
    key=("transaction_id", "category", "traded_at"),
    event_at="traded_at",
    feeds={},
    totals=(Total("rows", "", Integer(), "count(*)", whole=True, pattern=r"^共(\d+)笔记录"),),
    signals="money a person paid or received; whether the bill is whole, by its own count",
    cannot_tell="anything of the shop: no figure is made of it",
    source="a public sample file, header row quoted",
    header=tuple(_PERSONAL_NAMES.split()),
)  # fmt: skip

PLATFORM = Platform(name="wechat_pay", label="微信支付", exports=(BILL, PERSONAL_BILL))

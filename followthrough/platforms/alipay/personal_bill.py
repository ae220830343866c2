"""Alipay's bill of a person (电子客户回单), for a founder's private spending on the shop.

GB18030; some twenty lines above the header, one with the number of records; cells padded with spaces or
followed by a TAB, a comma at the end of each line. 交易对方, 对方账号 and 商品说明 are data of other people
and are not loaded. Source: a public sample file; design notes, section 16.
"""

from followthrough.contracts.export import (
    Column,
    Export,
    Id,
    Integer,
    Money,
    Table,
    Text,
    Timestamp,
    Total,
    Vocabulary,
)

_NAMES = """
交易时间 交易分类 交易对方 对方账号 商品说明 收/支 金额 收/付款方式 交易状态 交易订单号 商家订单号 备注
"""
DIRECTION = {"收入": "income", "支出": "expense", "不计收支": "neutral"}

PERSONAL_BILL = Export(
    platform="alipay",
    name="personal_bill",
    version=1,
    label="支付宝 个人账单",
    grain="one row per transaction of a person",
    format=Table(cell_suffix="\t"),
    recognise=("交易分类", "商品说明", "收/付款方式", "交易订单号", "商家订单号"),
    columns=(
        Column("transaction_id", ("交易订单号",), Id(), "交易订单号", "Alipay's number.", required=True),
        Column("merchant_order_id", ("商家订单号",), Id(), "商家订单号", "The other side's number."),
        Column("traded_at", ("交易时间",), Timestamp(), "交易时间", "When it happened.", required=True),
        Column("category", ("交易分类",), Text(), "交易分类", "As Alipay words it."),
        Column("direction", ("收/支",), Vocabulary(DIRECTION), "收/支", "income, expense or neutral.",
               required=True),
        Column("amount_fen", ("金额",), Money(), "金额(分)", "Without a sign.", required=True, minimum=0),
        Column("state", ("交易状态",), Text(), "交易状态", "As Alipay words it."),
    ),
    key=("transaction_id", "direction", "traded_at"),
    event_at="traded_at",
    feeds={},
    totals=(Total("rows", "", Integer(), "count(*)", whole=True, pattern=r"^共(\d+)笔记录"),),
    signals="money a person paid or received; whether the bill is whole, by its own count",
    cannot_tell="anything of the shop: no figure is made of it",
    source="a public sample file, header row quoted",
    header=(*_NAMES.split(), ""),
)  # fmt: skip

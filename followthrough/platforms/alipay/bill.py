"""Alipay's daily bill of a merchant (业务明细), delivered in a zip together with its summary.

GB18030; four lines starting with # above the header, a TAB after most cells, a footer of # lines with the
bill's own totals. A refund is a row of its own with negative amounts under the number of its payment.
对方账户 and 备注 are not loaded. Available after 10:00 of the next day. Source: a public parser of the real
file with its header list; for the summary's names and the wording of the totals the vendor's documentation
only; design notes, section 16.
"""

from followthrough.contracts.export import (
    Column,
    Exclusion,
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
支付宝交易号 商户订单号 业务类型 商品名称 创建时间 完成时间 门店编号 门店名称 操作员 终端号 对方账户
订单金额（元） 商家实收（元） 支付宝红包（元） 集分宝（元） 支付宝优惠（元） 商家优惠（元） 券核销金额（元）
券名称 商家红包消费金额（元） 卡消费金额（元） 退款批次号/请求号 服务费（元） 分润（元） 备注
"""
_SUMMARY_NAMES = """
门店编号 门店名称 交易订单总笔数 退款订单总笔数 订单金额（元） 商家实收（元） 支付宝优惠（元） 商家优惠（元）
卡消费金额（元） 服务费（元） 分润（元） 实收净额（元）
"""
_END = "#-"
"""The last line that starts like this ends the table; the number of dashes is not documented."""

STATE = {"交易": "payment", "退款": "refund"}
_AMOUNT = r"共-?([\d.,]+)元"

BILL = Export(
    platform="alipay",
    name="bill",
    version=1,
    label="支付宝 业务明细",
    grain="one row per payment or refund",
    format=Table(cell_suffix="\t", footer=_END),
    recognise=("支付宝交易号", "商户订单号", "业务类型", "商家实收（元）", "退款批次号/请求号"),
    columns=(
        Column("transaction_id", ("支付宝交易号",), Id(), "支付宝交易号",
               "Alipay's number of the payment, which its refunds carry as well.", required=True),
        Column("refund_request_id", ("退款批次号/请求号",), Id(), "退款请求号",
               "Number of the refund; null on a payment."),
        Column("order_id", ("商户订单号",), Id(), "商户订单号", "The merchant's number of the order."),
        Column("traded_at", ("完成时间",), Timestamp(), "完成时间", "When money moved.", required=True),
        Column("state", ("业务类型",), Vocabulary(STATE), "业务类型", "payment or refund.", required=True),
        Column("received_fen", ("商家实收（元）",), Money(), "商家实收(分)",
               "What the merchant receives; negative on a refund.", required=True),
        Column("fee_fen", ("服务费（元）",), Money(), "服务费(分)",
               "Alipay's fee; negative where it is charged."),
    ),
    key=("transaction_id", "refund_request_id"),
    event_at="traded_at",
    feeds={"payments": "stg_alipay__trades"},
    totals=(
        Total("payments", "", Integer(), "count(*) FILTER (WHERE state = 'payment')",
              pattern=r"^#交易合计：(\d+)笔"),
        Total("received_fen", "", Money(), "sum(received_fen) FILTER (WHERE state = 'payment')",
              pattern=r"^#交易合计：.*商家实收" + _AMOUNT),
        Total("refunds", "", Integer(), "count(*) FILTER (WHERE state = 'refund')",
              pattern=r"^#退款合计：(\d+)笔"),
        Total("refunded_fen", "", Money(), "-sum(received_fen) FILTER (WHERE state = 'refund')",
              pattern=r"^#退款合计：.*商家实收退款" + _AMOUNT),
    ),
    signals="paid, refunded, under which order number",
    cannot_tell="who paid: the account is masked; what the buyer's red packets covered",
    source="a public parser of the real file",
    header=tuple(_NAMES.split()),
)  # fmt: skip

BILL_SUMMARY = Export(
    platform="alipay",
    name="bill_summary",
    version=1,
    label="支付宝 业务明细(汇总)",
    grain="one row per store and bill",
    format=Table(cell_suffix="\t", footer=_END),
    recognise=("门店编号", "交易订单总笔数", "退款订单总笔数", "实收净额（元）"),
    columns=(
        Column("store_id", ("门店编号",), Id(), "门店编号", "The merchant's number of the store.",
               required=True),
        Column("store_name", ("门店名称",), Text(), "门店名称", "As the merchant calls it."),
        Column("payments", ("交易订单总笔数",), Integer(), "交易笔数", "Payments of the day.",
               required=True, minimum=0),
        Column("refunds", ("退款订单总笔数",), Integer(), "退款笔数", "Refunds of the day.",
               required=True, minimum=0),
        Column("received_fen", ("实收净额（元）",), Money(), "实收净额(分)",
               "Received less refunded and less fees."),
    ),
    key=("store_id",),
    event_at="",
    feeds={},
    exclude=(Exclusion("total_row", "{门店编号} = '合计'"),),
    signals="nothing the bill does not say; it comes in the same archive and is kept as it is",
    cannot_tell="the day, which stands above the table only; single payments",
    source="the vendor's documentation, names only; no real file seen",
    header=tuple(_SUMMARY_NAMES.split()),
)  # fmt: skip

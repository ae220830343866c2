"""Settlements of Douyin shop: the payout per sub-order, and the shares of creators and platform.

Data starts in row 3, ids carry a leading apostrophe, 店铺劵 is the platform's own spelling. Source: a public
parser of the real file with its header list; design notes, section 12.
"""

from followthrough.contracts.export import Column, Exclusion, Export, Id, Money, Table, Text, Timestamp

_NAMES = """
结算时间 订单号 子订单号 结算金额 结算账户 结算单类型 有结算前退款 下单时间 商品ID 商品数量 业务类型
订单类型 订单总价 商品总价 运费 店铺劵 结算前退款金额 平台补贴 达人补贴 抖音支付补贴 抖音月付营销补贴
用户实付 收入合计 平台服务费 佣金 渠道分成 招商服务费 站外推广费 其他分成 其他分成说明 支出合计
是否免佣 免佣金额 备注
"""
HEADER = tuple(_NAMES.split())

SETTLEMENTS = Export(
    platform="doudian",
    name="settlements",
    version=1,
    label="抖店 结算账单",
    grain="one row per settlement of a sub-order",
    format=Table(),
    recognise=("结算时间", "子订单号", "结算金额", "结算单类型", "佣金", "收入合计"),
    columns=(
        Column("line_id", ("子订单号",), Id(), "子订单编号", "The sub-order settled.", required=True),
        Column("order_id", ("订单号",), Id(), "主订单编号", "The order it belongs to.", required=True),
        Column("settled_at", ("结算时间",), Timestamp(), "结算时间", "When it was settled.", required=True),
        Column("kind", ("结算单类型",), Text(), "结算单类型", "As the platform words it."),
        Column("settled_fen", ("结算金额",), Money(), "结算金额(分)",
               "Paid out; negative where money is taken back.", required=True),
        Column("paid_fen", ("用户实付",), Money(), "用户实付(分)", "What the buyer paid."),
        Column("refunded_before_fen", ("结算前退款金额",), Money(), "结算前退款(分)",
               "Refunded before the settlement."),
        Column("commission_fen", ("佣金",), Money(), "达人佣金(分)", "Kept for the creator."),
        Column("service_fen", ("平台服务费",), Money(), "平台服务费(分)", "Kept by the platform."),
    ),
    key=("line_id", "settled_at", "kind"),
    event_at="settled_at",
    feeds={"settlements": "stg_doudian__settlements"},
    optional_when_empty=True,
    exclude=(Exclusion("note_row", "coalesce({子订单号}, '') = ''"),),
    signals="what a sub-order came to in the end, and the creator's share",
    cannot_tell="which creator: only the order export says",
    source="a public parser of the real file",
    header=HEADER,
)  # fmt: skip

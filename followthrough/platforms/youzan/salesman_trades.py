"""Orders brought by referrals, answers of ``youzan.salesman.trades.get`` 3.0.1, one page per line.

``money`` is the goods without freight, ``cps_money`` the commission, both in yuan; 0.00 is no commission, a
referral by a friend and not an agent. ``phone`` is the seller's. ``created_at`` is when the order was placed,
the only time of the referral. A page has 100 orders. Source: the typings of a public SDK; design notes,
section 9c.
"""

from followthrough.contracts.export import (
    Column,
    Export,
    Id,
    Identifier,
    Integer,
    Json,
    Money,
    Timestamp,
    Total,
    Vocabulary,
)

STATE = {"3": "unpaid", "5": "paid", "6": "shipped", "100": "finished"}
SETTLE_STATE = {
    "1": "pending",
    "2": "settled",
    "3": "short_of_balance",
    "4": "failed",
    "5": "cash_on_delivery",
    "6": "member_discount",
    "7": "seller_left",
    "11": "pending",
    "12": "settled",
    "18": "pending",
}

SALESMAN_TRADES = Export(
    platform="youzan",
    name="salesman_trades",
    version=1,
    label="有赞 推广订单",
    grain="one row per order that was brought by a seller, as it stood when asked for",
    format=Json(records="$.data.list[*]", failed="json_extract_string({doc}, '$.success') = 'false'"),
    recognise=("data.list.order_no", "data.list.seller", "data.list.cps_money"),
    columns=(
        Column("order_id", ("$.order_no",), Id(), "订单号", "The order that was brought.", required=True),
        Column("seller_key", ("$.seller",), Id(), "销售员标识", "The platform's mark of who brought it.",
               required=True),
        Column("seller_hmac", ("$.phone",), Identifier("phone"), "销售员手机(加密)",
               "Keyed hash of the phone of who brought it; null where masked."),
        Column("created_at", ("$.created_at",), Timestamp(), "下单时间", "When the order was placed.",
               required=True),
        Column("goods_fen", ("$.money",), Money(), "商品金额(分)", "Goods of the order, without freight.",
               minimum=0),
        Column("commission_fen", ("$.cps_money",), Money(), "提成金额(分)",
               "What the seller earns by it; 0 where it was brought for nothing.", required=True, minimum=0),
        Column("state", ("$.state",), Vocabulary(STATE, otherwise="other"), "订单状态",
               "unpaid, paid, shipped, finished or other."),
        Column("settle_state", ("$.settle_state",), Vocabulary(SETTLE_STATE, otherwise="other"), "结算状态",
               "pending, settled, short_of_balance, failed, cash_on_delivery, member_discount, seller_left "
               "or other."),
        Column("settled_at", ("$.settled_at",), Timestamp(), "结算时间",
               "When the commission was paid by the platform; null until then, or by hand."),
    ),
    key=("order_id",),
    event_at="created_at",
    optional_when_empty=True,
    feeds={
        "identifiers": "stg_youzan__seller_identifiers",
        "referrals": "stg_youzan__referrals",
    },
    totals=(Total("trades", "$.data.total", Integer(), "count(*)", whole=True),),
    signals="who brought an order, and whether for a commission",
    cannot_tell="who the buyer is; when the link was shared",
    source="the typings of a public SDK",
)  # fmt: skip

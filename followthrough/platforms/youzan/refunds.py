"""Youzan's refund details, answers of ``youzan.trade.refund.get``, one JSON document per refund.

``refund_fee`` of the answer is the requested amount, in yuan; the amounts paid back are in the fund lines, in
fen, where status 2 means done. An exchange (demand 3) moves no money. ``reason``, ``created`` and
``modified`` are copied from the list of refunds (``youzan.trade.refund.search``). Source: official
documentation copy (3694, 4069), a public SDK for the reasons; design notes, section 9b.
"""

from followthrough.contracts.export import Column, Export, Id, Integer, Json, Money, Timestamp, Vocabulary

STATUS = {
    "WAIT_SELLER_AGREE": "open",
    "WAIT_BUYER_RETURN_GOODS": "open",
    "WAIT_SELLER_CONFIRM_GOODS": "open",
    "SELLER_REFUSE_BUYER": "refused",
    "SELLER_REFUSE_BUYER_RETURN_GOODS": "refused",
    "CLOSED": "closed",
    "SUCCESS": "done",
}
KIND = """case
    when json_extract_string({row}, '$.refund_type') = 'SYSTEM_REFUND' then 'SYSTEM_REFUND'
    else json_extract_string({row}, '$.demand')
end"""
_REASONS = {
    "quality": "3 11 13 14 15 16 53 101 102 103 105 106 108 109",
    "neutral": "1 2 4 5 12 17 18 19 20 21 22 23 24 51 52 54 55 56 57 58 104 107 110 "
    "201 202 204 205 206 207 208 209 211 212",
}
REASON = {code: group for group, codes in _REASONS.items() for code in codes.split()}
"""Quality means faulty, not as described, fake, wrong, broken or missing goods, not late or unwanted ones."""

KINDS = {"1": "refund_only", "2": "return_and_refund", "3": "exchange", "SYSTEM_REFUND": "system"}

PAID_BACK = """cast(coalesce(list_sum([
    try_cast(json_extract_string(fund, '$.refund_fee') as bigint)
    for fund in json_extract({row}, '$.refund_fund_list[*]')
    if json_extract_string(fund, '$.status') = '2'
]), 0) as varchar)"""

REFUNDS = Export(
    platform="youzan",
    name="refunds",
    version=3,
    label="有赞 退款详情",
    grain="one row per refund, as it stood when asked for",
    format=Json(records="$.data", failed="json_extract_string({doc}, '$.success') = 'false'"),
    recognise=("data.refund_id", "data.tid", "data.refund_fund_list"),
    columns=(
        Column("refund_id", ("$.refund_id",), Id(), "退款单号", "The refund's number.", required=True),
        Column("order_id", ("$.tid",), Id(), "订单号", "The order it belongs to.", required=True),
        Column("status", ("$.status",), Vocabulary(STATUS), "退款状态",
               "open, done, refused or closed.", required=True),
        Column("kind", (), Vocabulary(KINDS), "退款类型",
               "refund_only, return_and_refund, exchange or system.", sql=KIND, required=True),
        Column("requested_fen", ("$.refund_fee",), Money(), "申请退款金额(分)",
               "What the buyer asked for.", minimum=0),
        Column("paid_back_fen", (), Integer(), "实际退款金额(分)",
               "Sum of the fund lines that are done.", sql=PAID_BACK, minimum=0),
        Column("reason", ("$.reason",), Id(), "退款原因代码",
               "The platform's number of why it was asked for."),
        Column("reason_class", ("$.reason",), Vocabulary(REASON, otherwise="unknown"), "原因类别",
               "quality, neutral, or unknown for a number that is not listed yet."),
        Column("created_at", ("$.created",), Timestamp(), "申请时间", "When it was asked for.",
               required=True),
        Column("refunded_at", ("$.refund_account_time",), Timestamp(), "退款到账时间",
               "When the money arrived; null until then."),
        Column("modified_at", ("$.modified",), Timestamp(), "更新时间",
               "When this state was reached.", required=True),
    ),
    key=("refund_id",),
    modified="modified_at",
    event_at="modified_at",
    optional_when_empty=True,
    feeds={"refund_reasons": "stg_youzan__refund_reasons", "refunds": "stg_youzan__refunds"},
    signals="refund asked for, paid back, refused; exchange; why",
    cannot_tell="who asked; which part is freight",
    source="official API documentation, read as a copy",
)  # fmt: skip

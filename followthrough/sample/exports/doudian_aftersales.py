"""Bytes of the Douyin shop's after-sale list: one row per case in its state at the export."""

from __future__ import annotations

from followthrough.platforms import export
from followthrough.sample.deliveries.records import Arrival, RefundRow
from followthrough.sample.exports.delimited import delimited
from followthrough.sample.exports.doudian_orders import line_id
from followthrough.sample.exports.yuan import yuan
from followthrough.sample.world.refunds import (
    BY_AGREEMENT,
    EXCHANGE,
    FAULTY,
    LATE,
    NOT_AS_DESCRIBED,
    ORDER_CLOSED,
    REFUND_ONLY,
    RETURN_GOODS,
    UNWANTED,
)

_KIND = {REFUND_ONLY: "仅退款", RETURN_GOODS: "退货退款", EXCHANGE: "换货"}
_STATE = {"WAIT_SELLER_AGREE": "售后待处理", "WAIT_BUYER_RETURN_GOODS": "待退货", "CLOSED": "售后关闭"}
_REASONS = {
    FAULTY: "质量问题",
    NOT_AS_DESCRIBED: "商品与描述不符",
    UNWANTED: "7天无理由退货",
    BY_AGREEMENT: "协商一致退款",
    LATE: "未按约定时间发货",
    ORDER_CLOSED: "其他",
}


def file_name(arrival: Arrival) -> str:
    """The file's name as the shop's desk gives it."""
    return f"{arrival.exported_at:%Y%m%d%H%M%S}_售后单.csv"


def render(arrival: Arrival) -> bytes:
    """Write the cases of the window."""
    header = export("doudian__aftersales").header
    rows = [_cells(row) for row in arrival.records if isinstance(row, RefundRow)]
    return delimited(header, rows, quote_all=True).encode("utf-8-sig")


def _cells(row: RefundRow) -> dict[str, str]:
    refund, step = row.refund, row.step
    is_exchange = refund.demand == EXCHANGE
    done_at = f"{step.at}" if step.is_paid_out else "-"
    return {
        "售后单号": f"\t{refund.refund_id}",
        "订单号": f"\t{refund.order_id}",
        "商品单号": f"\t{line_id(refund.order_id)}",
        "售后类型": _KIND[refund.demand],
        "退商品金额（元）": yuan(0 if is_exchange else refund.requested_fen),
        "退运费金额（元）": "0.00",
        "售后状态": _state(row),
        "售后申请时间": f"{refund.steps[0].at}",
        "商家退款时间": done_at,
        "用户到账时间": done_at,
        "售后原因": _REASONS[refund.reason],
    }


def _state(row: RefundRow) -> str:
    """The state of the case: open until the buyer has the money, even when the shop has finished."""
    if row.step.status != "SUCCESS":
        return _STATE[row.step.status]
    if row.refund.demand == EXCHANGE:
        return "换货成功"
    return "退款成功" if row.step.is_paid_out else "售后待处理"

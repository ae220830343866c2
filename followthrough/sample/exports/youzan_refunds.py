"""Bytes of the Youzan refund answers: one `youzan.trade.refund.get` document per line."""

from __future__ import annotations

import json
from typing import Any

from followthrough.sample.deliveries.records import Arrival, RefundRow
from followthrough.sample.exports.yuan import yuan
from followthrough.sample.world.refunds import RETURN_GOODS


def file_name(arrival: Arrival) -> str:
    """The file's name as the pulling script gives it."""
    return f"refunds_{arrival.night}.json"


def render(arrival: Arrival) -> bytes:
    """Write the refunds that changed on the night's day, in their last state of that day."""
    rows = [row for row in arrival.records if isinstance(row, RefundRow)]
    lines = [json.dumps(_answer(row), ensure_ascii=False) for row in rows]
    return "".join(line + "\n" for line in lines).encode()


def _answer(row: RefundRow) -> dict[str, Any]:
    return {"success": True, "code": 200, "message": "successful", "data": _detail(row)}


def _detail(row: RefundRow) -> dict[str, Any]:
    refund, step = row.refund, row.step
    settled = f"{step.at}" if step.is_paid_out else ""
    return {
        "refund_id": refund.refund_id,
        "status": step.status,
        "tid": refund.order_id,
        "oid": f"{int(refund.refund_id[:15]) % 10**13}",
        "refund_fee": yuan(refund.requested_fen),
        "version": refund.steps.index(step) + 1,
        "refund_type": refund.refund_type,
        "demand": refund.demand,
        "return_goods": refund.demand == RETURN_GOODS,
        "reason": refund.reason,
        "refund_success_time": f"{step.at}" if step.status == "SUCCESS" else "",
        "refund_account_time": settled,
        "created": f"{refund.steps[0].at}",
        "modified": f"{step.at}",
        "refund_fund_list": _funds(row),
    }


def _funds(row: RefundRow) -> list[dict[str, Any]]:
    """The transfers; amounts are fen here, unlike `refund_fee`."""
    return [
        {
            "refund_no": f"{row.refund.refund_id}{number}",
            "refund_fee": line.fen,
            "status": line.status,
            "refund_mode": 1,
            "pay_way": 10,
        }
        for number, line in enumerate(row.funds)
    ]

"""Bytes of the Youzan orders with a salesman: answers of `youzan.salesman.trades.get`, one page a line."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from followthrough.sample.deliveries.records import Arrival
from followthrough.sample.exports.yuan import yuan
from followthrough.sample.world.entities import Referral

_PAGE = 100
_STATE = {"待付款": 3, "待成团": 5, "待发货": 5, "已发货": 6, "交易完成": 100, "交易关闭": 99}
_RATE = 10
_SETTLED_AFTER = timedelta(days=7)


def file_name(arrival: Arrival) -> str:
    """The file's name as the pulling script gives it."""
    return f"salesman_trades_{arrival.night}.json"


def render(arrival: Arrival) -> bytes:
    """Write the referred orders of the window in their current state."""
    trades = [_trade(record, arrival) for record in arrival.records if isinstance(record, Referral)]
    pages = [trades[start : start + _PAGE] for start in range(0, len(trades), _PAGE)]
    return "".join(
        json.dumps(_answer(page, len(trades)), ensure_ascii=False) + "\n" for page in pages
    ).encode()


def _answer(page: list[dict[str, Any]], total: int) -> dict[str, Any]:
    return {"success": True, "code": 200, "message": "successful", "data": {"total": total, "list": page}}


def _trade(referral: Referral, arrival: Arrival) -> dict[str, Any]:
    order = referral.order
    goods_fen = order.goods_fen - order.discount_fen
    commission = yuan(goods_fen * _RATE // 100 if referral.is_rewarded else 0)
    settled_at = order.finished_at and order.finished_at + _SETTLED_AFTER
    is_settled = settled_at is not None and settled_at <= arrival.exported_at
    rate = f"{_RATE if referral.is_rewarded else 0}.00"
    item = {
        "price": yuan(goods_fen // order.quantity),
        "num": order.quantity,
        "title": order.product,
        "is_join": 1,
        "num_iid": "1000000001",
        "i_rate": rate,
        "ii_rate": "0.00",
        "i_cps_money": commission,
        "ii_cps_money": "0.00",
    }
    return {
        "seller": f"oo{referral.referrer.unionid[1:7]}",
        "order_no": order.order_id,
        "money": yuan(goods_fen),
        "created_at": f"{order.created_at}",
        "cps_money": commission,
        "state": _STATE[order.status(arrival.exported_at)],
        "phone": referral.referrer.phone,
        "items": [item],
        "settle_state": 2 if is_settled else 1,
        "auto_settle": 1,
        "settled_at": f"{settled_at}" if is_settled else "",
    }

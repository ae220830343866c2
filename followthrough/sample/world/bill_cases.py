"""Payments as Alipay bills them: mostly as in the shop; some missing, smaller, or a day later.

Its bill names no buyer, so missing payments affect nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import NamedTuple

from followthrough.sample.world.entities import Order, Refund
from followthrough.sample.world.random_streams import rng

_SHARE = 0.15
_DISCOUNT_FEN = 300


class Billed(NamedTuple):
    """One movement of money in a bill; `fen` is negative on a refund."""

    at: datetime
    fen: int
    refund: Refund | None = None


def billed(order: Order) -> Iterator[Billed]:
    """The order's payment, if it is in a bill, and its refunds."""
    if order.paid_at is None:
        return
    draw = rng(order.order_id, "alipay bill").random()
    if draw >= _SHARE:
        yield _payment(order, order.paid_at, draw)
    for refund in order.refunds:
        if refund.paid_out_at:
            yield Billed(refund.paid_out_at, -refund.fen, refund)


def _payment(order: Order, paid_at: datetime, draw: float) -> Billed:
    if draw < 2 * _SHARE and order.payable_fen > _DISCOUNT_FEN:
        return Billed(paid_at, order.payable_fen - _DISCOUNT_FEN)
    if draw > 1 - _SHARE:
        midnight = datetime.combine(paid_at.date() + timedelta(days=1), time())
        return Billed(midnight + timedelta(seconds=7), order.payable_fen)
    return Billed(paid_at, order.payable_fen)

"""What Alipay says was paid: mostly what the shop says, now and then nothing, less, or a day later.

Its bill names nobody, so that nothing else depends on what is missing in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import NamedTuple

from followthrough.sample.world import Order, Refund, rng

_SHARE = 0.15
_DISCOUNT_FEN = 300


class Billed(NamedTuple):
    """One movement of money as a bill has it; `fen` is negative on a refund."""

    at: datetime
    fen: int
    refund: Refund | None = None


def billed(order: Order) -> Iterator[Billed]:
    """Give the payment of the order, if it is in a bill, and its refunds."""
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

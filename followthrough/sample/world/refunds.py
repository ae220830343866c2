"""After-sale cases: full, partial and late refunds, exchanges, cases that are withdrawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from followthrough.sample.world.entities import Order, Refund, RefundStep
from followthrough.sample.world.random_streams import rng

REFUND_ONLY, RETURN_GOODS, EXCHANGE = 1, 2, 3
ORDER_CLOSED, GROUP_NOT_FORMED = 204, 208
FAULTY, NOT_AS_DESCRIBED, UNWANTED, BY_AGREEMENT, LATE = 105, 103, 104, 58, 54
OF_QUALITY = (FAULTY, NOT_AS_DESCRIBED)
"""Reasons that blame the goods."""

_REASONS = (FAULTY, NOT_AS_DESCRIBED, UNWANTED, UNWANTED, UNWANTED, BY_AGREEMENT, LATE)


def make_refunds(stream: Random, order: Order, kind: str) -> Order:
    """The order with the after-sale cases of the kind; none for unpaid orders and kind "".

    Every refund settles within 60 days of the payment, and all of them together never exceed it.
    """
    paid_at = order.paid_at
    if paid_at is None or not kind:
        return order
    refunds = tuple(
        _make_refund(stream, order.order_id, paid_at, kind, fen) for fen in _amounts(stream, order, kind)
    )
    return replace(order, refunds=refunds)


def _amounts(stream: Random, order: Order, kind: str) -> list[int]:
    goods = order.goods_fen - order.discount_fen
    if kind == "full":
        return [order.payable_fen]
    if kind == "partial":
        parts = stream.choice((1, 1, 2))
        return [max(1, goods * stream.randint(10, 40) // 100) for _ in range(parts)]
    return [goods]


def _make_refund(stream: Random, order_id: str, paid_at: datetime, kind: str, requested: int) -> Refund:
    demand = EXCHANGE if kind == "exchange" else stream.choice((REFUND_ONLY, RETURN_GOODS))
    refund = Refund(
        refund_id=f"{stream.randrange(10**19, 10**20)}",
        order_id=order_id,
        demand=demand,
        refund_type="EXCHANGE_GOODS" if demand == EXCHANGE else _refund_type(stream),
        requested_fen=requested,
        fen=0 if kind in ("exchange", "withdrawn") else requested,
        fund_lines=2 if requested > 200 and stream.random() < 0.25 else 1,
        steps=_steps(stream, paid_at, kind, demand),
    )
    return replace(refund, in_row_at=_in_row_at(stream, refund), reason=_reason(refund))


def _reason(refund: Refund) -> int:
    if refund.refund_type == "SYSTEM_REFUND":
        return ORDER_CLOSED
    return rng(refund.refund_id, "reason").choice(_REASONS)


def _refund_type(stream: Random) -> str:
    return stream.choice(("BUYER_APPLY_REFUND",) * 6 + ("SELLER_REFUND", "SYSTEM_REFUND"))


def _steps(stream: Random, paid_at: datetime, kind: str, demand: int) -> tuple[RefundStep, ...]:
    days = stream.choice((stream.randint(1, 6), stream.randint(1, 8), stream.randint(9, 52)))
    at = paid_at + timedelta(days=days, minutes=stream.randint(0, 600))
    steps = [RefundStep(at, "WAIT_SELLER_AGREE")]
    if demand != REFUND_ONLY:
        at += timedelta(minutes=stream.randint(60, 1800))
        steps.append(RefundStep(at, "WAIT_BUYER_RETURN_GOODS"))
    at += timedelta(minutes=stream.randint(600, 4000))
    if kind == "withdrawn":
        return (*steps, RefundStep(at, "CLOSED"))
    if kind != "exchange" and stream.random() < 0.2:
        # The shop has finished, the bank has not: SUCCESS whose fund lines are still in process.
        steps.append(RefundStep(at, "SUCCESS"))
        at += timedelta(minutes=stream.randint(300, 1500))
    return (*steps, RefundStep(at, "SUCCESS", is_paid_out=kind != "exchange"))


def _in_row_at(stream: Random, refund: Refund) -> datetime | None:
    """When the order row shows the refund: before, at or after the refund's own record."""
    paid_out_at = refund.paid_out_at
    if paid_out_at is None:
        return None
    early, late = timedelta(hours=stream.randint(20, 70)), timedelta(hours=stream.randint(20, 50))
    shown_at = stream.choice((paid_out_at - early, paid_out_at, paid_out_at + late))
    return max(shown_at, refund.steps[0].at)

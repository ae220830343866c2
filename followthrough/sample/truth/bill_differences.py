"""Differences between bills and orders about one payment, as they can be known at a night."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from followthrough.sample.deliveries.delivered import Delivered, SeenPayment
from followthrough.sample.truth.order_facts import OrderFact


class Difference(NamedTuple):
    """What bills and shop report as paid on a day; `reference` is the order, or else the payment."""

    cause: str
    reference: str
    on: date
    billed_fen: int
    paid_fen: int


def bill_differences(seen: Delivered, facts: list[OrderFact], night: date) -> list[Difference]:
    """The differences by the night; an order lacks a bill only if all bills of its shop have arrived."""
    orders = {fact.order_id: fact for fact in facts}
    payments = [payment for payment in seen.payments if payment.on <= night]
    bills: dict[str, Counter[date]] = defaultdict(Counter)
    for payment in payments:
        bills[payment.order_id][payment.on] += payment.fen
    found = [
        Difference("payment_of_unknown_order", payment.transaction_id, payment.on, payment.fen, 0)
        for payment in payments
        if payment.order_id not in orders
    ]
    kinds = _kinds_by_shop(seen, payments, orders)
    for fact in facts:
        is_due = fact.kind != "cash_on_delivery" and _are_there(kinds[_shop(seen, fact)], fact.paid_on, seen)
        found += _of_order(fact, bills.get(fact.order_id, Counter()), is_due)
    return sorted(found)


def _of_order(fact: OrderFact, bills: Counter[date], is_due: bool) -> Iterator[Difference]:
    paid = {fact.paid_on: fact.paid_fen} if fact.paid_on and fact.paid_fen else {}
    for day in {*paid, *bills}:
        if bills[day] == paid.get(day, 0):
            continue
        cause = "payment_on_another_day"
        if day in paid and day in bills:
            cause = "payment_differs_from_order"
        elif not paid:
            cause = "payment_of_unpaid_order"
        elif not bills:
            cause = "paid_without_bill"
        if cause != "paid_without_bill" or is_due:
            yield Difference(cause, fact.order_id, day, bills[day], paid.get(day, 0))


def _kinds_by_shop(
    seen: Delivered, payments: list[SeenPayment], orders: dict[str, OrderFact]
) -> dict[str, set[str]]:
    kinds: dict[str, set[str]] = defaultdict(set)
    for payment in payments:
        if payment.order_id in orders:
            kinds[_shop(seen, orders[payment.order_id])].add(payment.bill)
    return kinds


def _shop(seen: Delivered, fact: OrderFact) -> str:
    return seen.rows[fact.order_id][0].row.order.shop


def _are_there(kinds: set[str], day: date | None, seen: Delivered) -> bool:
    return bool(kinds) and all((kind, day) in seen.bills for kind in kinds)

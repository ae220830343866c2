"""What was delivered by a night, gathered from the arrivals; nothing here knows the future."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from followthrough.sample.arrivals import Arrival, BillRow, OrderRow, RefundRow
from followthrough.sample.world import Contact, Follow


class SeenRow(NamedTuple):
    """An accepted order row, when it was exported and with which night it came."""

    row: OrderRow
    exported_at: datetime
    delivered: date


class SeenRefund(NamedTuple):
    """A refund answer and the night it came with."""

    row: RefundRow
    delivered: date


@dataclass
class Delivered:
    """All accepted records so far.

    `rows` are an order's rows, oldest export first; `refunds` the latest answer per refund, by
    order; `openids` are payers by transaction id; contacts and follows map to their first night.
    """

    rows: dict[str, list[SeenRow]] = field(default_factory=dict)
    refunds: dict[str, dict[str, SeenRefund]] = field(default_factory=dict)
    openids: dict[str, str] = field(default_factory=dict)
    contacts: dict[Contact, date] = field(default_factory=dict)
    follows: dict[tuple[str, datetime], tuple[Follow, date]] = field(default_factory=dict)


def gather(arrivals: Iterable[Arrival]) -> Delivered:
    """Collect the arrivals' records; damaged order rows count as not delivered."""
    seen = Delivered()
    for arrival in sorted(arrivals, key=lambda each: (each.delivered, each.exported_at)):
        for record in arrival.records:
            if isinstance(record, OrderRow):
                _take_row(seen, record, arrival)
            elif isinstance(record, RefundRow):
                _take_refund(seen, record, arrival.delivered)
            elif isinstance(record, BillRow):
                seen.openids[record.order.transaction_id] = record.order.person.openid
            elif isinstance(record, Contact):
                seen.contacts.setdefault(record, arrival.delivered)
            else:
                key = record.person.openid, record.subscribed_at
                seen.follows.setdefault(key, (record, arrival.delivered))
    for rows in seen.rows.values():
        rows.sort(key=lambda each: each.exported_at)
    return seen


def _take_row(seen: Delivered, row: OrderRow, arrival: Arrival) -> None:
    if not row.damaged:
        accepted = SeenRow(row, arrival.exported_at, arrival.delivered)
        seen.rows.setdefault(row.order.order_id, []).append(accepted)


def _take_refund(seen: Delivered, row: RefundRow, delivered: date) -> None:
    of_order = seen.refunds.setdefault(row.refund.order_id, {})
    known = of_order.get(row.refund.refund_id)
    if known is None or known.row.step.at < row.step.at:
        of_order[row.refund.refund_id] = SeenRefund(row, delivered)

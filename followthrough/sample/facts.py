"""Orders as they can be known at a night: paid when, retained until when, refunded by what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from followthrough.sample.delivered import Delivered, SeenRefund, SeenRow
from followthrough.sample.refunds import EXCHANGE

QUALIFYING_FEN = 100


class MoneyBack(NamedTuple):
    """Money going back on a date, and the night whose delivery says so."""

    on: date
    fen: int
    delivered: date


@dataclass(frozen=True)
class OrderFact:
    """One order as known: `refunds` add up to no more than was paid, `paid_on` is None if unpaid.

    `created_in` and `paid_in` are the nights whose deliveries first said so.
    """

    order_id: str
    person_id: str
    created_on: date
    created_in: date
    paid_on: date | None
    paid_in: date | None
    paid_fen: int
    goods_fen: int
    refunds: tuple[MoneyBack, ...]

    @property
    def qualifies(self) -> bool:
        """Whether the order is a purchase at all, and no lucky bag."""
        return self.goods_fen >= QUALIFYING_FEN

    def is_paid(self, day: date) -> bool:
        """Whether it was paid by the end of the day."""
        return self.paid_on is not None and self.paid_on <= day

    def is_retained(self, day: date) -> bool:
        """Whether, at the end of the day, goods worth at least a yuan stay paid for.

        Refunds use up the goods first and the freight last.
        """
        back = sum(each.fen for each in self.refunds if each.on <= day)
        kept = self.goods_fen - min(self.goods_fen, back)
        return self.is_paid(day) and kept >= QUALIFYING_FEN


def order_facts(seen: Delivered, night: date) -> list[OrderFact]:
    """Give every delivered order created by the night; what is dated later is left out."""
    facts = (_fact(order_id, seen, night) for order_id in seen.rows)
    return [fact for fact in facts if fact.created_on <= night]


def _fact(order_id: str, seen: Delivered, night: date) -> OrderFact:
    rows = seen.rows[order_id]
    row = rows[-1].row
    paid_on = row.paid_at.date() if row.paid_at and row.paid_at.date() <= night else None
    paid_fen = row.paid_fen if paid_on else 0
    events = _events(list(seen.refunds.get(order_id, {}).values()))
    slices = _slices(rows, explained=sum(event.fen for event in events))
    known = sorted(each for each in events + slices if each.on <= night)
    return OrderFact(
        order_id=order_id,
        person_id=row.order.person.person_id,
        created_on=row.order.created_at.date(),
        created_in=min(each.delivered for each in rows),
        paid_on=paid_on,
        paid_in=min(each.delivered for each in rows if each.row.paid_at) if paid_on else None,
        paid_fen=paid_fen,
        goods_fen=paid_fen - row.order.freight_fen if paid_on else 0,
        refunds=tuple(_capped(known, paid_fen)),
    )


def _events(refunds: list[SeenRefund]) -> list[MoneyBack]:
    """Money the refund files say has arrived, on the day it arrived."""
    back = []
    for row, delivered in refunds:
        fen = sum(line.fen for line in row.funds if line.status == 2)
        if row.step.status == "SUCCESS" and row.refund.demand != EXCHANGE and fen:
            back.append(MoneyBack(row.step.at.date(), fen, delivered))
    return back


def _slices(rows: list[SeenRow], explained: int) -> list[MoneyBack]:
    """What order rows say beyond the refund files, on the date of the export that first said it."""
    back, highest = [], 0
    for row, exported_at, delivered in rows:
        fen = row.refunded_fen - max(highest, explained)
        if fen > 0:
            back.append(MoneyBack(exported_at.date(), fen, delivered))
        highest = max(highest, row.refunded_fen)
    return back


def _capped(refunds: list[MoneyBack], paid_fen: int) -> list[MoneyBack]:
    kept, left = [], paid_fen
    for each in refunds:
        kept.append(each._replace(fen=min(each.fen, left)))
        left -= kept[-1].fen
    return [each for each in kept if each.fen]

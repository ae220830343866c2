"""Orders as known at a night: when paid, until when retained, and their refunds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from followthrough.sample.deliveries.delivered import Delivered, SeenRefund, SeenRow
from followthrough.sample.deliveries.records import OrderRow, RefundRow
from followthrough.sample.world.entities import Refund
from followthrough.sample.world.refunds import EXCHANGE, RETURN_GOODS

QUALIFYING_FEN = 100
CONFIRM_DAYS = 20

_NEVER_A_PURCHASE = (
    "lucky_bag",
    "trial",
    "presale_deposit",
    "distribution",
    "giveaway",
    "points_exchange",
)
_NO_INTEREST = ("distribution", "giveaway")


class MoneyBack(NamedTuple):
    """Money returned on a date, the night whose delivery first shows it, and the kind of refund."""

    on: date
    fen: int
    delivered: date
    kind: str


@dataclass(frozen=True)
class OrderFact:
    """One order as known: `refunds` add up to no more than was paid, `paid_on` is None if unpaid.

    `created_in` and `paid_in` are the nights whose deliveries first showed it. `kind` is the kind of order,
    `not_counted` why it does not count as a purchase ("" if it does); `due_on` is the day it will be
    confirmed unless refunded before.
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
    kind: str
    not_counted: str
    due_on: date | None

    @property
    def settled_on(self) -> date | None:
        """The day it was finally paid; None while its group has not formed."""
        return None if self.not_counted in ("group_forming", "group_failed") else self.paid_on

    @property
    def shows_interest(self) -> bool:
        """Whether placing it shows an interest in buying."""
        return self.kind not in _NO_INTEREST

    def is_confirmed(self, day: date) -> bool:
        """Whether, at the end of the day, it is retained and its waiting period is over."""
        return self.due_on is not None and self.due_on <= day and self.is_retained(day)

    def is_paid(self, day: date) -> bool:
        """Whether it was paid by the end of the day."""
        return self.paid_on is not None and self.paid_on <= day

    def is_retained(self, day: date) -> bool:
        """Whether, at the end of the day, goods worth at least one yuan are not refunded.

        Refunds are taken from the goods first and the freight last.
        """
        back = sum(each.fen for each in self.refunds if each.on <= day)
        kept = self.goods_fen - min(self.goods_fen, back)
        return not self.not_counted and self.is_paid(day) and kept >= QUALIFYING_FEN


def order_facts(seen: Delivered, night: date) -> list[OrderFact]:
    """Every delivered order created by the night, without anything dated later."""
    facts = (_fact(order_id, seen, night) for order_id in seen.rows)
    return [fact for fact in facts if fact.created_on <= night]


def _fact(order_id: str, seen: Delivered, night: date) -> OrderFact:
    rows = seen.rows[order_id]
    row = rows[-1].row
    paid_on = row.paid_at.date() if row.paid_at and row.paid_at.date() <= night else None
    paid_fen = row.paid_fen if paid_on else 0
    events = _events(list(seen.refunds.get(order_id, {}).values()), _shipped_by(rows))
    slices = _slices(rows, explained=sum(event.fen for event in events))
    known = sorted(each for each in events + slices if each.on <= night)
    goods_fen = paid_fen - row.order.freight_fen if paid_on else 0
    not_counted = _not_counted(rows, paid_on, goods_fen)
    if not_counted in ("group_forming", "group_failed"):
        known = [each._replace(kind="system") for each in known]
    elif row.order.kind == "presale_deposit":
        known = [each._replace(kind="deposit") for each in known]
    return OrderFact(
        order_id=order_id,
        person_id=row.order.person.person_id,
        created_on=row.order.created_at.date(),
        created_in=min(each.delivered for each in rows),
        paid_on=paid_on,
        paid_in=min(each.delivered for each in rows if each.row.paid_at) if paid_on else None,
        paid_fen=paid_fen,
        goods_fen=goods_fen,
        refunds=tuple(_capped(known, paid_fen)),
        kind=row.order.kind,
        not_counted=not_counted,
        due_on=_due_on(row, paid_on, night),
    )


def _not_counted(rows: list[SeenRow], paid_on: date | None, goods_fen: int) -> str:
    """The reason why the order does not count as a purchase; "" if it does."""
    kind, status = rows[-1].row.order.kind, rows[-1].row.status
    has_formed = any(each.row.status in ("待发货", "已发货", "交易完成") for each in rows)
    if paid_on is None:
        return "closed_unpaid" if status == "交易关闭" else "unpaid"
    if kind == "group_buying" and not has_formed:
        return "group_failed" if status == "交易关闭" else "group_forming"
    if kind in _NEVER_A_PURCHASE:
        return kind
    return "below_minimum" if goods_fen < QUALIFYING_FEN else ""


def _due_on(row: OrderRow, paid_on: date | None, night: date) -> date | None:
    """The day the trade was finished, or long enough after the payment, whichever comes first."""
    if paid_on is None:
        return None
    latest = paid_on + timedelta(CONFIRM_DAYS)
    finished_at = row.order.finished_at if row.status == "交易完成" else None
    if finished_at is None or finished_at.date() > night:
        return latest
    return min(finished_at.date(), latest)


def _shipped_by(rows: list[SeenRow]) -> datetime:
    """When an export first showed the goods as shipped; the maximum time if none has."""
    shown = [each.exported_at for each in rows if each.row.status in ("已发货", "交易完成")]
    return min(shown, default=datetime.max)


def _events(refunds: list[SeenRefund], shipped_by: datetime) -> list[MoneyBack]:
    """The refunds paid back according to the refund files, on the day the money arrived."""
    back = []
    for row, delivered in refunds:
        fen = arrived_fen(row)
        if fen:
            kind = _kind(row.refund, is_shipped=shipped_by <= row.step.at)
            back.append(MoneyBack(row.step.at.date(), fen, delivered, kind))
    return back


def arrived_fen(row: RefundRow) -> int:
    """The amount returned to the buyer by this answer; 0 while it is in process, and for an exchange."""
    if row.step.status != "SUCCESS" or row.refund.demand == EXCHANGE:
        return 0
    return sum(line.fen for line in row.funds if line.status == 2)


def _kind(refund: Refund, is_shipped: bool) -> str:
    if refund.refund_type == "SYSTEM_REFUND":
        return "system"
    if refund.demand == RETURN_GOODS:
        return "return_and_refund"
    return "refund_only" if is_shipped else "before_shipping"


def _slices(rows: list[SeenRow], explained: int) -> list[MoneyBack]:
    """Refunds in order rows without a refund file, on the date of the export that first shows them."""
    back, highest = [], 0
    for row, exported_at, delivered in rows:
        fen = row.refunded_fen - max(highest, explained)
        if fen > 0:
            back.append(MoneyBack(exported_at.date(), fen, delivered, "unexplained"))
        highest = max(highest, row.refunded_fen)
    return back


def _capped(refunds: list[MoneyBack], paid_fen: int) -> list[MoneyBack]:
    kept, left = [], paid_fen
    for each in refunds:
        kept.append(each._replace(fen=min(each.fen, left)))
        left -= kept[-1].fen
    return [each for each in kept if each.fen]

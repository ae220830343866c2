"""Everything delivered by a night, collected from the arrivals, without any later knowledge."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from followthrough.sample.deliveries.records import AlipayRow, Arrival, BillRow, ClueRow, OrderRow, RefundRow
from followthrough.sample.world.entities import Answer, Contact, Follow, FormLead, Order, Rating, Referral
from followthrough.sample.world.leads import ABNORMAL, PREVIEW


class SeenRow(NamedTuple):
    """An accepted order row, when it was exported and with which night it came."""

    row: OrderRow
    exported_at: datetime
    delivered: date


class SeenRefund(NamedTuple):
    """A refund answer and the night it came with."""

    row: RefundRow
    delivered: date


class SeenClue(NamedTuple):
    """A lead's row, when it was pulled and with which night it came."""

    row: ClueRow
    exported_at: datetime
    delivered: date


class SeenPayment(NamedTuple):
    """A payment found in some bill, in fen and by its day; `bill` is the kind of bill."""

    bill: str
    transaction_id: str
    order_id: str
    on: date
    fen: int


@dataclass
class Delivered:
    """All accepted records so far.

    `rows` are an order's rows, oldest export first; `refunds` the latest answer per refund, by order;
    `openids` are payers by transaction id; contacts and follows map to their first night; `payments` are
    those in the `bills`, which are (kind, night); `clues` are a lead's rows, oldest pull first; survey
    answers (the newest version of each) and leads of a page are by number; ratings and referrals are kept as
    delivered.
    """

    rows: dict[str, list[SeenRow]] = field(default_factory=dict)
    refunds: dict[str, dict[str, SeenRefund]] = field(default_factory=dict)
    openids: dict[str, str] = field(default_factory=dict)
    payments: set[SeenPayment] = field(default_factory=set)
    bills: set[tuple[str, date]] = field(default_factory=set)
    contacts: dict[Contact, date] = field(default_factory=dict)
    follows: dict[tuple[str, datetime], tuple[Follow, date]] = field(default_factory=dict)
    clues: dict[str, list[SeenClue]] = field(default_factory=dict)
    ratings: set[Rating] = field(default_factory=set)
    survey_answers: dict[int, Answer] = field(default_factory=dict)
    form_leads: dict[int, tuple[FormLead, date]] = field(default_factory=dict)
    referrals: set[Referral] = field(default_factory=set)


def gather(arrivals: Iterable[Arrival]) -> Delivered:
    """Collect the arrivals' records; damaged order rows and noise among the leads count as not delivered."""
    seen = Delivered()
    for arrival in sorted(arrivals, key=lambda each: (each.delivered, each.exported_at)):
        seen.bills.add((arrival.feed.kind, arrival.night))
        for record in arrival.records:
            take = _TAKE.get(type(record))
            if take:
                take(seen, record, arrival)
    for rows in seen.rows.values():
        rows.sort(key=lambda each: each.exported_at)
    for clues in seen.clues.values():
        clues.sort(key=lambda each: each.exported_at)
    return seen


def _take_row(seen: Delivered, row: OrderRow, arrival: Arrival) -> None:
    if not row.damaged:
        accepted = SeenRow(row, arrival.exported_at, arrival.delivered)
        seen.rows.setdefault(row.order.order_id, []).append(accepted)


def _take_clue(seen: Delivered, row: ClueRow, arrival: Arrival) -> None:
    if row.lead.origin not in (ABNORMAL, PREVIEW):
        accepted = SeenClue(row, arrival.exported_at, arrival.delivered)
        seen.clues.setdefault(row.lead.clue_id, []).append(accepted)


def _take_refund(seen: Delivered, row: RefundRow, arrival: Arrival) -> None:
    of_order = seen.refunds.setdefault(row.refund.order_id, {})
    known = of_order.get(row.refund.refund_id)
    if known is None or known.row.step.at < row.step.at:
        of_order[row.refund.refund_id] = SeenRefund(row, arrival.delivered)


def _take_payer(seen: Delivered, row: BillRow, arrival: Arrival) -> None:
    seen.openids[row.order.transaction_id] = row.order.person.openid
    if row.refund is None:
        _take_payment(seen, row.order, row.at.date(), row.order.payable_fen, arrival)


def _take_alipay(seen: Delivered, row: AlipayRow, arrival: Arrival) -> None:
    if row.refund is None:
        _take_payment(seen, row.order, row.at.date(), row.fen, arrival)


def _take_payment(seen: Delivered, order: Order, on: date, fen: int, arrival: Arrival) -> None:
    payment = SeenPayment(arrival.feed.kind, order.transaction_id, order.order_id, on, fen)
    seen.payments.add(payment)


def _take_contact(seen: Delivered, contact: Contact, arrival: Arrival) -> None:
    seen.contacts.setdefault(contact, arrival.delivered)


def _take_follow(seen: Delivered, follow: Follow, arrival: Arrival) -> None:
    key = follow.person.openid, follow.subscribed_at
    seen.follows.setdefault(key, (follow, arrival.delivered))


def _take_rating(seen: Delivered, rating: Rating, arrival: Arrival) -> None:
    seen.ratings.add(rating)


def _take_answer(seen: Delivered, answer: Answer, arrival: Arrival) -> None:
    known = seen.survey_answers.get(answer.number)
    if known is None or known.written_at < answer.written_at:
        seen.survey_answers[answer.number] = answer


def _take_form_lead(seen: Delivered, lead: FormLead, arrival: Arrival) -> None:
    seen.form_leads.setdefault(lead.number, (lead, arrival.delivered))


def _take_referral(seen: Delivered, referral: Referral, arrival: Arrival) -> None:
    seen.referrals.add(referral)


_TAKE: dict[type, Callable[[Delivered, Any, Arrival], None]] = {
    OrderRow: _take_row,
    RefundRow: _take_refund,
    BillRow: _take_payer,
    AlipayRow: _take_alipay,
    Contact: _take_contact,
    Follow: _take_follow,
    ClueRow: _take_clue,
    Rating: _take_rating,
    Answer: _take_answer,
    FormLead: _take_form_lead,
    Referral: _take_referral,
}
"""How each type of record about people is collected; contents and follower counts are not about people."""

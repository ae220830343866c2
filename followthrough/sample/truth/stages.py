"""The macro stage of one person on one day, rule by rule, and the resulting spans."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from followthrough.sample.truth.order_facts import OrderFact

REPEAT_DAYS = 540
RISK_DAYS = 180
PENDING_DAYS = 30
LEAD_DAYS = 90
REFUNDED_DAYS = 180
SATISFIED_DAYS = 365
DISSATISFIED_DAYS = 180
ADVOCATE_DAYS = 365
REWARDED_DAYS = 90
MOST_REWARDED = 5
GAP_DAYS = 7

_WINDOWS = (
    REPEAT_DAYS,
    RISK_DAYS,
    PENDING_DAYS,
    LEAD_DAYS,
    REFUNDED_DAYS,
    SATISFIED_DAYS,
    DISSATISFIED_DAYS,
)


class Span(NamedTuple):
    """A stage from `valid_from` until the day before `valid_to`; None while it lasts."""

    stage: str
    valid_from: date
    valid_to: date | None


class Lead(NamedTuple):
    """Forms that count as one lead: the date of the first, and the date after which none was valid."""

    since: date
    until: date | None


class Brought(NamedTuple):
    """A referral: the date of the other person's first purchase, and whether it was rewarded."""

    order: OrderFact
    on: date
    is_rewarded: bool


@dataclass
class Evidence:
    """Everything known of one person: orders, leads, other touches, opinions and referrals."""

    orders: list[OrderFact] = field(default_factory=list)
    inquiries: list[date] = field(default_factory=list)
    touches: list[date] = field(default_factory=list)
    leads: list[Lead] = field(default_factory=list)
    praise: list[date] = field(default_factory=list)
    complaints: list[date] = field(default_factory=list)
    brought: list[Brought] = field(default_factory=list)

    def dates(self) -> set[date]:
        """Every day with an event."""
        paid = {order.paid_on for order in self.orders if order.paid_on}
        back = {refund.on for order in self.orders for refund in order.refunds}
        due = {order.due_on for order in self.orders if order.due_on}
        created = {order.created_on for order in self.orders}
        leads = {day for lead in self.leads for day in lead if day}
        opinions = {*self.praise, *self.complaints}
        return created | paid | back | due | leads | opinions | {*self.inquiries, *self.touches}


def spans(evidence: Evidence, night: date) -> list[Span]:
    """The stages from the first evidence to the night, adjacent spans of one stage merged.

    A stage can only change on the day of a fact, or on the day after a window that starts there has ended.
    """
    dates = evidence.dates()
    expiries = {day + timedelta(window + 1) for day in dates for window in _WINDOWS}
    merged: list[Span] = []
    for day in sorted(each for each in dates | expiries if each <= night):
        stage = stage_on(evidence, day)
        if not merged or merged[-1].stage != stage:
            if merged:
                merged[-1] = merged[-1]._replace(valid_to=day)
            merged.append(Span(stage, day, None))
    return merged


def stage_on(evidence: Evidence, day: date) -> str:
    """The stage at the end of the day; the first matching rule wins."""
    kept = {order.paid_on for order in evidence.orders if order.paid_on and order.is_retained(day)}
    if kept:
        is_repeated = _has_repeated(evidence.orders, day) and _within(max(kept), RISK_DAYS, day)
        return "loyal" if is_repeated and satisfaction_on(evidence, day) != "negative" else "paying"
    return "potential" if _is_potential(evidence, day) else "audience"


def satisfaction_on(evidence: Evidence, day: date) -> str:
    """Positive, negative or unknown: the latest opinion; of two on one day the negative one."""
    praise = [on for on in evidence.praise if _within(on, SATISFIED_DAYS, day)]
    complaints = [on for on in evidence.complaints if _within(on, DISSATISFIED_DAYS, day)]
    if complaints and (not praise or max(complaints) >= max(praise)):
        return "negative"
    return "positive" if praise else "unknown"


def is_advocate_on(evidence: Evidence, day: date) -> bool:
    """Whether a loyal person has referred others: unrewarded, or rewarded for only a few lately."""
    if stage_on(evidence, day) != "loyal":
        return False
    live = [
        each
        for each in evidence.brought
        if _within(each.on, ADVOCATE_DAYS, day) and each.order.is_retained(day)
    ]
    lately = [each for each in live if each.is_rewarded and _within(each.on, REWARDED_DAYS, day)]
    return any(not each.is_rewarded for each in live) or (bool(live) and len(lately) <= MOST_REWARDED)


def _has_repeated(orders: list[OrderFact], day: date) -> bool:
    """Whether two confirmed purchases of the last months are at least a week apart."""
    bought = [order.paid_on for order in orders if order.paid_on and order.is_confirmed(day)]
    recent = [paid for paid in bought if _within(paid, REPEAT_DAYS, day)]
    return bool(recent) and max(recent) - min(recent) >= timedelta(GAP_DAYS)


def _is_potential(evidence: Evidence, day: date) -> bool:
    return (
        any(_is_pending(order, day) for order in evidence.orders)
        or any(_within(asked, LEAD_DAYS, day) for asked in evidence.inquiries)
        or any(_is_open(lead, day) for lead in evidence.leads)
        or (_is_refunded(evidence.orders, day) and satisfaction_on(evidence, day) != "negative")
    )


def _is_open(lead: Lead, day: date) -> bool:
    return _within(lead.since, LEAD_DAYS, day) and (lead.until is None or day < lead.until)


def _is_pending(order: OrderFact, day: date) -> bool:
    """Whether the order is not settled yet, or is paid, no purchase, but shows interest in one."""
    if not order.shows_interest:
        return False
    if order.settled_on is None or order.settled_on > day:
        return _within(order.created_on, PENDING_DAYS, day)
    return bool(order.not_counted) and _within(order.settled_on, PENDING_DAYS, day)


def _is_refunded(orders: list[OrderFact], day: date) -> bool:
    """Whether none of the buyer's purchases is retained and the last refund is recent."""
    bought = [order for order in orders if not order.not_counted and order.is_paid(day)]
    if any(order.is_retained(day) for order in bought):
        return False
    back = [refund.on for order in bought for refund in order.refunds if refund.on <= day]
    return bool(back) and _within(max(back), REFUNDED_DAYS, day)


def _within(event: date, days: int, day: date) -> bool:
    return event <= day <= event + timedelta(days)

"""The macro stage of one person on one day, rule by rule, and the spans it adds up to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from followthrough.sample.facts import OrderFact

REPEAT_DAYS = 540
RISK_DAYS = 180
PENDING_DAYS = 30
LEAD_DAYS = 90
REFUNDED_DAYS = 180

_WINDOWS = (REPEAT_DAYS, RISK_DAYS, PENDING_DAYS, LEAD_DAYS, REFUNDED_DAYS)


class Span(NamedTuple):
    """A stage from `valid_from` until the day before `valid_to`; None where it still holds."""

    stage: str
    valid_from: date
    valid_to: date | None


class Lead(NamedTuple):
    """Forms that count as one lead: the date of the first, and the one on which none was left valid."""

    since: date
    until: date | None


@dataclass
class Evidence:
    """All that is known of one person: orders, leads, dates of inquiries and of any other touch."""

    orders: list[OrderFact] = field(default_factory=list)
    inquiries: list[date] = field(default_factory=list)
    touches: list[date] = field(default_factory=list)
    leads: list[Lead] = field(default_factory=list)

    def dates(self) -> set[date]:
        """Every day on which something happened."""
        paid = {order.paid_on for order in self.orders if order.paid_on}
        back = {refund.on for order in self.orders for refund in order.refunds}
        created = {order.created_on for order in self.orders}
        leads = {day for lead in self.leads for day in lead if day}
        return created | paid | back | leads | set(self.inquiries) | set(self.touches)


def spans(evidence: Evidence, night: date) -> list[Span]:
    """Give the stages from the first evidence to the night, neighbours of one stage merged.

    A stage can only change on the day of a fact, or the day after a window from it has passed.
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
    """Name the stage at the end of the day; the first rule that holds wins."""
    paid_dates = {order.paid_on for order in evidence.orders if order.is_retained(day)}
    recent = [paid for paid in paid_dates if paid and _within(paid, REPEAT_DAYS, day)]
    if len(recent) >= 2 and _within(max(recent), RISK_DAYS, day):
        return "loyal"
    if paid_dates:
        return "paying"
    return "potential" if _is_potential(evidence, day) else "audience"


def _is_potential(evidence: Evidence, day: date) -> bool:
    return (
        any(_is_pending(order, day) for order in evidence.orders)
        or any(_within(asked, LEAD_DAYS, day) for asked in evidence.inquiries)
        or any(_is_open(lead, day) for lead in evidence.leads)
        or _is_refunded(evidence.orders, day)
    )


def _is_open(lead: Lead, day: date) -> bool:
    return _within(lead.since, LEAD_DAYS, day) and (lead.until is None or day < lead.until)


def _is_pending(order: OrderFact, day: date) -> bool:
    """An order not yet paid, or one paid that is too small to be a purchase."""
    if order.paid_on is None or order.paid_on > day:
        return _within(order.created_on, PENDING_DAYS, day)
    return not order.qualifies and _within(order.paid_on, PENDING_DAYS, day)


def _is_refunded(orders: list[OrderFact], day: date) -> bool:
    """A buyer none of whose purchases is retained, the last money having gone back lately."""
    bought = [order for order in orders if order.qualifies and order.is_paid(day)]
    if any(order.is_retained(day) for order in bought):
        return False
    back = [refund.on for order in bought for refund in order.refunds if refund.on <= day]
    return bool(back) and _within(max(back), REFUNDED_DAYS, day)


def _within(event: date, days: int, day: date) -> bool:
    return event <= day <= event + timedelta(days)

"""What people say of us and whom they bring, as evidence: ratings, survey answers, referrals."""

from __future__ import annotations

from datetime import date, timedelta

from followthrough.sample.delivered import Delivered
from followthrough.sample.facts import OrderFact
from followthrough.sample.stages import Brought, Evidence

ATTRIBUTION_DAYS = 30
_PROMOTER, _DETRACTOR = 9, 6


def add_opinions(evidence: dict[str, Evidence], facts: list[OrderFact], seen: Delivered, night: date) -> None:
    """Add what was said and done by the night; `facts` are the orders of those somebody can name."""
    orders = {fact.order_id: fact for fact in facts}
    for rating in seen.ratings:
        order, on = orders.get(rating.order_id), rating.rated_at.date()
        if order and on <= night and not rating.is_default:
            _add(evidence[order.person_id], on, rating.score == "positive", rating.score == "negative")
    for answer in seen.survey_answers:
        on = answer.answered_at.date()
        if on <= night:
            person = evidence[answer.person.person_id]
            _add(person, on, answer.nps >= _PROMOTER, answer.nps <= _DETRACTOR)
    for referral in seen.referrals:
        order = orders.get(referral.order_id)
        referrer = referral.referrer.person_id
        if order and referrer in evidence and order.person_id != referrer and _is_first(order, facts):
            _bring(evidence[referrer], order, referral.referred_at.date(), referral.is_rewarded)


def _add(person: Evidence, on: date, is_praise: bool, is_complaint: bool) -> None:
    if is_praise:
        person.praise.append(on)
    if is_complaint:
        person.complaints.append(on)


def _is_first(order: OrderFact, facts: list[OrderFact]) -> bool:
    """Whether it is a purchase, and its buyer has none of an earlier date."""
    theirs = [each for each in facts if each.person_id == order.person_id and not each.not_counted]
    dates = [each.paid_on for each in theirs if each.paid_on]
    return not order.not_counted and order.paid_on is not None and order.paid_on == min(dates)


def _bring(referrer: Evidence, order: OrderFact, referred_on: date, is_rewarded: bool) -> None:
    paid_on = order.paid_on
    if paid_on and referred_on <= paid_on <= referred_on + timedelta(ATTRIBUTION_DAYS):
        referrer.brought.append(Brought(order, paid_on, is_rewarded))

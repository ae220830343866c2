"""Evidence of satisfaction and advocacy: ratings, survey answers, refunds for quality, referrals."""

from __future__ import annotations

from datetime import date, timedelta

from followthrough.sample.deliveries.delivered import Delivered
from followthrough.sample.truth.order_facts import OrderFact, arrived_fen
from followthrough.sample.truth.stages import Brought, Evidence
from followthrough.sample.world.refunds import OF_QUALITY

ATTRIBUTION_DAYS = 30
_PROMOTER, _DETRACTOR = 9, 6
_MANY_STARS, _FEW_STARS = 4, 2


def add_opinions(evidence: dict[str, Evidence], facts: list[OrderFact], seen: Delivered, night: date) -> None:
    """Add the opinions and referrals by the night; `facts` are the orders of identified people."""
    orders = {fact.order_id: fact for fact in facts}
    _add_ratings(evidence, orders, seen, night)
    _add_answers(evidence, seen, night)
    _add_refunds(evidence, orders, seen, night)
    for referral in seen.referrals:
        order = orders.get(referral.order.order_id)
        referrer = referral.referrer.person_id
        if order and referrer in evidence and order.person_id != referrer and _is_first(order, facts):
            _bring(evidence[referrer], order, referral.referred_at.date(), referral.is_rewarded)


def _add_ratings(
    evidence: dict[str, Evidence], orders: dict[str, OrderFact], seen: Delivered, night: date
) -> None:
    for rating in seen.ratings:
        order, on = orders.get(rating.order_id), rating.rated_at.date()
        if order and on <= night and not rating.is_default:
            _add(evidence[order.person_id], on, rating.score == "positive", rating.score == "negative")


def _add_answers(evidence: dict[str, Evidence], seen: Delivered, night: date) -> None:
    for answer in seen.survey_answers.values():
        on, stars = answer.answered_at.date(), answer.stars or 3
        if on <= night:
            is_complaint = answer.nps <= _DETRACTOR or stars <= _FEW_STARS
            is_praise = not is_complaint and (answer.nps >= _PROMOTER or stars >= _MANY_STARS)
            _add(evidence[answer.person.person_id], on, is_praise, is_complaint)


def _add_refunds(
    evidence: dict[str, Evidence], orders: dict[str, OrderFact], seen: Delivered, night: date
) -> None:
    """Add a complaint for each refund for quality, on the day the money arrives."""
    for order in orders.values():
        for row, _ in seen.refunds.get(order.order_id, {}).values():
            on = row.step.at.date()
            if on <= night and row.refund.reason in OF_QUALITY and arrived_fen(row):
                evidence[order.person_id].complaints.append(on)


def _add(person: Evidence, on: date, is_praise: bool, is_complaint: bool) -> None:
    if is_praise:
        person.praise.append(on)
    if is_complaint:
        person.complaints.append(on)


def _is_first(order: OrderFact, facts: list[OrderFact]) -> bool:
    """Whether it is a purchase, and its buyer has none on an earlier date."""
    theirs = [each for each in facts if each.person_id == order.person_id and not each.not_counted]
    dates = [each.paid_on for each in theirs if each.paid_on]
    return not order.not_counted and order.paid_on is not None and order.paid_on == min(dates)


def _bring(referrer: Evidence, order: OrderFact, referred_on: date, is_rewarded: bool) -> None:
    paid_on = order.paid_on
    if paid_on and referred_on <= paid_on <= referred_on + timedelta(ATTRIBUTION_DAYS):
        referrer.brought.append(Brought(order, paid_on, is_rewarded))

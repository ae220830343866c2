"""Shops with at most a nickname of the buyer (Taobao, JD, Douyin shop), and ratings of their orders.

Their buyers are separate from the other people, known by their account or not at all. Nothing here uses
another entity's random stream.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import cycle, islice
from random import Random
from typing import NamedTuple

from followthrough.sample.world.accounts import DOUDIAN, JD, TAOBAO
from followthrough.sample.world.entities import Order, Person, Rating, Refund
from followthrough.sample.world.lives import Plan, plan_orders
from followthrough.sample.world.orders import Shopper, make_order
from followthrough.sample.world.people import make_person
from followthrough.sample.world.random_streams import rng
from followthrough.sample.world.refunds import EXCHANGE, make_refunds

_LIVES = ("loyal", "one_time", "newly_loyal", "full_refund", "partial_refund", "unpaid", "lapsed", "loyal")
_LIVE_ROOM_LIVES = ("loyal", "full_refund", "lucky_bag", "loyal", "partial_refund", "unpaid")
_DEFAULT_AFTER = timedelta(days=15)


class _Market(NamedTuple):
    shop: str
    one_in: int
    """One such buyer per this number of other people."""
    lives: tuple[str, ...]
    masked_share: float
    lists_refunds: bool
    order_id: str
    nick: str


_MARKETS = (
    _Market(TAOBAO, 8, _LIVES, 0.02, lists_refunds=True, order_id="2{:018d}", nick="tb{:08d}"),
    _Market(JD, 16, _LIVES, 0.02, lists_refunds=False, order_id="3{:011d}", nick="jd_{:010d}"),
    _Market(DOUDIAN, 50, _LIVE_ROOM_LIVES, 1.0, lists_refunds=True, order_id="69{:017d}", nick="{}"),
)


def make_market_orders(
    seed: int, people: int, first_night: date, last_day: int
) -> Iterator[tuple[Person, list[Order]]]:
    """Each buyer at each market and their orders; at least three buyers at each."""
    number = people
    for market in _MARKETS:
        for life in islice(cycle(market.lives), max(3, people // market.one_in)):
            buyer = _buyer(seed, number, life, market)
            plans = plan_orders(life, rng(seed, buyer.person_id, "plan"), last_day)
            yield (
                buyer,
                [_order(seed, market, buyer, nth, plan, first_night) for nth, plan in enumerate(plans)],
            )
            number += 1


def make_ratings(seed: int, orders: list[Order]) -> Iterator[Rating]:
    """Buyers' ratings of finished Taobao orders; the others get the platform's default rating."""
    for order in orders:
        if order.shop == TAOBAO and order.finished_at and not order.refunds:
            stream = rng(seed, order.order_id, "rating")
            after = timedelta(hours=stream.randint(2, 120))
            score = stream.choice(("positive",) * 6 + ("neutral", "negative", "negative"))
            if stream.random() < 0.6:
                yield Rating(order.person, order.order_id, order.finished_at + after, score, False)
            else:
                rated_at = order.finished_at + _DEFAULT_AFTER
                yield Rating(order.person, order.order_id, rated_at, "positive", True)


def _buyer(seed: int, number: int, life: str, market: _Market) -> Person:
    name = rng(seed, number, "nick").randrange(10**8)
    return replace(make_person(seed, number, life), nick=market.nick.format(name))


def _order(seed: int, market: _Market, buyer: Person, nth: int, plan: Plan, first_night: date) -> Order:
    unspoilt = plan._replace(refund="")
    order = make_order(seed, Shopper(buyer, market.shop, is_private=False), nth, unspoilt, first_night)
    stream = rng(seed, buyer.person_id, "market", nth)
    here = replace(
        order,
        order_id=market.order_id.format(stream.randrange(10**11)),
        shop=market.shop,
        is_wechat=False,
        transaction_id=_alipay_number(stream, order.paid_at or order.created_at),
        phone_shown="masked" if stream.random() < market.masked_share else "full",
        remark="",
        kind="lucky_bag" if plan.payment == "lucky_bag" else "plain",
    )
    if not market.lists_refunds:
        return here
    refunded = make_refunds(rng(seed, here.order_id, "refunds"), here, plan.refund)
    return replace(refunded, refunds=tuple(_asked_for(refund) for refund in refunded.refunds))


def _asked_for(refund: Refund) -> Refund:
    """The refund with a reason given by the buyer."""
    # These platforms do not distinguish refunds they give by themselves.
    return refund if refund.demand == EXCHANGE else replace(refund, refund_type="BUYER_APPLY_REFUND")


def _alipay_number(stream: Random, moment: datetime) -> str:
    return f"{moment:%Y%m%d}22001{stream.randrange(10**15):015d}"

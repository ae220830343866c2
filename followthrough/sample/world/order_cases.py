"""Orders that are not ordinary purchases: gifts, group buys, trials, deposits and others.

Each goes to a person who makes one other purchase, so counting it wrongly makes them loyal. Nothing here uses
another entity's random stream.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import cycle

from followthrough.sample.world.entities import Order, Person, Refund, RefundStep
from followthrough.sample.world.lives import Plan
from followthrough.sample.world.orders import make_order, make_shopper
from followthrough.sample.world.random_streams import rng
from followthrough.sample.world.refunds import GROUP_NOT_FORMED, REFUND_ONLY

_SHOP = "youzan_pine"
_NUMBER = 900  # order number of a case, far above those of planned orders


def make_cases(seed: int, people: list[Person], first_night: date, last_day: int) -> Iterator[Order]:
    """The cases, given in turn to people who buy once, two days apart; receivers bought long ago."""
    receivers = [person for person in people if person.life == "lapsed"]
    buyers = [person for person in people if person.life == "one_time"]
    for number, (buyer, case) in enumerate(zip(buyers, cycle(_CASES))):
        day = 1 + 2 * number
        if day <= last_day and receivers:
            plain = make_order(seed, make_shopper(seed, buyer), _NUMBER, Plan(day), first_night)
            here = replace(plain, shop=_SHOP, remark="")
            yield case(here, receivers[number % len(receivers)])


def _of_kind(kind: str, goods_fen: int) -> Callable[[Order, Person], Order]:
    def case(order: Order, other: Person) -> Order:
        return replace(order, kind=kind, goods_fen=goods_fen, freight_fen=0, discount_fen=0, quantity=1)

    return case


def _gift(order: Order, other: Person) -> Order:
    return replace(order, kind="gift_sent", receiver=other, phone_shown="full", is_wechat=True)


def _on_delivery(order: Order, other: Person) -> Order:
    """The order paid in cash to the courier on delivery."""
    return replace(order, kind="cash_on_delivery", is_wechat=False, paid_at=order.finished_at)


def _formed_group(order: Order, other: Person) -> Order:
    formed_at = (order.paid_at or order.created_at) + timedelta(hours=30)
    shipped_at = max(order.shipped_at or formed_at, formed_at + timedelta(hours=4))
    return replace(order, kind="group_buying", forms_at=formed_at, shipped_at=shipped_at)


def _failed_group(order: Order, other: Person) -> Order:
    """The order of a group that never forms; the platform refunds it by itself."""
    back_at = (order.paid_at or order.created_at) + timedelta(hours=36)
    refund = Refund(
        refund_id=f"{rng(order.order_id, 'group').randrange(10**19, 10**20)}",
        order_id=order.order_id,
        demand=REFUND_ONLY,
        refund_type="SYSTEM_REFUND",
        requested_fen=order.payable_fen,
        fen=order.payable_fen,
        fund_lines=1,
        steps=(RefundStep(back_at, "SUCCESS", is_paid_out=True),),
        in_row_at=back_at,
        reason=GROUP_NOT_FORMED,
    )
    return replace(order, kind="group_buying", shipped_at=None, finished_at=None, refunds=(refund,))


_CASES = (
    _of_kind("lucky_bag", 100),
    _gift,
    _failed_group,
    _of_kind("trial", 990),
    _on_delivery,
    _formed_group,
    _of_kind("presale_deposit", 2_000),
    _of_kind("distribution", 88_000),
    _of_kind("giveaway", 0),
    _of_kind("points_exchange", 1_000),
)

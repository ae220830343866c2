"""The kinds of lives people lead, and the orders planned for each.

Days are counted from the first night (day 0); the past reaches back to day -400. A plan never depends on the
number of nights, so a longer sample only adds to a shorter one.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import NamedTuple

FIRST_DAY = -400
LAST_ARRIVAL = 119


class Plan(NamedTuple):
    """One planned order: when, whether paid, and its refund."""

    day: int
    payment: str = "paid"  # paid, unpaid or lucky_bag
    refund: str = ""  # "", full, all_goods, partial, exchange or withdrawn


def life_of(index: int) -> str:
    """The life of person number `index`; every hundred consecutive people lead every life."""
    return _SLOTS[index * 37 % len(_SLOTS)]


def plan_orders(life: str, stream: Random, last_day: int) -> list[Plan]:
    """The planned orders of a life, oldest first, none after the last day."""
    plans = _PLANS[life](stream, last_day)
    return [plan for plan in sorted(plans) if FIRST_DAY <= plan.day <= last_day]


def is_buyer(life: str) -> bool:
    """Whether the life ever plans an order."""
    return _PLANS[life] is not _nothing


def _nothing(stream: Random, last_day: int) -> list[Plan]:
    return []


def _lucky_bag(stream: Random, last_day: int) -> list[Plan]:
    return [Plan(stream.randint(-60, LAST_ARRIVAL), "lucky_bag")]


def _unpaid(stream: Random, last_day: int) -> list[Plan]:
    return [Plan(stream.randint(-60, LAST_ARRIVAL), "unpaid")]


def _one_time(stream: Random, last_day: int) -> list[Plan]:
    return [Plan(stream.randint(FIRST_DAY, LAST_ARRIVAL), refund=_incident(stream))]


def _loyal(stream: Random, last_day: int) -> list[Plan]:
    day = stream.randint(-360, -20)
    return _every_few_weeks(stream, day, last_day)


def _newly_loyal(stream: Random, last_day: int) -> list[Plan]:
    day = stream.randint(-10, 60)
    return _every_few_weeks(stream, day, last_day)


def _at_risk(stream: Random, last_day: int) -> list[Plan]:
    """Orders such that the last one is 91 to 180 days old on each of the first thirty nights."""
    return _run_ending(stream, stream.randint(-150, -91))


def _lapsed(stream: Random, last_day: int) -> list[Plan]:
    return _run_ending(stream, stream.randint(-330, -181))


def _full_refund(stream: Random, last_day: int) -> list[Plan]:
    return [Plan(stream.randint(-25, 110), refund=stream.choice(("full", "full", "all_goods")))]


def _second_refunded(stream: Random, last_day: int) -> list[Plan]:
    day = stream.randint(-20, 80)
    return [Plan(day - stream.randint(15, 90)), Plan(day, refund="full")]


def _partial_refund(stream: Random, last_day: int) -> list[Plan]:
    day = stream.randint(-60, 110)
    return [Plan(day, refund="partial"), Plan(day + stream.randint(20, 60))]


def _every_few_weeks(stream: Random, day: int, last_day: int) -> list[Plan]:
    plans = []
    while day <= last_day:
        payment = "unpaid" if stream.random() < 0.05 else "paid"
        plans.append(Plan(day, payment, _incident(stream) if payment == "paid" else ""))
        day += stream.randint(9, 48)
    return plans


def _run_ending(stream: Random, day: int) -> list[Plan]:
    days = [day - before * stream.randint(20, 50) for before in range(stream.randint(1, 3))]
    return [Plan(each) for each in days]


def _incident(stream: Random) -> str:
    kinds = ("full", "all_goods", "partial", "partial", "exchange", "withdrawn")
    return stream.choice(kinds) if stream.random() < 0.14 else ""


_PLANS: dict[str, Callable[[Random, int], list[Plan]]] = {
    "follower": _nothing,
    "contact": _nothing,
    "inquirer": _nothing,
    "lucky_bag": _lucky_bag,
    "unpaid": _unpaid,
    "one_time": _one_time,
    "loyal": _loyal,
    "newly_loyal": _newly_loyal,
    "at_risk": _at_risk,
    "lapsed": _lapsed,
    "full_refund": _full_refund,
    "second_refunded": _second_refunded,
    "partial_refund": _partial_refund,
}
_SHARES = {
    "follower": 14,
    "contact": 8,
    "inquirer": 10,
    "lucky_bag": 4,
    "unpaid": 4,
    "one_time": 14,
    "loyal": 18,
    "newly_loyal": 5,
    "at_risk": 5,
    "lapsed": 6,
    "full_refund": 6,
    "second_refunded": 3,
    "partial_refund": 3,
}
_SLOTS = [life for life, share in _SHARES.items() for _ in range(share)]

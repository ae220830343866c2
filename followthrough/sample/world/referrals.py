"""Referrals to the shops: by friends for nothing, by sellers for a commission, one of them professionally.

A link is used again on later orders, and on the referrer's own. Nothing here uses another entity's random
stream.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from followthrough.sample.world.accounts import SHOPS
from followthrough.sample.world.entities import Order, Person, Referral
from followthrough.sample.world.random_streams import rng

_KNOWN_FOR = timedelta(days=60)
_SHARE = 0.2
_AGENTS_SHARE = 0.45
_AGAIN_SHARE = 0.03


def make_referrals(seed: int, orders: list[Order]) -> Iterator[Referral]:
    """The referrals of the shops' orders, oldest first."""
    # Every referrer shows the phone elsewhere too.
    shared = _shared_phones(orders)
    firsts: dict[Person, Order] = {}
    for order in sorted(orders, key=lambda each: (each.created_at, each.order_id)):
        if order.shop not in SHOPS or order.kind != "plain" or order.person.phone in shared:
            continue
        is_first = firsts.setdefault(order.person, order) is order
        referrers = [
            person
            for person, first in firsts.items()
            if "loyal" in person.life
            and first.phone_shown == "full"
            and first.created_at <= order.created_at - _KNOWN_FOR
        ]
        yield from _referral(seed, order, is_first, referrers)


def _referral(seed: int, order: Order, is_first: bool, referrers: list[Person]) -> Iterator[Referral]:
    """The referral of an order, if any."""
    # The agent is a person who could be the first to refer anybody.
    stream = rng(seed, order.order_id, "referral")
    draw = stream.random()
    if not referrers:
        return
    if not is_first:
        if draw < _AGAIN_SHARE:
            yield Referral(stream.choice((*referrers, order.person)), order, order.created_at, True)
    elif draw < _AGENTS_SHARE:
        yield Referral(referrers[0], order, order.created_at, is_rewarded=True)
    elif draw < _AGENTS_SHARE + _SHARE:
        is_rewarded = stream.random() < 0.5
        yield Referral(stream.choice(referrers), order, order.created_at, is_rewarded)


def _shared_phones(orders: list[Order]) -> set[str]:
    """Phones of several people; the world has few, and they identify nobody."""
    people = {order.person for order in orders}
    counts = Counter(person.phone for person in people)
    return {phone for phone, owners in counts.items() if owners > 1}

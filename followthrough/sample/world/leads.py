"""The leads people submit with an ad: a phone, some twice, some invalid."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

from followthrough.sample.world.entities import Contact, Lead, Order, Person
from followthrough.sample.world.lives import LAST_ARRIVAL
from followthrough.sample.world.random_streams import rng

ABNORMAL, PREVIEW = 3, 4  # origins that are not real leads
_FIRST_DAY = -80


def make_leads(
    seed: int, person: Person, first_night: date, orders: list[Order], contacts: list[Contact]
) -> list[Lead]:
    """The person's leads: shortly before the first order if there is one."""
    # Only people who show the phone elsewhere as well leave one, or too few people could be joined.
    stream = rng(seed, person.person_id, "leads")
    shows_phone = any(order.phone_shown == "full" for order in orders) or any(c.shows_phone for c in contacts)
    if not shows_phone or stream.random() >= (0.35 if orders else 0.9):
        return []
    created_at = _first_moment(stream, first_night, orders)
    leads = [_lead(stream, person, created_at, invalid_share=0.4)]
    if stream.random() < 0.4:
        again = created_at + timedelta(days=stream.randint(1, 28), minutes=stream.randint(0, 600))
        leads.append(_lead(stream, person, again, invalid_share=0.6))
    if stream.random() < 0.3:
        noise = created_at - timedelta(minutes=stream.randint(1, 30))
        leads.append(_lead(stream, person, noise, origin=stream.choice((ABNORMAL, PREVIEW))))
    return leads


def _first_moment(stream: Random, first_night: date, orders: list[Order]) -> datetime:
    midnight = datetime.combine(first_night, time())
    seconds = timedelta(seconds=stream.randrange(24 * 3600))
    earliest = midnight + timedelta(days=_FIRST_DAY)
    if orders and orders[0].created_at > earliest + timedelta(days=25):
        return orders[0].created_at - timedelta(days=stream.randint(1, 24), hours=stream.randint(1, 9))
    return midnight + timedelta(days=stream.randint(_FIRST_DAY, LAST_ARRIVAL)) + seconds


def _lead(
    stream: Random, person: Person, created_at: datetime, invalid_share: float = 0, origin: int | None = None
) -> Lead:
    is_invalid = stream.random() < invalid_share
    marked_at = created_at + timedelta(hours=stream.randint(5, 200))
    return Lead(
        clue_id=f"73{created_at:%y%m%d}{stream.randrange(10**11):011d}",
        person=person,
        created_at=created_at,
        origin=stream.choice((1, 1, 1, 0, 5)) if origin is None else origin,
        component=stream.choice((0, 0, 0, 1, 5)),
        marked_at=marked_at,
        is_invalid=is_invalid,
    )

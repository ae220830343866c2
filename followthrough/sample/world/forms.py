"""Forms people fill in: a survey after delivery, and a page that collects phones.

Everyone who fills one in shows the phone elsewhere too. Nothing here uses another entity's random stream.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from followthrough.sample.world.accounts import SHOPS
from followthrough.sample.world.entities import Answer, FormLead, Order, Person
from followthrough.sample.world.lives import LAST_ARRIVAL
from followthrough.sample.world.random_streams import rng

_ANSWERED_SHARE, _EDITED_SHARE, _LEAD_SHARE = 0.12, 0.2, 0.12
_FIRST_DAY = -60
_NPS = (0, 3, 5, 6, 7, 8, 8, 9, 9, 10, 10, 10)


def make_answers(seed: int, orders: list[Order]) -> list[Answer]:
    """The answers to the survey in order; an edited one appears twice, with one number."""
    found = [version for order in orders for version in [[*_answer(seed, order)]] if version]
    found.sort(key=lambda versions: (versions[0].answered_at, versions[0].person.person_id))
    numbered = enumerate(found, start=1)
    return [each._replace(number=number) for number, versions in numbered for each in versions]


def make_form_leads(
    seed: int, people: Iterable[tuple[Person, Order | None, bool]], first_night: date
) -> list[FormLead]:
    """The leads of the page in order, from `people` with their first order and whether a phone is known."""
    found = []
    for person, first_order, shows_phone in people:
        stream = rng(seed, person.person_id, "form lead")
        if shows_phone and stream.random() < _LEAD_SHARE:
            found.append(FormLead(person, _moment(stream, first_night, first_order)))
    found.sort(key=lambda lead: (lead.created_at, lead.person.person_id))
    return [lead._replace(number=number) for number, lead in enumerate(found, start=1)]


def _answer(seed: int, order: Order) -> Iterator[Answer]:
    stream = rng(seed, order.order_id, "answer")
    asks = order.shop in SHOPS and order.kind == "plain" and order.phone_shown == "full"
    if not asks or order.finished_at is None or stream.random() >= _ANSWERED_SHARE:
        return
    answered_at = order.finished_at + timedelta(hours=stream.randint(20, 200), seconds=stream.randrange(3600))
    nps = stream.choice(_NPS)
    answer = Answer(order.person, answered_at, nps, stars=stream.choice((None, max(1, nps // 2))))
    yield answer
    if stream.random() < _EDITED_SHARE:
        edited_at = answered_at + timedelta(hours=stream.randint(1, 150))
        yield answer._replace(nps=stream.choice(_NPS), stars=None, edited_at=edited_at)


def _moment(stream: Random, first_night: date, first_order: Order | None) -> datetime:
    midnight = datetime.combine(first_night, time())
    if first_order and first_order.created_at > midnight + timedelta(days=_FIRST_DAY + 25):
        return first_order.created_at - timedelta(days=stream.randint(1, 24), seconds=stream.randrange(3600))
    days = stream.randint(_FIRST_DAY, LAST_ARRIVAL)
    return midnight + timedelta(days=days, seconds=stream.randrange(24 * 3600))

"""Builds the whole world from a seed."""

from __future__ import annotations

from datetime import date

from followthrough.sample.world.channels import make_channels
from followthrough.sample.world.contents import make_articles, make_notes
from followthrough.sample.world.entities import Contact, Follow, Lead, Order, Person, World
from followthrough.sample.world.forms import make_answers, make_form_leads
from followthrough.sample.world.leads import make_leads
from followthrough.sample.world.lives import is_buyer, life_of, plan_orders
from followthrough.sample.world.markets import make_market_orders, make_ratings
from followthrough.sample.world.order_cases import make_cases
from followthrough.sample.world.orders import make_order, make_shopper
from followthrough.sample.world.people import make_person
from followthrough.sample.world.random_streams import rng
from followthrough.sample.world.referrals import make_referrals

# A world never ends before this day: which nights are late or damaged depends on what happens
# up to here, and must not change with the number of nights asked for.
_SHORTEST_WORLD = 122
_FAMILY_EVERY = 65  # buyers; each such buyer shares the phone of the buyer before


def build_world(seed: int, people: int, nights: int, first_night: date) -> World:
    """Everything that happens from 400 days before the first night to a day after the last."""
    last_day = max(nights + 2, _SHORTEST_WORLD)
    crowd = _make_people(seed, people)
    orders: list[Order] = []
    contacts: list[Contact] = []
    follows: list[Follow] = []
    leads: list[Lead] = []
    askable: list[tuple[Person, Order | None, bool]] = []
    for person in crowd:
        bought = _make_orders(seed, person, first_night, last_day)
        first_day = (bought[0].created_at.date() - first_night).days if bought else None
        met, followed = make_channels(seed, person, first_night, first_day)
        orders += bought
        contacts += met
        follows += followed
        leads += make_leads(seed, person, first_night, bought, met)
        shows_phone = any(o.phone_shown == "full" for o in bought) or any(c.shows_phone for c in met)
        askable.append((person, bought[0] if bought else None, shows_phone))
    orders += make_cases(seed, crowd, first_night, last_day)
    for buyer, bought in make_market_orders(seed, people, first_night, last_day):
        crowd.append(buyer)
        orders += bought
    return World(
        people=tuple(crowd),
        orders=tuple(sorted(orders, key=lambda order: (order.created_at, order.order_id))),
        contacts=tuple(sorted(contacts, key=lambda each: (each.created_at, each.userid))),
        follows=tuple(sorted(follows, key=lambda each: (each.subscribed_at, each.scene))),
        ratings=tuple(sorted(make_ratings(seed, orders), key=lambda each: (each.rated_at, each.order_id))),
        survey_answers=tuple(make_answers(seed, orders)),
        form_leads=tuple(make_form_leads(seed, askable, first_night)),
        referrals=tuple(make_referrals(seed, orders)),
        leads=tuple(sorted(leads, key=lambda each: (each.created_at, each.clue_id))),
        articles=make_articles(seed, first_night, last_day),
        notes=make_notes(seed, first_night, last_day),
    )


def _make_people(seed: int, people: int) -> list[Person]:
    crowd: list[Person] = []
    last_buyer, buyers = None, 0
    for index in range(people):
        life = life_of(index)
        buyers += is_buyer(life)
        shares = is_buyer(life) and buyers % _FAMILY_EVERY == 0
        crowd.append(make_person(seed, index, life, last_buyer if shares else None))
        last_buyer = crowd[-1] if is_buyer(life) else last_buyer
    return crowd


def _make_orders(seed: int, person: Person, first_night: date, last_day: int) -> list[Order]:
    plans = plan_orders(person.life, rng(seed, person.person_id, "plan"), last_day)
    shopper = make_shopper(seed, person)
    return [make_order(seed, shopper, number, plan, first_night) for number, plan in enumerate(plans)]

"""Contacts of people outside the shops: WeCom contacts and followers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import NamedTuple

from followthrough.sample.world.entities import Contact, Follow, Person
from followthrough.sample.world.lives import LAST_ARRIVAL, is_buyer
from followthrough.sample.world.random_streams import rng

_INQUIRIES = ("inquiry_live", "inquiry_article")
_STAFF = ("LinXiao", "ZhouYi", "HeMiao")
_SCENES = ("ADD_SCENE_SEARCH", "ADD_SCENE_QR_CODE", "ADD_SCENE_PAID", "ADD_SCENE_PROFILE_CARD")


class Touch(NamedTuple):
    """The channels a person uses, and whether staff note down the phone."""

    follows: bool = False
    is_contact: bool = False
    notes_phone: bool = False


def make_channels(
    seed: int, person: Person, first_night: date, first_order_day: int | None
) -> tuple[list[Contact], list[Follow]]:
    """The person's contacts and follows, around the first order if there is one."""
    stream = rng(seed, person.person_id, "channels")
    touch = _touch(stream, person.life)
    day = stream.randint(-300, LAST_ARRIVAL) if first_order_day is None else first_order_day
    start = datetime.combine(first_night, time()) + timedelta(days=day)
    contacts = _contacts(stream, person, start, touch) if touch.is_contact else []
    follows = _follows(stream, person, start) if touch.follows else []
    return contacts, follows


def _touch(stream: Random, life: str) -> Touch:
    draw = stream.random()
    if not is_buyer(life):
        is_contact = life != "follower"
        return Touch(life == "follower" or draw < 0.3, is_contact, stream.random() < 0.2)
    if draw < 0.38:
        return Touch()
    if draw < 0.93:
        return Touch(stream.random() < 0.6, is_contact=True, notes_phone=True)
    if draw < 0.98:
        # Only frequent buyers will soon show phone and openid together, in order and bill.
        return Touch(follows="loyal" in life)
    return Touch("loyal" in life, is_contact=True)


def _contacts(stream: Random, person: Person, start: datetime, touch: Touch) -> list[Contact]:
    created_at = _moment(stream, start, -5, 6)
    deleted_at = _moment(stream, created_at, 60, 400) if stream.random() < 0.10 else None
    shows_unionid = stream.random() >= 0.1
    first = Contact(
        person=person,
        userid=_STAFF[0],
        state=_state(stream, person.life),
        add_way=stream.choice((1, 1, 3, 16)),
        created_at=created_at,
        deleted_at=deleted_at,
        shows_unionid=shows_unionid,
        shows_phone=touch.notes_phone,
    )
    if stream.random() >= 0.12:
        return [first]
    second = replace(
        first,
        userid=stream.choice(_STAFF[1:]),
        state="",
        add_way=201,
        created_at=_moment(stream, created_at, 1, 30),
        shows_phone=False,
    )
    return [first, second]


def _state(stream: Random, life: str) -> str:
    if life == "inquirer":
        return stream.choice(_INQUIRIES)
    if is_buyer(life):
        return stream.choice(("package_card", "package_card", "package_card", *_INQUIRIES, ""))
    return stream.choice(("welfare_qr", "package_card", ""))


def _follows(stream: Random, person: Person, start: datetime) -> list[Follow]:
    scene = stream.choice(_SCENES)
    subscribed_at = _moment(stream, start, -60, 20)
    if stream.random() >= 0.15:
        return [Follow(person, scene, subscribed_at, None)]
    left_at = _moment(stream, subscribed_at, 10, 200)
    first = Follow(person, scene, subscribed_at, left_at)
    if stream.random() < 0.5:
        return [first]
    return [first, Follow(person, scene, _moment(stream, left_at, 5, 60), None)]


def _moment(stream: Random, start: datetime, first_day: int, last_day: int) -> datetime:
    midnight = datetime.combine(start.date(), time())
    days = stream.randint(first_day, last_day)
    return midnight + timedelta(days=days, seconds=stream.randrange(24 * 3600))

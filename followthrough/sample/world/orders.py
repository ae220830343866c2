"""Orders made from plans: times, money, payment, and how much the export shows of the buyer."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from typing import NamedTuple

from followthrough.sample.world.accounts import SHOPS
from followthrough.sample.world.entities import Order, Person
from followthrough.sample.world.lives import Plan
from followthrough.sample.world.random_streams import rng
from followthrough.sample.world.refunds import make_refunds

_PRODUCTS = (
    ("苔原保湿面霜", 16_900),
    ("松针净澈洁面乳", 8_900),
    ("云杉修护精华,30ml", 25_900),
    ('雪线防晒乳 "轻" 系列', 12_800),
    ("地衣舒缓面膜\n(5片装)", 6_900),
    ("白桦护手霜", 3_900),
    ("苔原旅行三件套,含洁面、水、霜", 19_900),
    ("松果试用小样", 100),
)
_REMARKS = ("", "", "", "", "请尽快发货,谢谢", "送朋友的,别放小票", '写"生日快乐"', "周末送")


class Shopper(NamedTuple):
    """A person as a buyer: the usual shop, and whether they hide their phone."""

    person: Person
    shop: str
    is_private: bool


def make_shopper(seed: int, person: Person) -> Shopper:
    """The person's buying habits."""
    stream = rng(seed, person.person_id, "shopper")
    # A few frequent buyers hide their phone: many masked orders, few people lost to view.
    is_private = stream.random() < (0.14 if "loyal" in person.life else 0.03)
    return Shopper(person, stream.choice(SHOPS), is_private)


def make_order(seed: int, shopper: Shopper, number: int, plan: Plan, first_night: date) -> Order:
    """The shopper's order number `number`, with its refunds."""
    # Each order has its own random stream, so the orders of one person do not affect each other.
    stream = rng(seed, shopper.person.person_id, "order", number)
    midnight = datetime.combine(first_night, time()) + timedelta(days=plan.day)
    created_at, paid_at = _payment_times(stream, midnight, plan.payment)
    product, quantity, goods, freight, discount = _basket(stream, plan.payment)
    is_wechat = stream.random() < 0.85
    order_id = f"E{created_at:%Y%m%d%H%M%S}{stream.randrange(10**9):09d}"
    shipped_at = paid_at and paid_at + timedelta(hours=stream.randint(8, 60))
    finished_at = shipped_at and shipped_at + timedelta(hours=stream.randint(120, 290))
    has_bill = is_wechat and paid_at is not None and paid_at.date() >= first_night
    order = Order(
        order_id=order_id,
        shop=shopper.shop if stream.random() < 0.75 else stream.choice(SHOPS),
        person=shopper.person,
        created_at=created_at,
        paid_at=paid_at,
        closes_at=None if paid_at else created_at + timedelta(hours=stream.randint(22, 26)),
        shipped_at=shipped_at,
        finished_at=finished_at,
        product=product,
        quantity=quantity,
        goods_fen=goods,
        freight_fen=freight,
        discount_fen=discount,
        is_wechat=is_wechat,
        transaction_id=_transaction_id(stream, paid_at or created_at, is_wechat),
        phone_shown=_phone_shown(stream, shopper.is_private, has_bill),
        remark=stream.choice(_REMARKS),
    )
    return make_refunds(rng(seed, order_id, "refunds"), order, plan.refund)


def _payment_times(stream: Random, midnight: datetime, payment: str) -> tuple[datetime, datetime | None]:
    created_at = midnight + timedelta(seconds=stream.randrange(24 * 3600))
    if payment == "unpaid":
        return created_at, None
    habit = stream.random()
    if habit < 0.08:  # in the evening, paid after midnight and before the export
        created_at = midnight + timedelta(seconds=stream.randrange(22 * 3600, 24 * 3600))
        return created_at, midnight + timedelta(days=1, minutes=stream.randint(5, 520))
    if habit < 0.13:
        return created_at, created_at + timedelta(minutes=stream.randint(24 * 60, 60 * 60))
    return created_at, created_at + timedelta(seconds=stream.randint(20, 1500))


def _basket(stream: Random, payment: str) -> tuple[str, int, int, int, int]:
    """Product, quantity, goods, freight and discount (fen)."""
    if payment == "lucky_bag":
        return "直播间福袋", 1, 1, 0, 0
    product, price = stream.choice(_PRODUCTS)
    quantity = stream.choice((1, 1, 1, 2, 3)) if price > 100 else 1
    discount = stream.choice((0, 0, 500, 1_000, 1_550)) if price > 100 else 0
    return product, quantity, price * quantity, stream.choice((0, 0, 800, 1_000)), discount


def _transaction_id(stream: Random, moment: datetime, is_wechat: bool) -> str:
    if is_wechat:
        digits = stream.randrange(10**15)
        return f"42000{digits % 10**5:05d}{moment:%Y%m%d}{digits // 10**5:010d}"
    return f"{moment:%Y%m%d}22001{stream.randrange(10**15):015d}"


def _phone_shown(stream: Random, is_private: bool, has_bill: bool) -> str:
    """How the phone is shown: full, masked or blank."""
    # More phones are hidden where a bill can still identify the buyer, so most people stay joinable.
    if is_private:
        return "masked"
    masked, blank = (0.20, 0.07) if has_bill else (0.005, 0.005)
    draw = stream.random()
    if draw < masked:
        return "masked"
    return "blank" if draw < masked + blank else "full"

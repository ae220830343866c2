"""The entities of the sample's world: people and their actions, and the content published.

All times are naive Shanghai wall times, all money is fen. Nothing here knows about files.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple


@dataclass(frozen=True)
class Person:
    """One person with every identifier a platform could show."""

    person_id: str
    name: str
    life: str
    phone: str
    unionid: str
    openid: str
    external_userid: str
    region: tuple[str, str, str]
    street: str
    nick: str = ""


class RefundStep(NamedTuple):
    """One change of state of a refund; `is_paid_out` once the money is back with the buyer."""

    at: datetime
    status: str
    is_paid_out: bool = False


@dataclass(frozen=True)
class Refund:
    """One after-sale case of an order.

    `fen` is the final refund: 0 for exchanges and withdrawn cases. `in_row_at` is when the order export
    begins to show it, which may be before or after the money moves. `reason` is the platform's code of the
    reason.
    """

    refund_id: str
    order_id: str
    demand: int
    refund_type: str
    requested_fen: int
    fen: int
    fund_lines: int
    steps: tuple[RefundStep, ...]
    in_row_at: datetime | None = None
    reason: int = 5

    @property
    def paid_out_at(self) -> datetime | None:
        """When the money arrived; None for a refund that never moves money."""
        return next((step.at for step in self.steps if step.is_paid_out and self.fen), None)


@dataclass(frozen=True)
class Order:
    """One order of one person in one shop; `phone_shown` is full, masked or blank.

    `kind` is the order's kind as the shop shows it, in our words. A group buy forms at `forms_at` or never.
    The row of a gift shows its `receiver` where others show the buyer.
    """

    order_id: str
    shop: str
    person: Person
    created_at: datetime
    paid_at: datetime | None
    closes_at: datetime | None
    shipped_at: datetime | None
    finished_at: datetime | None
    product: str
    quantity: int
    goods_fen: int
    freight_fen: int
    discount_fen: int
    is_wechat: bool
    transaction_id: str
    phone_shown: str
    remark: str
    refunds: tuple[Refund, ...] = ()
    kind: str = "plain"
    forms_at: datetime | None = None
    receiver: Person | None = None

    @property
    def payable_fen(self) -> int:
        """Goods plus freight less discount."""
        return self.goods_fen + self.freight_fen - self.discount_fen

    def paid_out_fen(self, moment: datetime) -> int:
        """The amount refunded to the buyer by the moment."""
        return sum(r.fen for r in self.refunds if r.paid_out_at and r.paid_out_at <= moment)

    def row_refunded_fen(self, moment: datetime) -> int:
        """Cumulative refund as the order export shows it at the moment."""
        return sum(r.fen for r in self.refunds if r.in_row_at and r.in_row_at <= moment)

    def status(self, moment: datetime) -> str:
        """Order status, in the platform's words, at the moment."""
        shipping = "已发货" if self.shipped_at and self.shipped_at <= moment else "待发货"
        if self.paid_at is None or self.paid_at > moment:
            if self.kind == "cash_on_delivery":
                return shipping
            is_closed = self.closes_at is not None and self.closes_at <= moment
            return "交易关闭" if is_closed else "待付款"
        if self.paid_out_fen(moment) >= self.payable_fen:
            return "交易关闭"
        if self.kind == "group_buying" and not (self.forms_at and self.forms_at <= moment):
            return "待成团"
        return "交易完成" if self.finished_at and self.finished_at <= moment else shipping


@dataclass(frozen=True)
class Contact:
    """A person who is a WeCom contact of one colleague, until deleted."""

    person: Person
    userid: str
    state: str
    add_way: int
    created_at: datetime
    deleted_at: datetime | None
    shows_unionid: bool
    shows_phone: bool

    def is_visible(self, moment: datetime) -> bool:
        """Whether a snapshot taken at the moment holds it."""
        return self.created_at <= moment and (self.deleted_at is None or moment < self.deleted_at)


@dataclass(frozen=True)
class Follow:
    """One period of following the official account."""

    person: Person
    scene: str
    subscribed_at: datetime
    unsubscribed_at: datetime | None

    def is_visible(self, moment: datetime) -> bool:
        """Whether a snapshot taken at the moment holds it."""
        is_over = self.unsubscribed_at is not None and self.unsubscribed_at <= moment
        return self.subscribed_at <= moment and not is_over


class Rating(NamedTuple):
    """A buyer's rating of an order: positive, neutral or negative; `is_default` if given by the platform."""

    person: Person
    order_id: str
    rated_at: datetime
    score: str
    is_default: bool


class Answer(NamedTuple):
    """An answer to the survey: how likely they are to recommend us, 0 to 10, and stars, 1 to 5.

    An answer edited at `edited_at` is a second entry with the same `number`.
    """

    person: Person
    answered_at: datetime
    nps: int
    stars: int | None = None
    edited_at: datetime | None = None
    number: int = 0

    @property
    def written_at(self) -> datetime:
        """When this version was written."""
        return self.edited_at or self.answered_at


class FormLead(NamedTuple):
    """A phone left on our own form page; it is never marked invalid."""

    person: Person
    created_at: datetime
    number: int = 0


class Referral(NamedTuple):
    """A person who referred the buyer of an order; `is_rewarded` if they earn a commission."""

    referrer: Person
    order: Order
    referred_at: datetime
    is_rewarded: bool


@dataclass(frozen=True)
class Lead:
    """One form submitted with an ad; `origin` and `component` are the platform's codes.

    At `marked_at` a colleague has processed it: the person is added, or the lead is marked invalid.
    """

    clue_id: str
    person: Person
    created_at: datetime
    origin: int
    component: int
    marked_at: datetime
    is_invalid: bool

    def state(self, moment: datetime) -> int:
        """The platform's code of the state at the moment: new, invalid or added on WeChat."""
        if moment < self.marked_at:
            return 1
        return 4 if self.is_invalid else 5


class ArticleDay(NamedTuple):
    """An article's cumulative figures at the end of a day."""

    reads: int
    readers: int
    shares: int
    favourites: int


@dataclass(frozen=True)
class Article:
    """One article; `days` are cumulative, from the day of publication on."""

    msgid: str
    title: str
    published_on: date
    delivered: int
    days: tuple[ArticleDay, ...]


class NoteFigures(NamedTuple):
    """A note's cumulative figures."""

    exposures: int
    views: int
    likes: int
    comments: int
    saves: int
    followers_gained: int
    shares: int


@dataclass(frozen=True)
class Note:
    """One note; `days` are lifetime figures after so many whole days; the last one stays for ever."""

    title: str
    published_at: datetime
    genre: str
    days: tuple[NoteFigures, ...]

    def figures(self, moment: datetime) -> NoteFigures:
        """The figures in a list made at the moment."""
        return self.days[min((moment - self.published_at).days, len(self.days) - 1)]


class World(NamedTuple):
    """Everything that happens, in order of time within each list."""

    people: tuple[Person, ...]
    orders: tuple[Order, ...]
    contacts: tuple[Contact, ...]
    follows: tuple[Follow, ...]
    ratings: tuple[Rating, ...] = ()
    survey_answers: tuple[Answer, ...] = ()
    referrals: tuple[Referral, ...] = ()
    leads: tuple[Lead, ...] = ()
    form_leads: tuple[FormLead, ...] = ()
    articles: tuple[Article, ...] = ()
    notes: tuple[Note, ...] = ()

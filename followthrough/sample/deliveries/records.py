"""The contents of files as records, from which both files and truth are made."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from followthrough.sample.deliveries.feeds import Feed
from followthrough.sample.world.entities import (
    Answer,
    Article,
    ArticleDay,
    Contact,
    Follow,
    FormLead,
    Lead,
    Note,
    NoteFigures,
    Order,
    Rating,
    Referral,
    Refund,
    RefundStep,
)


class OrderRow(NamedTuple):
    """An order as one export shows it; `damaged` names the spoiled column of an unusable row."""

    order: Order
    status: str
    paid_at: datetime | None
    paid_fen: int
    refunded_fen: int
    damaged: str = ""


class FundLine(NamedTuple):
    """One transfer of a refund; status 0 in process, 1 failed, 2 done."""

    fen: int
    status: int


class RefundRow(NamedTuple):
    """A refund as one night's answer shows it: its last state of that day."""

    refund: Refund
    step: RefundStep
    funds: tuple[FundLine, ...]


class BillRow(NamedTuple):
    """One movement of money: the payment of an order, or one of its refunds."""

    order: Order
    at: datetime
    refund: Refund | None = None


class AlipayRow(NamedTuple):
    """One movement of money by Alipay, whose bill names no buyer; `fen` is negative on a refund."""

    order: Order
    at: datetime
    fen: int
    refund: Refund | None = None


class SettlementRow(NamedTuple):
    """The settlement of a finished order, some days later."""

    order: Order
    at: datetime


class ClueRow(NamedTuple):
    """A lead as one pull shows it; `state` is the platform's number."""

    lead: Lead
    state: int


class ArticleRow(NamedTuple):
    """An article and its cumulative figures by the end of each day up to the night."""

    article: Article
    days: tuple[ArticleDay, ...]


class NoteRow(NamedTuple):
    """A note as one list shows it."""

    note: Note
    figures: NoteFigures


class AudienceRow(NamedTuple):
    """New and lost followers of a day, by where they had followed from."""

    on: date
    scene: str
    came: int
    left: int


class SheetRow(NamedTuple):
    """A row of an operator sheet, as filled in."""

    cells: tuple[str, ...]


Record = (
    OrderRow
    | RefundRow
    | BillRow
    | AlipayRow
    | SettlementRow
    | Contact
    | Follow
    | ClueRow
    | ArticleRow
    | NoteRow
    | AudienceRow
    | SheetRow
    | Rating
    | Answer
    | FormLead
    | Referral
)


class Arrival(NamedTuple):
    """One file's content; it covers `night` and comes with the deliveries of `delivered`."""

    feed: Feed
    night: date
    delivered: date
    exported_at: datetime
    records: tuple[Record, ...]

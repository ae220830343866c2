"""The files that arrive in a morning, with the records the platform would put into each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

from followthrough.sample.deliveries.feeds import OPERATORS, Feed
from followthrough.sample.deliveries.records import (
    AlipayRow,
    Arrival,
    ArticleRow,
    AudienceRow,
    BillRow,
    ClueRow,
    FundLine,
    NoteRow,
    OrderRow,
    Record,
    RefundRow,
    SettlementRow,
    SheetRow,
)
from followthrough.sample.deliveries.schedule import WEEKDAYS, WRITTEN_AT, Schedule
from followthrough.sample.world.accounts import SHOPS
from followthrough.sample.world.bill_cases import billed
from followthrough.sample.world.contents import ARTICLE_DAYS
from followthrough.sample.world.entities import (
    Answer,
    Contact,
    Follow,
    FormLead,
    Rating,
    Referral,
    Refund,
    RefundStep,
    World,
)

_SHEETS = tuple(feed.kind for feed in OPERATORS)
_QUIET = (
    "refunds",
    "salesman_trades",
    "clues",
    "article_totals",
    "aftersales",
    "settlements",
    "trade_ratings",
    "survey",
    "lead_form",
    *_SHEETS,
)
_SETTLED_AFTER = timedelta(days=4)


def arrivals_of(world: World, schedule: Schedule, delivered: date) -> list[Arrival]:
    """All files of the morning after the night, oldest export first, late ones included."""
    before = delivered - timedelta(days=1)
    due = [feed for feed in WRITTEN_AT if delivered.isoweekday() in WEEKDAYS.get(feed, range(1, 8))]
    covered = [(feed, delivered) for feed in due if (feed, delivered) not in schedule.late]
    covered += [(feed, before) for feed in WRITTEN_AT if (feed, before) in schedule.late]
    arrivals = [
        Arrival(
            feed=feed,
            night=night,
            delivered=delivered,
            exported_at=schedule.exported_at(feed, night),
            records=tuple(_RECORDS[feed.kind](world, schedule, feed, night)),
        )
        for feed, night in covered
    ]
    kept = [each for each in arrivals if each.records or each.feed.kind not in _QUIET]
    return sorted(kept, key=lambda arrival: arrival.exported_at)


def _order_rows(world: World, schedule: Schedule, feed: Feed, night: date) -> Iterator[OrderRow]:
    moment = schedule.exported_at(feed, night)
    first, last = schedule.order_window(feed, night)
    damaged = {d.order_id: d.column for d in schedule.damaged if d[:2] == (feed.source, night)}
    for order in world.orders:
        if order.shop == feed.source and first <= order.created_at <= last:
            is_paid = order.paid_at is not None and order.paid_at <= moment
            yield OrderRow(
                order=order,
                status=order.status(moment),
                paid_at=order.paid_at if is_paid else None,
                paid_fen=order.payable_fen if is_paid else 0,
                refunded_fen=order.row_refunded_fen(moment),
                damaged=damaged.get(order.order_id, ""),
            )


def _refund_rows(world: World, schedule: Schedule, feed: Feed, night: date) -> Iterator[RefundRow]:
    for order in world.orders:
        for refund in order.refunds if order.shop == feed.source else ():
            steps = [step for step in refund.steps if step.at.date() == night]
            if steps:
                yield RefundRow(refund, steps[-1], _funds(refund, steps[-1]))


def _case_rows(world: World, schedule: Schedule, feed: Feed, night: date) -> Iterator[RefundRow]:
    """Every after-sale case opened within the window of the export, in its state at the export."""
    first, last = schedule.order_window(feed, night)
    for refund in (r for order in world.orders if order.shop == feed.source for r in order.refunds):
        if first <= refund.steps[0].at <= last:
            step = [step for step in refund.steps if step.at <= last][-1]
            yield RefundRow(refund, step, _funds(refund, step))


def _funds(refund: Refund, step: RefundStep) -> tuple[FundLine, ...]:
    if step.status != "SUCCESS" or not refund.fen:
        return ()
    first = refund.fen * 2 // 5 if refund.fund_lines > 1 else refund.fen
    parts = [fen for fen in (first, refund.fen - first) if fen]
    if not step.is_paid_out:
        return tuple(FundLine(fen, 0) for fen in parts)
    is_retry = any(s.status == "SUCCESS" and not s.is_paid_out for s in refund.steps)
    failed = [FundLine(parts[0], 1)] if is_retry else []
    return (*failed, *(FundLine(fen, 2) for fen in parts))


def _bill_rows(world: World, schedule: Schedule, feed: Feed, night: date) -> list[BillRow]:
    rows = []
    for order in world.orders:
        if order.is_wechat and order.paid_at:
            rows.append(BillRow(order, order.paid_at))
            rows += [BillRow(order, r.paid_out_at, r) for r in order.refunds if r.paid_out_at]
    return sorted(
        (row for row in rows if row.at.date() == night),
        key=lambda row: (row.at, row.order.order_id),
    )


def _alipay_rows(world: World, schedule: Schedule, feed: Feed, night: date) -> list[AlipayRow]:
    ours = (o for o in world.orders if o.shop in SHOPS and not o.is_wechat)
    paid_so = (o for o in ours if o.kind != "cash_on_delivery")
    rows = (AlipayRow(order, *each) for order in paid_so for each in billed(order))
    return sorted(
        (row for row in rows if row.at.date() == night),
        key=lambda row: (row.at, row.order.order_id),
    )


def _settlement_rows(world: World, schedule: Schedule, feed: Feed, night: date) -> Iterator[SettlementRow]:
    first, last = schedule.order_window(feed, night)
    for order in world.orders:
        if order.shop == feed.source and order.finished_at:
            at = order.finished_at + _SETTLED_AFTER
            if first <= at <= last:
                yield SettlementRow(order, at)


def _ratings(world: World, schedule: Schedule, feed: Feed, night: date) -> list[Rating]:
    first, last = schedule.order_window(feed, night)
    return [rating for rating in world.ratings if first <= rating.rated_at <= last]


def _referrals(world: World, schedule: Schedule, feed: Feed, night: date) -> Iterator[Referral]:
    first, last = schedule.order_window(feed, night)
    for referral in world.referrals:
        if referral.order.shop == feed.source and first <= referral.order.created_at <= last:
            yield referral


def _answers(world: World, schedule: Schedule, feed: Feed, night: date) -> list[Answer]:
    """The newest version of every answer so far."""
    moment = schedule.exported_at(feed, night)
    answers = (answer for answer in world.survey_answers if answer.written_at <= moment)
    newest = {answer.number: answer for answer in sorted(answers, key=lambda answer: answer.written_at)}
    return [newest[number] for number in sorted(newest)]


def _form_leads(world: World, schedule: Schedule, feed: Feed, night: date) -> list[FormLead]:
    moment = schedule.exported_at(feed, night)
    return [lead for lead in world.form_leads if lead.created_at <= moment]


def _contacts(world: World, schedule: Schedule, feed: Feed, night: date) -> list[Contact]:
    moment = schedule.exported_at(feed, night)
    return [contact for contact in world.contacts if contact.is_visible(moment)]


def _followers(world: World, schedule: Schedule, feed: Feed, night: date) -> list[Follow]:
    moment = schedule.exported_at(feed, night)
    return [follow for follow in world.follows if follow.is_visible(moment)]


def _clue_rows(world: World, schedule: Schedule, feed: Feed, night: date) -> list[ClueRow]:
    since, moment = schedule.clues_since(feed, night), schedule.exported_at(feed, night)
    return [ClueRow(lead, lead.state(moment)) for lead in world.leads if since <= lead.created_at <= moment]


def _article_rows(world: World, schedule: Schedule, feed: Feed, night: date) -> Iterator[ArticleRow]:
    for article in world.articles:
        age = (night - article.published_on).days
        if 0 <= age < ARTICLE_DAYS:
            yield ArticleRow(article, article.days[: age + 1])


def _note_rows(world: World, schedule: Schedule, feed: Feed, night: date) -> list[NoteRow]:
    moment = schedule.exported_at(feed, night)
    return [NoteRow(note, note.figures(moment)) for note in world.notes if note.published_at <= moment]


def _audience_rows(world: World, schedule: Schedule, feed: Feed, night: date) -> list[AudienceRow]:
    came = Counter(f.scene for f in world.follows if f.subscribed_at.date() == night)
    left = Counter(f.scene for f in world.follows if f.unsubscribed_at and f.unsubscribed_at.date() == night)
    scenes = sorted({*came, *left, "ADD_SCENE_OTHERS"})
    return [AudienceRow(night, scene, came[scene], left[scene]) for scene in scenes]


def _sheet_rows(world: World, schedule: Schedule, feed: Feed, night: date) -> list[SheetRow]:
    return [SheetRow(cells) for cells in schedule.sheet_rows(feed, night)]


_RECORDS: dict[str, Callable[[World, Schedule, Feed, date], Iterable[Record]]] = {
    "orders": _order_rows,
    "refunds": _refund_rows,
    "salesman_trades": _referrals,
    "bill": _bill_rows,
    "alipay_bill": _alipay_rows,
    "taobao_orders": _order_rows,
    "trade_ratings": _ratings,
    "jd_orders": _order_rows,
    "doudian_orders": _order_rows,
    "aftersales": _case_rows,
    "settlements": _settlement_rows,
    "contacts": _contacts,
    "followers": _followers,
    "clues": _clue_rows,
    "survey": _answers,
    "lead_form": _form_leads,
    "article_totals": _article_rows,
    "notes": _note_rows,
    "user_summary": _audience_rows,
    **dict.fromkeys(_SHEETS, _sheet_rows),
}

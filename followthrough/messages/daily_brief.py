"""The morning brief for the group chat: the page's figures, short enough for every channel."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from followthrough.messages.delivery import SMALLEST, Message
from followthrough.paths import Home
from followthrough.reports.figures import Night
from followthrough.reports.money import Line, time_progress
from followthrough.reports.refresh import pictured
from followthrough.reports.top_movers import Mover
from followthrough.reports.words import (
    count,
    dated,
    more,
    percent,
    percent_more,
    signed,
    span,
    texts,
    yuan,
    zh,
)

_MOVERS = {"creator": "达人{}", "refunds": "{}退款"}
_STAGES = {"potential": "潜在", "paying": "付费", "loyal": "忠诚"}


def brief(home: Home, night: Night) -> list[Message]:
    """The brief, and the picture of the page's first screen where one was drawn of this version.

    Sent once while files are missing, once when all have arrived, and again when published figures change.
    """
    # A version that changes none of the night's figures gets the same key, so it is not sent again. The
    # picture is sent besides because markdown is not shown where WeCom is read in WeChat.
    status = "early" if night.gaps.waiting else "complete"
    word = "早报" if night.gaps.waiting else "定稿"
    if night.is_corrected:
        status, word = f"corrected/{night.manifest.version}", f"{word}（更正）"
    title = f"新媒体日报 {dated(night.day)} {word}"
    message = Message(key=f"{night.day}/{status}", title=title, lines=_within(_lines(night), title))
    drawn = pictured(home, night.day, night.manifest.version)
    picture = replace(message, key=f"{message.key}/picture", lines=(), picture=drawn)
    return [message, picture] if drawn else [message]


def _within(lines: Sequence[tuple[int, str]], title: str) -> tuple[str, ...]:
    """The lines that fit into the smallest message; whole lines of the highest rank are dropped first."""
    room = SMALLEST - len(f"### {title}".encode())
    kept = list(lines)
    while sum(len(f"\n{line}".encode()) for _, line in kept) > room:
        kept.remove(max(kept, key=lambda each: each[0]))
    return tuple(line for _, line in kept)


def _lines(night: Night) -> list[tuple[int, str]]:
    """The lines of the brief, each with its rank: the higher the rank, the sooner the line is left out."""
    gaps, checks = night.gaps, night.gaps.checks
    come = f"{len(gaps.sources) - len(gaps.waiting)}/{len(gaps.sources)}"
    missing = f"，缺：{_some(gaps.waiting)}" if gaps.waiting else ""
    return [
        (
            0,
            f"> 数据截至 {night.day:%m-%d} 24:00 | 到齐 {come}{missing}"
            f" | 质检 {checks['passed']}过 {checks['warned']}警 {checks['failed']}拒",
        ),
        *(line for total in night.money.totals for line in _money(night, total)),
        *_people(night),
        *_ranked(4, "**带来最多**", night, night.top_movers.gains),
        *_ranked(4, "**亏得最多**", night, night.top_movers.losses),
        *_to_do(night),
        *_corrections(night),
        (0, f"版本 {night.manifest.version}"),
    ]


def _money(night: Night, total: Line) -> Iterator[tuple[int, str]]:
    """Net against the week before, the month against its target, then paid and refunded."""
    rank = 1 if total is night.money.main else 5
    without = f"（不含{_some(total.left_out)}）" if total.left_out else ""
    if total.now is None:
        yield rank, f"**净支付额 —** 订单未到：{_some(total.left_out)}"
        return
    change = f" 较上周同日同口径 {percent_more(total.change)}" if total.change is not None else ""
    yield rank, f"**净支付额 {yuan(total.now.net_fen, total.currency)}**{without}{change}"
    if total.attainment is not None and total.month is not None:
        yield (
            rank + 1,
            f"本月 {yuan(total.month.net_fen, total.currency)} | 目标 {percent(total.attainment)}"
            f" | 时间进度 {percent(time_progress(night.day))}",
        )
    now = total.now
    rate = f" | 退款率 {percent(now.refund_rate)}" if now.refund_rate is not None else ""
    split = f"（发货前 {yuan(now.before_shipping_fen)} 发货后 {yuan(now.after_shipping_fen)}）"
    yield (
        rank + 1,
        f"支付 {yuan(now.paid_fen, total.currency)} | 退款 {yuan(now.refunded_fen, total.currency)}"
        f"{split if now.refunded_fen and total.currency == 'CNY' else ''}{rate}",
    )


def _people(night: Night) -> Iterator[tuple[int, str]]:
    people, now = night.people, night.money.main.now
    share = now.identified_share if now else None
    covered = f"（可识别到人 {percent(share)} 订单额）" if share is not None else ""
    text = " | ".join(
        f"{label} {count(people.stocks[stage].now)} {signed(people.stocks[stage].change)}"
        for stage, label in _STAGES.items()
    )
    yield 1, f"**客户**{covered}"
    yield 1, f"{text}（明确满意 {count(people.stocks['loyal'].satisfied)}）"
    gained = " → ".join(f"新增{label} {count(people.gained(stage))}" for stage, label in _STAGES.items())
    yield 2, f"{gained} | 回落 {count(people.fallen)}"


def _ranked(rank: int, title: str, night: Night, movers: Sequence[Mover]) -> Iterator[tuple[int, str]]:
    """One line of up to three movers, each with its effect on net and the main reason."""
    if movers:
        text = (
            f"{n}.{_MOVERS.get(mover.kind, '{}').format(mover.name)}"
            f" {more(mover.effect_fen, night.money.main.currency)}"
            f"（{zh(f'why_{mover.why}', now=count(mover.after), before=count(mover.before))}）"
            for n, mover in enumerate(movers, 1)
        )
        yield rank, f"{title} {' '.join(text)}"


def _to_do(night: Night) -> Iterator[tuple[int, str]]:
    """How many people to call and why, files to download by owner, and files waiting for approval."""
    if night.calls.total:
        reasons = texts()["calls"]
        text = " ".join(f"{reasons[code][0]}×{people}" for code, people in night.calls.counted.items())
        yield 3, f"**今天要联系 {count(night.calls.total)} 人** {text}"
    owners = [f"{owner or '未指定'}×{len(feeds)}" for owner, feeds in night.gaps.to_fetch.items()]
    if owners:
        yield 2, f"**要下载** {' '.join(owners)}"
    if night.gaps.to_accept:
        yield 2, f"**等人确认** {len(night.gaps.to_accept)} 个文件"


def _corrections(night: Night) -> Iterator[tuple[int, str]]:
    """Shops whose published net has changed since it was last reported, up to five, largest change first."""
    found = night.since_last_version if night.is_corrected else night.since_yesterday
    changed = sorted(found.money if found else (), key=lambda each: -abs(each.net_fen))[:5]
    for each in changed:
        orders = f"订单 {signed(each.orders)} 笔" if each.orders else ""
        refunds = (
            f"退款 {more(each.refunded_fen, each.currency)}，{signed(each.refunds)} 笔"
            if each.refunds
            else ""
        )
        why = "，".join(filter(None, ("补到" if each.has_arrived else "", orders, refunds))) or "金额变动"
        days = span(each.first, each.last)
        yield 3, f"**更正** {days} {each.shop} 净支付额 {more(each.net_fen, each.currency)}（{why}）"


def _some(listed: Sequence[str], most: int = 6) -> str:
    """The names joined; of a long list the first few and the total number."""
    return "、".join(listed) if len(listed) <= most else f"{'、'.join(listed[:most])}等 {len(listed)} 个"

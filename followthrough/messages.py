"""What is told after a run: that a night is there, what is missing, that it is not there, that nobody ran it.

Made from the published version and the history alone, by the same figures as the page; no personal data, no
number of a refused candidate.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from followthrough.coverage import Coverage, coverage
from followthrough.effective import admitted
from followthrough.engine import connect
from followthrough.history import Manifest, decisions, head, refused
from followthrough.notify import SMALLEST, Message
from followthrough.paths import Home
from followthrough.reports import figures
from followthrough.reports.figures import Night
from followthrough.reports.league import Mover
from followthrough.reports.money import Line, time_progress
from followthrough.reports.refresh import pictured
from followthrough.reports.words import count, more, percent, percent_more, signed, span, yuan, zh
from followthrough.settings import Settings, Source

_WEEKDAYS = "一二三四五六日"
_STAGES = {"potential": "潜在", "paying": "付费", "loyal": "忠诚"}


def after_run(settings: Settings, night: date, at: datetime) -> list[Message]:
    """What the version readers see, the refusals of this night and what is late ``at`` give to tell."""
    home = settings.home
    current = head(home)
    failed = _refusals(home, night)
    if failed and (current is None or current.created_at < failed[-1]["at"]):
        return [_not_published(night, current, failed)]
    if current is None:
        return []
    folder = home.published / current.version
    with connect(folder / "followthrough.duckdb", read_only=True) as connection:
        told = figures.night(home, current, connection)
    brief = _published(told)
    return [brief, *_picture(home, brief, told), *gaps(settings, at)]


def gaps(settings: Settings, at: datetime) -> list[Message]:
    """What somebody can do something about: which file is late or refused, why, where to get it anew.

    Judged ``at`` a moment, not when the version was made: a source whose hour passes later is late then.
    """
    current = head(settings.home) if settings.home.history.exists() else None
    if current is None:
        return []
    night = date.fromisoformat(current.night)
    not_taken = refused(settings.home, current.night)
    sources = {verdict["source_id"] for verdict in not_taken}
    covered = coverage(settings, admitted(settings), sources, night, at)
    return [
        *(_late(current.night, one) for one in covered if one.state == "late"),
        *(_not_taken(settings.source(verdict["source_id"]), verdict) for verdict in not_taken),
    ]


def overdue(home: Home, at: datetime) -> list[Message]:
    """What a check from outside the run finds at ``at``: that the night before has no version yet."""
    night = date.fromordinal(at.toordinal() - 1)
    current = head(home) if home.history.exists() else None
    if current and current.night >= night.isoformat():
        return []
    return [
        Message(
            key=f"{night}/overdue",
            title=f"{_day(night)} 数据到 {at:%H:%M} 还没有发布",
            lines=(
                f"现在看到的是 {_seen(current)}。",
                "夜间任务没有运行，或者中断了：请看 Airflow，或在服务器上运行 followthrough status。",
            ),
            is_urgent=True,
        )
    ]


def _published(night: Night) -> Message:
    """The brief: once as soon as there is something, once when all has come, and when it says something else.

    A version that changes nothing people were told of the night is silent.
    """
    told = "early" if night.gaps.waiting else "complete"
    word = "早报" if night.gaps.waiting else "定稿"
    if night.is_corrected:
        told, word = f"corrected/{night.manifest.version}", f"{word}（更正）"
    title = f"新媒体日报 {_day(night.day)} {word}"
    return Message(key=f"{night.day}/{told}", title=title, lines=_within(_brief(night), title))


def _picture(home: Home, brief: Message, night: Night) -> list[Message]:
    """The first screen as a picture, as markdown does not show where WeCom is read in WeChat.

    The pages are made beside this: what is not drawn of this version yet goes with the next run.
    """
    drawn = pictured(home, night.day, night.manifest.version)
    return [replace(brief, key=f"{brief.key}/picture", lines=(), picture=drawn)] if drawn else []


def _within(lines: Sequence[tuple[int, str]], title: str) -> tuple[str, ...]:
    """The lines that fit into the smallest message there is; those of the highest rank go first, whole."""
    room = SMALLEST - len(f"### {title}".encode())
    kept = list(lines)
    while sum(len(f"\n{line}".encode()) for _, line in kept) > room:
        kept.remove(max(kept, key=lambda each: each[0]))
    return tuple(line for _, line in kept)


def _brief(night: Night) -> list[tuple[int, str]]:
    """What a group is told, each line with its rank: the higher, the sooner it is left out."""
    gaps, checks = night.gaps, night.gaps.checks
    come = f"{len(gaps.sources) - len(gaps.waiting)}/{len(gaps.sources)}"
    missing = f"，缺：{_some(gaps.waiting)}" if gaps.waiting else ""
    return [
        (0, f"> 数据截至 {night.day:%m-%d} 24:00 | 到齐 {come}{missing}"
            f" | 质检 {checks['passed']}过 {checks['warned']}警 {checks['failed']}拒"),
        *(line for total in night.money.totals for line in _money(night, total)),
        *_people(night),
        *_ranked(4, "**带来最多**", night, night.league.gains),
        *_ranked(4, "**亏得最多**", night, night.league.losses),
        *_to_do(night),
        *_corrections(night),
        (0, f"版本 {night.manifest.version}"),
    ]  # fmt: skip


def _money(night: Night, total: Line) -> Iterator[tuple[int, str]]:
    """Net first, against the same shops a week before; then the month, and what came and went."""
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
    told = " | ".join(
        f"{label} {count(people.stocks[stage].now)} {signed(people.stocks[stage].change)}"
        for stage, label in _STAGES.items()
    )
    yield 1, f"**客户**{covered}"
    yield 1, f"{told}（明确满意 {count(people.stocks['loyal'].satisfied)}）"
    gained = " → ".join(f"新增{label} {count(people.gained(stage))}" for stage, label in _STAGES.items())
    yield 2, f"{gained} | 回落 {count(people.fallen)}"


def _ranked(rank: int, title: str, night: Night, movers: Sequence[Mover]) -> Iterator[tuple[int, str]]:
    """Three places with what each did to the net and the one reason."""
    if movers:
        told = (
            f"{n}.{mover.name}{'退款' if mover.kind == 'refunds' else ''}"
            f" {more(mover.effect_fen, night.money.main.currency)}"
            f"（{zh(f'why_{mover.why}', now=count(mover.after), before=count(mover.before))}）"
            for n, mover in enumerate(movers, 1)
        )
        yield rank, f"{title} {' '.join(told)}"


def _to_do(night: Night) -> Iterator[tuple[int, str]]:
    """How many files whom is waited for, and how many checks; who reads it sees the page for the rest."""
    owners = [f"{owner or '未指定'}×{len(feeds)}" for owner, feeds in night.gaps.to_fetch.items()]
    if owners:
        yield 2, f"**要下载** {' '.join(owners)}"
    if night.gaps.to_accept:
        yield 2, f"**等人确认** {len(night.gaps.to_accept)} 个文件"


def _corrections(night: Night) -> Iterator[tuple[int, str]]:
    """What says something else than when it was told, largest change first."""
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
    """The names, or the first of them and how many there are."""
    return "、".join(listed) if len(listed) <= most else f"{'、'.join(listed[:most])}等 {len(listed)} 个"


def _late(night: str, one: Coverage) -> Message:
    source, slug = one.source, one.export.slug
    return Message(
        key=f"{night}/late/{source.id}/{slug}",
        title=f"{source.label} 的文件还没有到",
        lines=(
            f"> {slug} 只到 {one.covered_through or '（从未收到）'}",
            f"请导出：{one.plan.menu}",
            _where(source.id, source.owner),
        ),
        owner=source.owner,
    )


def _not_taken(source: Source, verdict: Mapping[str, Any]) -> Message:
    return Message(
        key=f"{verdict['night']}/refused/{verdict['load_id']}",
        title=f"{source.label} 有文件没有收下",
        lines=(
            f"> 文件 {verdict['file']}",
            *(f"原因：{why}" for why in verdict["why_zh"]),
            f"请重新导出：{source.usual.menu}",
            _where(source.id, source.owner),
        ),
        owner=source.owner,
    )


def _where(source: str, owner: str | None) -> str:
    return f"放入 inbox/{source}，放入后会自动补发。" + (f" @{owner}" if owner else "")


def _refusals(home: Home, night: date) -> list[Mapping[str, Any]]:
    wanted = ("candidate_refused", night.isoformat())
    return [d for d in decisions(home) if (d["type"], d.get("night")) == wanted]


def _not_published(night: date, current: Manifest | None, refused: Sequence[Mapping[str, Any]]) -> Message:
    reasons = refused[-1]["reasons"]
    return Message(
        key=f"{night}/not_published/{len(refused)}",
        title=f"{_day(night)} 数据未发布（第 {len(refused)} 次）",
        lines=(
            f"现在看到的仍是 {_seen(current)}。",
            *(f"> {reason}" for reason in reasons),
            "读者不受影响；原因消除后会自动重跑，或运行 followthrough night。",
        ),
        is_urgent=True,
    )


def _seen(current: Manifest | None) -> str:
    if current is None:
        return "空的：还没有发布过任何版本"
    return (
        f"{_day(date.fromisoformat(current.night))} 版（{current.created_at[5:16].replace('T', ' ')} 发布）"
    )


def _day(night: date) -> str:
    return f"{night:%m-%d}(周{_WEEKDAYS[night.weekday()]})"

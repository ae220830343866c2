"""What is told after a run: that a night is there, what is missing, that it is not there, that nobody ran it.

Made from the published version and the history alone; no personal data, no number of a refused candidate.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from followthrough.engine import connect
from followthrough.history import Manifest, decisions, head, refused
from followthrough.notify import Message
from followthrough.paths import Home
from followthrough.settings import Settings, Source

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_WEEKDAYS = "一二三四五六日"
_STAGES = {"potential": "潜在", "paying": "付费", "loyal": "忠诚"}


def after_run(settings: Settings, night: date) -> list[Message]:
    """What the version readers see and the refusals of this night give to tell, each once."""
    home = settings.home
    current = head(home)
    failed = _refusals(home, night)
    if failed and (current is None or current.created_at < failed[-1]["at"]):
        return [_not_published(night, current, failed)]
    if current is None:
        return []
    folder = home.published / current.version
    with connect(folder / "followthrough.duckdb", read_only=True) as connection:
        return [_published(connection, current), *_gaps(settings, connection, current)]


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


def _published(connection: "DuckDBPyConnection", current: Manifest) -> Message:
    """The brief, once as soon as there is something and once when everything has come."""
    night = date.fromisoformat(current.night)
    sources = _rows(
        connection,
        """SELECT label, bool_and(state IN ('fresh', 'on_demand')) FROM trust.freshness
        GROUP BY label ORDER BY label""",
    )
    waiting = [label for label, has_come in sources if not has_come]
    missing = f"，缺：{'、'.join(waiting)}" if waiting else ""
    checks = current.checks
    return Message(
        key=f"{night}/{'early' if waiting else 'complete'}",
        title=f"新媒体日报 {_day(night)} {'早报' if waiting else '定稿'}",
        lines=(
            f"> 数据截至 {night:%m-%d} 24:00 | 到齐 {len(sources) - len(waiting)}/{len(sources)}{missing}"
            f" | 质检 {checks['passed']}过 {checks['warned']}警 {checks['failed']}拒",
            *_money(connection, night, is_partial=bool(waiting)),
            *_people(connection, night),
            f"版本 {current.version}",
        ),
    )


def _money(connection: "DuckDBPyConnection", night: date, is_partial: bool) -> list[str]:
    """Paid and refunded on the night, by the day the money moved, for each currency on its own."""
    found = _rows(
        connection,
        """SELECT currency, sum(paid)::BIGINT, sum(refunded)::BIGINT FROM (
            SELECT currency, paid_fen AS paid, 0 AS refunded FROM marts.orders WHERE paid_date = $1
            UNION ALL SELECT currency, 0, refunded_fen FROM marts.refunds WHERE refunded_date = $1
        ) GROUP BY currency ORDER BY currency""",
        night,
    )
    only = "（不含未到的数据）" if is_partial else ""
    return [
        line
        for currency, paid, refunded in found or [("CNY", 0, 0)]
        for line in (
            f"**净支付额 {_money_text(currency, paid - refunded)}**{only}",
            f"支付 {_money_text(currency, paid)} | 退款 {_money_text(currency, refunded)}",
        )
    ]


def _people(connection: "DuckDBPyConnection", night: date) -> list[str]:
    counts = {
        stage: (now or 0, (now or 0) - (before or 0))
        for stage, now, before in _rows(
            connection,
            """SELECT stage, sum(customers) FILTER (stage_date = $1)::BIGINT,
                sum(customers) FILTER (stage_date = $1 - 1)::BIGINT
            FROM marts.stage_daily WHERE stage_date BETWEEN $1 - 1 AND $1 GROUP BY stage""",
            night,
        )
    }
    told = [
        f"{label} {counts[stage][0]:,} {counts[stage][1]:+,}"
        for stage, label in _STAGES.items()
        if stage in counts
    ]
    return [f"**客户** {' | '.join(told)}"] if told else []


def _gaps(settings: Settings, connection: "DuckDBPyConnection", current: Manifest) -> list[Message]:
    """What somebody can do something about: which file, why, where to get it anew."""
    late = _rows(
        connection,
        """SELECT source_id, slug, label, owner, menu, covered_through FROM trust.freshness
        WHERE state = 'late' ORDER BY ALL""",
    )
    missing = [
        Message(
            key=f"{current.night}/late/{source}/{slug}",
            title=f"{label} 的文件还没有到",
            lines=(
                f"> {slug} 只到 {covered or '（从未收到）'}",
                f"请导出：{menu}",
                _where(source, owner),
            ),
            owner=owner or "",
        )
        for source, slug, label, owner, menu, covered in late
    ]
    return missing + [
        _not_taken(settings.source(verdict["source_id"]), verdict)
        for verdict in refused(settings.home, current.night)
    ]


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


def _money_text(currency: str, fen: int) -> str:
    sign = "¥" if currency == "CNY" else f"{currency} "
    return f"{sign}{'-' if fen < 0 else ''}{abs(fen) // 100:,}"


def _rows(connection: "DuckDBPyConnection", query: str, *parameters: object) -> list[tuple[Any, ...]]:
    return connection.execute(query, list(parameters)).fetchall()

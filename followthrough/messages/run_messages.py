"""Messages about a run: a new version, missing or refused files, failed steps, a night that never ran.

Built from the published version and the history only, with the page's figures. They hold no personal data and
no figure of a refused candidate.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from followthrough.database import connect
from followthrough.messages.daily_brief import brief
from followthrough.messages.delivery import Message
from followthrough.paths import Home
from followthrough.reports import figures
from followthrough.reports.words import dated
from followthrough.runs import journal
from followthrough.runs.journal import Run
from followthrough.settings import Settings, Source
from followthrough.versions.coverage import Coverage, coverage
from followthrough.versions.effective_loads import admitted
from followthrough.versions.history import Manifest, decisions, head, refused


def after_run(settings: Settings, run: Run) -> list[Message]:
    """Messages about a finished run: the new version, refused files, late sources, failed steps."""
    home = settings.home
    current = head(home)
    failed = _refusals_in_a_row(home, current)
    if failed and failed[-1]["night"] == run.night.isoformat():
        return _not_published(settings, current, failed)
    if current is None:
        return []
    folder = home.published / current.version
    with connect(folder / "followthrough.duckdb", read_only=True) as connection:
        tonight = figures.night(home, current, connection)
    return [*brief(home, tonight), *gaps(settings, run.run_at), *_unfinished(settings, current, run)]


def gaps(settings: Settings, at: datetime) -> list[Message]:
    """One message per late or refused file: which, why, and where to download it.

    Lateness is evaluated ``at`` a moment, not when the version was made.
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
    """One message where the night before ``at`` has no version yet, else none."""
    night = date.fromordinal(at.toordinal() - 1)
    current = head(home) if home.history.exists() else None
    if current and current.night >= night.isoformat():
        return []
    return [
        Message(
            key=f"{night}/overdue",
            title=f"{dated(night)} 数据到 {at:%H:%M} 还没有发布",
            lines=(
                f"现在看到的是 {_seen(current)}。",
                "夜间任务没有运行，或者中断了：请看 Airflow，或在服务器上运行 followthrough status。",
            ),
            is_urgent=True,
        )
    ]


def _unfinished(settings: Settings, current: Manifest, run: Run) -> list[Message]:
    """Messages about pages, workbook and mirrors that failed after the switch."""
    last = {step["step"]: step for step in journal.read(settings.home, run.run_id)}
    failed = {name for name, step in last.items() if "error" in step}
    behind = (
        last["mirror"].get("behind") or [one.id for one in settings.mirrors] if "mirror" in failed else ()
    )
    return [
        *([_no_pages(settings, current)] if "refresh" in failed else ()),
        *([_no_workbook(settings, current)] if "workbook" in failed else ()),
        *(_mirror_behind(settings, current, name) for name in behind),
    ]


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
    return f"放入 inbox/{source}，放入后会自动补发。{_at(owner or '')}"


def _refusals_in_a_row(home: Home, current: Manifest | None) -> list[Mapping[str, Any]]:
    """Gate 2's refusals since the published version, oldest first."""
    since = current.created_at if current else ""
    return [d for d in decisions(home) if d["type"] == "candidate_refused" and d["at"] > since]


def _not_published(
    settings: Settings, current: Manifest | None, refused: Sequence[Mapping[str, Any]]
) -> list[Message]:
    """A message for everybody, and one for the person on call who has a channel of their own."""
    last, times = refused[-1], len(refused)
    on_call, called = _person_on_call(settings), _person_on_call(settings, times)
    turn = f"已连续 {times} 次没有发布，请 {called} 过问。" if called != on_call else ""
    message = Message(
        key=f"{last['night']}/not_published/{times}",
        title=f"{dated(date.fromisoformat(last['night']))} 数据未发布（连续第 {times} 次）",
        lines=(
            f"现在看到的仍是 {_seen(current)}。",
            *(f"> 原因：{reason}" for reason in last.get("reasons_zh", last["reasons"])),
            "影响：这一晚的日报、表格和镜像停在上面这一版，已发布的数字不变。",
            f"谁在处理：{on_call or '没有指定（sources.toml 的 on_call）'}。{turn}{_at(called)}",
            f"下次自动检查：有新文件后几分钟内，最迟明天 {settings.night_at:%H:%M}。",
        ),
        is_urgent=True,
    )
    theirs = [replace(message, key=f"{message.key}/{called}", owner=called)]
    return [message, *(theirs if any(called in channel.owners for channel in settings.channels) else ())]


def _mirror_behind(settings: Settings, current: Manifest, mirror: str) -> Message:
    on_call = _person_on_call(settings)
    return Message(
        key=f"{current.version}/mirror/{mirror}",
        title=f"镜像 {mirror} 没有更新",
        lines=(
            f"> 已发布 {_seen(current)}，从这个镜像看数的人看到的还是以前的版本。",
            f"请检查它的连接和账号，再到 Airflow 里清除任务 mirror；否则下一次运行再试。{_at(on_call)}",
        ),
        owner=on_call,
    )


def _no_pages(settings: Settings, current: Manifest) -> Message:
    on_call = _person_on_call(settings)
    return Message(
        key=f"{current.version}/no_pages",
        title="日报页面没有做出来",
        lines=(
            f"> 已发布 {_seen(current)}，表格是新的，页面和图片还是以前的。",
            f"请看任务 refresh 的日志，处理后在 Airflow 里清除它。{_at(on_call)}",
        ),
        owner=on_call,
    )


def _no_workbook(settings: Settings, current: Manifest) -> Message:
    on_call = _person_on_call(settings)
    return Message(
        key=f"{current.version}/no_workbook",
        title="工作簿没有做出来",
        lines=(
            f"> 已发布 {_seen(current)}，表格和页面不受影响，工作簿还是以前的。",
            f"请看任务 workbook 的日志，处理后在 Airflow 里清除它。{_at(on_call)}",
        ),
        owner=on_call,
    )


def _person_on_call(settings: Settings, times: int = 1) -> str:
    """The person on call after so many refusals in a row; empty where none is configured."""
    return settings.on_call[min(times, len(settings.on_call)) - 1] if settings.on_call else ""


def _at(who: str) -> str:
    return f" @{who}" if who else ""


def _seen(current: Manifest | None) -> str:
    if current is None:
        return "空的：还没有发布过任何版本"
    return (
        f"{dated(date.fromisoformat(current.night))} 版（{current.created_at[5:16].replace('T', ' ')} 发布）"
    )

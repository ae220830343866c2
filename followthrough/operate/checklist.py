"""今日下载清单: what each owner has to download today, from which menu, for which dates, into which inbox."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from followthrough.settings import Settings
from followthrough.versions.coverage import Coverage, coverage
from followthrough.versions.effective_loads import admitted

WORDS = {
    "zh": {
        "title": "{day} 下载清单",
        "nobody": "未指定负责人",
        "nothing": "今天没有要下载的文件",
        "from": "从",
        "dates": "日期",
        "into": "放入",
        "due": "截止",
        "late": "已迟到",
        "first": "还没有收到过",
    },
    "en": {
        "title": "to download on {day}",
        "nobody": "nobody in charge",
        "nothing": "nothing to download today",
        "from": "from",
        "dates": "dates",
        "into": "into",
        "due": "due",
        "late": "late",
        "first": "never received",
    },
}


def checklist(settings: Settings, night: date, run_at: datetime, language: str = "zh") -> str:
    """The list as text, by owner: what is missing through ``night`` and due by the end of today.

    An export fetched by a transport is listed only once it is late.
    """
    words = WORDS[language]
    wanted: dict[str, list[Coverage]] = defaultdict(list)
    for one in coverage(settings, admitted(settings), (), night, run_at):
        is_by_hand = one.source.transport == "inbox"
        is_today = one.due_at is not None and one.due_at.date() <= run_at.date()
        if one.missing and is_today and (is_by_hand or one.state == "late"):
            wanted[one.source.owner or words["nobody"]].append(one)
    lines = [words["title"].format(day=run_at.date())]
    for owner in sorted(wanted):
        lines += ["", owner, *(line for one in wanted[owner] for line in _lines(one, run_at, words))]
    return "\n".join(lines if wanted else [*lines, words["nothing"]])


def _lines(one: Coverage, run_at: datetime, words: dict[str, str]) -> Sequence[str]:
    first, last = one.missing[0], one.missing[-1]
    dates = f"{first}" if first == last else f"{first} – {last}"
    when = f"{one.due_at:%H:%M}" if one.due_at and one.due_at > run_at else words["late"]
    never = f" ({words['first']})" if one.covered_through is None else ""
    return (
        f"  [ ] {one.source.label} {one.export.label}{never}",
        f"      {words['from']} {one.plan.menu}",
        f"      {words['dates']} {dates}  {words['into']} inbox/{one.source.id}/  {words['due']} {when}",
    )

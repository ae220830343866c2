"""Bytes of the Xiaohongshu note list: a workbook with a banner above its header, every cell text."""

from __future__ import annotations

from followthrough.platforms import export
from followthrough.sample.deliveries.records import Arrival, NoteRow
from followthrough.sample.exports.workbook import workbook

_BANNER = "最多导出排序后前1000条笔记"


def file_name(arrival: Arrival) -> str:
    """The file's name as the creator centre gives it."""
    return f"笔记列表明细表_{arrival.night}.xlsx"


def render(arrival: Arrival) -> bytes:
    """Write every note with its current figures, newest first."""
    rows = [record for record in arrival.records if isinstance(record, NoteRow)]
    header = export("xiaohongshu__notes").header
    return workbook([[_BANNER], header, *(_cells(row) for row in reversed(rows))], merged="A1:M1")


def _cells(row: NoteRow) -> list[str]:
    note, figures = row.note, row.figures
    clicks = f"{figures.views / figures.exposures:.3f}" if figures.exposures else "-"
    return [
        note.title,
        f"{note.published_at:%Y年%m月%d日%H时%M分%S秒}",
        note.genre,
        f"{figures.exposures}",
        f"{figures.views}",
        clicks,
        f"{figures.likes}",
        f"{figures.comments}",
        f"{figures.saves}",
        f"{figures.followers_gained}",
        f"{figures.shares}",
        "14",
        "0",
    ]

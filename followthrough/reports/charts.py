"""Charts as SVG, drawn when the page is made: the reader's browser fetches and runs nothing.

Every chart shows a comparison. Titles and legends are in the page, in two languages; a chart itself holds
only figures and dates. Colours are the page's CSS variables, so they follow light and dark mode.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from followthrough.reports.drawings import Drawings
from followthrough.reports.money import WEEK

WIDTH, HEIGHT = 380, 150
_COLOURS = {"actual": "#0a0b01", "compared": "#0a0b02", "grid": "#0a0b03", "text": "#0a0b04"}
_CHINESE = (
    "abs(datum.value) >= 1e8 ? format(datum.value / 1e8, '~f') + '亿' :"
    " abs(datum.value) >= 1e4 ? format(datum.value / 1e4, '~f') + '万' : format(datum.value, ',')"
)
_ENGLISH = "abs(datum.value) >= 1e4 ? format(datum.value, '~s') : format(datum.value, ',')"


@dataclass(frozen=True)
class Chart:
    """A drawn chart: the labels of its values and of what they are compared with, and the SVG per language.

    The languages shorten large figures differently, so each has its own drawing.
    """

    title: str
    compared: str
    svg: tuple[str, str]


def by_day(title: str, compared: str, values: Mapping[date, float], first: date, drawings: Drawings) -> Chart:
    """One bar per day from ``first`` on, each with a mark at the value of a week before."""
    rows = [
        {"day": f"{day:%m-%d}", "now": now, "before": values.get(day - WEEK)}
        for day, now in sorted(values.items())
        if day >= first
    ]
    shown = {"by_day": rows, "title": title, "made_with": _made_with()}
    return Chart(title, compared, drawings.get(shown, lambda: _svg(title, _by_day(rows))))


def against_pace(
    title: str,
    compared: str,
    actual: Mapping[date, float],
    pace: Mapping[date, float],
    drawings: Drawings,
) -> Chart:
    """The cumulative value so far as a line, and the target pace as a dashed line."""
    rows = [
        {"day": f"{day:%m-%d}", "so_far": actual.get(day), "pace": should}
        for day, should in sorted(pace.items())
    ]
    shown = {"against_pace": rows, "title": title, "made_with": _made_with()}
    return Chart(title, compared, drawings.get(shown, lambda: _svg(title, _against_pace(rows))))


@cache
def _made_with() -> str:
    """What decides how figures are drawn: this file and the versions of its libraries."""
    libraries = f"{version('altair')} {version('vl-convert-python')}"
    return f"{hashlib.sha256(Path(__file__).read_bytes()).hexdigest()} {libraries}"


def _by_day(rows: Sequence[Mapping[str, Any]]) -> Any:
    alt = _altair()
    base = alt.Chart(alt.Data(values=rows)).encode(x=_days(alt, len(rows)))
    bars = base.mark_bar(color=_COLOURS["actual"], cornerRadiusEnd=1).encode(y=_amount(alt, "now"))
    marks = base.mark_tick(color=_COLOURS["compared"], thickness=2, bandSize=max(6, 240 // len(rows))).encode(
        y=_amount(alt, "before")
    )
    return bars + marks


def _against_pace(rows: Sequence[Mapping[str, Any]]) -> Any:
    alt = _altair()
    base = alt.Chart(alt.Data(values=rows)).encode(x=_days(alt, len(rows)))
    area = base.mark_area(color=_COLOURS["actual"], opacity=0.15).encode(y=_amount(alt, "so_far"))
    line = base.mark_line(color=_COLOURS["actual"], strokeWidth=2.5).encode(y=_amount(alt, "so_far"))
    goal = base.mark_line(color=_COLOURS["compared"], strokeDash=[5, 4], strokeWidth=1.5).encode(
        y=_amount(alt, "pace")
    )
    return area + line + goal


def _altair() -> Any:
    import altair

    return altair


def _days(alt: Any, days: int) -> Any:
    step = max(1, round(days / 5))
    shown = f"indexof(domain('x'), datum.value) % {step} == 0 ? datum.label : ''"
    return alt.X(
        "day:O",
        title=None,
        sort=None,
        axis=alt.Axis(labelAngle=0, labelExpr=shown, ticks=False, labelOverlap=False, labelFlush=True),
    )


def _amount(alt: Any, field: str) -> Any:
    return alt.Y(f"{field}:Q", title=None, axis=alt.Axis(tickCount=4, ticks=False, domain=False))


def _svg(name: str, chart: Any) -> tuple[str, str]:
    return _drawn(f"{name}-zh", chart, _CHINESE), _drawn(f"{name}-en", chart, _ENGLISH)


def _drawn(name: str, chart: Any, amounts: str) -> str:
    import vl_convert

    axis = {
        "gridColor": _COLOURS["grid"],
        "domainColor": _COLOURS["grid"],
        "labelColor": _COLOURS["text"],
        "labelFontSize": 11,
    }
    chart = chart.properties(width=WIDTH, height=HEIGHT).configure(
        font="inherit",
        background="transparent",
        axis=axis,
        axisY={"labelExpr": amounts},
        view={"stroke": None},
    )
    return _tidied(name, str(vl_convert.vegalite_to_svg(chart.to_dict())))


def _tidied(name: str, svg: str) -> str:
    """The SVG with the page's colours and full width; the same input gives the same text."""
    for colour, placeholder in _COLOURS.items():
        svg = svg.replace(placeholder, f"var(--chart-{colour})")
    svg = re.sub(r' (class|role|aria-[a-z]+|pointer-events)="[^"]*"', "", svg)
    for number, clip in enumerate(dict.fromkeys(re.findall(r'id="(clip\d+)"', svg))):
        svg = re.sub(rf"\b{clip}\b", f"{name}-{number}", svg)
    return re.sub(r'(<svg[^>]*?) width="[^"]*" height="[^"]*"', r'\1 aria-hidden="true"', svg, count=1)

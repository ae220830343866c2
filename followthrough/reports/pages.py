"""The pages as HTML: one self-contained file each, readable offline and without scripts."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from followthrough.reports import charts, words
from followthrough.reports.charts import Chart
from followthrough.reports.drawings import Drawings
from followthrough.reports.figures import Definition, Detail, Night, Week, monday
from followthrough.reports.money import WEEK, Money, days_in_month, month_start, time_progress
from followthrough.reports.people import GAINS, NEW, STAGES, People
from followthrough.reports.restated import Restated, Restatement

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True)
class Entry:
    """A page as the index lists it, stored beside the page as JSON.

    ``net_fen`` is None where no shop's orders had arrived; ``left_out`` are the shops not included in it.
    """

    page: str
    kind: str
    first: str
    last: str
    version: str
    state: str
    is_corrected: bool
    currency: str
    net_fen: int | None
    left_out: list[str]
    new_paying: int
    loyal: int


def night_entry(night: Night) -> Entry:
    """The index entry of a night."""
    total = night.money.main
    return Entry(
        page=f"{night.day}.html",
        kind="day",
        first=night.day.isoformat(),
        last=night.day.isoformat(),
        version=night.manifest.version,
        state="final" if night.gaps.is_complete else "early",
        is_corrected=night.is_corrected,
        currency=total.currency,
        net_fen=total.now.net_fen if total.now else None,
        left_out=list(total.left_out),
        new_paying=night.people.gained("paying"),
        loyal=night.people.stocks["loyal"].now,
    )


def week_entry(week: Week) -> Entry:
    """The index entry of a week."""
    total = week.money.main
    return Entry(
        page=week_page(week.first),
        kind="week",
        first=week.first.isoformat(),
        last=week.last.isoformat(),
        version=week.manifest.version,
        state="week_whole" if week.is_whole else "week_partial",
        is_corrected=False,
        currency=total.currency,
        net_fen=total.now.net_fen if total.now else None,
        left_out=list(total.left_out),
        new_paying=week.people.gained("paying"),
        loyal=week.people.stocks["loyal"].now,
    )


def week_page(first: date) -> str:
    """The file name of the page of the week that starts on this Monday."""
    year, number, _ = first.isocalendar()
    return f"{year}-W{number:02}.html"


def day_html(night: Night, detail: Detail, neighbours: Sequence[str], drawings: Drawings) -> str:
    """The page of a night; ``neighbours`` are the names of the other pages."""
    before, after = f"{night.day - timedelta(days=1)}.html", f"{night.day + timedelta(days=1)}.html"
    return _render(
        "daily.html",
        night.definitions,
        night=night,
        detail=detail,
        drawn=_day_charts(night, drawings),
        week=week_page(monday(night.day)),
        before=before if before in neighbours else "",
        after=after if after in neighbours else "",
    )


def week_html(week: Week, drawings: Drawings) -> str:
    """The page of a week."""
    return _render(
        "weekly.html",
        week.definitions,
        week=week,
        drawn=_week_charts(week, drawings),
        page=week_page(week.first),
    )


def index_html(
    entries: Sequence[Mapping[str, Any]],
    left_behind: frozenset[str],
    definitions: Mapping[str, Definition],
) -> str:
    """The index of all pages, newest first; ``left_behind`` are versions abandoned by a rollback."""
    newest_first = sorted(entries, key=lambda e: e["last"], reverse=True)
    return _render(
        "index.html",
        definitions,
        left_behind=left_behind,
        days=[e for e in newest_first if e["kind"] == "day"],
        weeks=[e for e in newest_first if e["kind"] == "week"],
    )


def as_json(entry: Entry) -> Mapping[str, Any]:
    """An entry as JSON."""
    return asdict(entry)


def _day_charts(night: Night, drawings: Drawings) -> list[Chart]:
    four_weeks = night.day - 4 * WEEK + timedelta(days=1)
    net = _in_yuan(_net(night.money, four_weeks - WEEK, night.day))
    gained = _every_day(night.people, four_weeks - WEEK, night.day)
    return [
        _month_chart(night.money, drawings),
        charts.by_day("chart_net", "week_earlier", net, four_weeks, drawings),
        charts.by_day("chart_new_paying", "week_earlier", gained, four_weeks, drawings),
    ]


def _week_charts(week: Week, drawings: Drawings) -> list[Chart]:
    """Charts of the week by day, and of money and new customers over eight weeks.

    Each week is cut to as many days as this one has.
    """
    eight_weeks = week.first - 7 * WEEK
    net = _net(week.money, eight_weeks - WEEK, week.last)
    gained = _every_day(week.people, eight_weeks - WEEK, week.last)
    days = (week.last - week.first).days + 1
    return [
        charts.by_day(title, compared, values, first, drawings)
        for title, compared, values, first in (
            ("chart_week", "week_earlier", _in_yuan(net), week.first),
            ("chart_weeks_net", "week_before_mark", _in_yuan(_by_week(net, days)), eight_weeks),
            ("chart_weeks_new_paying", "week_before_mark", _by_week(gained, days), eight_weeks),
        )
    ]


def _by_week(values: Mapping[date, int], days: int) -> dict[date, int]:
    """The sums of the first ``days`` days of every week, by its Monday."""
    sums: dict[date, int] = {}
    for day, value in values.items():
        if day.weekday() < days:
            sums[monday(day)] = sums.get(monday(day), 0) + value
    return sums


def _net(money: Money, first: date, last: date) -> dict[date, int]:
    return money.net_by_day(first, last)


def _every_day(people: People, first: date, last: date) -> dict[date, int]:
    gained = people.gained_by_day["paying"]
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return {day: gained.get(day, 0) for day in days}


def _month_chart(money: Money, drawings: Drawings) -> Chart:
    """The month so far against its target, or against the month before where there is no target."""
    start, length = month_start(money.last), days_in_month(money.last)
    target = money.main.target_fen
    if target:
        aimed = [shop for shop in money.counted if shop.target_fen is not None]
        so_far = _cumulated(money.net_by_day(start, money.last, aimed))
        pace = {
            start + timedelta(days=n): target / 100 * (n + 1) / length for n in range(length)
        }  # same value on every day
        return charts.against_pace("chart_month", "goal", so_far, pace, drawings)
    so_far = _cumulated(money.net_by_day(start, money.last))
    last_start = month_start(start - timedelta(days=1))
    then = list(_cumulated(money.net_by_day(last_start, start - timedelta(days=1))).values())
    pace = {start + timedelta(days=n): then[min(n, len(then) - 1)] for n in range(length)}
    return charts.against_pace("chart_month_last", "last_month", so_far, pace, drawings)


def _in_yuan(values: Mapping[date, int]) -> dict[date, float]:
    return {day: fen / 100 for day, fen in values.items()}


def _cumulated(values: Mapping[date, int]) -> dict[date, float]:
    total, so_far = 0, {}
    for day, fen in values.items():
        total += fen
        so_far[day] = total / 100
    return so_far


def _parts_of(each: Restatement) -> tuple[Markup, Markup]:
    """The components of a restatement as text, in two languages."""
    parts = [words.pair("late_arrival")] if each.has_arrived else []
    if each.paid_fen or each.orders:
        amount = words.more(each.paid_fen, each.currency)
        parts.append(words.pair("part_paid", amount=amount, orders=words.signed(each.orders)))
    if each.refunded_fen or each.refunds:
        amount = words.more(each.refunded_fen, each.currency)
        parts.append(words.pair("part_refunded", amount=amount, refunds=words.signed(each.refunds)))
    return words.joined(parts)


def _stages_of(restated: Restated, people: People) -> tuple[Markup, Markup]:
    """The change of people per stage as text, in two languages."""
    return words.joined(
        [
            (
                f"{people.stocks[stage].label_zh} {words.signed(by)}",
                f"{people.stocks[stage].label_en} {words.signed(by)}",
            )
            for stage, by in restated.stages.items()
        ]
    )


def _render(template: str, definitions: Mapping[str, Definition], **values: Any) -> str:
    known = tuple(_definitions(definitions).items())
    return _environment(known).get_template(template).render(**values)


def _definitions(published: Mapping[str, Definition]) -> dict[str, Definition]:
    """Definitions by code; the published ones replace the pages' own."""
    own = {code: Definition(*said) for code, said in words.texts()["definitions"].items()}
    return own | dict(published)


@lru_cache(maxsize=1)
def _environment(known: tuple[tuple[str, Definition], ...]) -> "Environment":
    """The template environment with the definitions; cached, so that templates compile once per night."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        name: getattr(words, name)
        for name in (
            "yuan",
            "more",
            "exact",
            "exact_more",
            "count",
            "signed",
            "percent",
            "percent_more",
            "points",
            "short_day",
            "long_day",
        )
    }
    environment.globals |= {
        "known": dict(known),
        "t": words.label,
        "both": words.both,
        "named": words.named,
        "names": words.names,
        "span": words.span,
        "plain": words.zh,
        "stages": STAGES,
        "gains": tuple(GAINS),
        "new": NEW,
        "time_progress": time_progress,
        "drawing": Markup,
        "parts_of": _parts_of,
        "stages_of": _stages_of,
    }
    return environment

"""The published version and what is missing, on one screen."""

import shutil
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time

from followthrough import arrivals
from followthrough.ingest.pull import waiting
from followthrough.runs.summary import tally
from followthrough.settings import Settings
from followthrough.versions.coverage import Coverage, coverage
from followthrough.versions.effective_loads import admitted
from followthrough.versions.history import Manifest, decisions, head, hold, refused, versions

_STATES = {"refused": "✗", "late": "✗", "not_due": "·", "fresh": "✓", "on_demand": "·"}
"""States with their marks, worst first; a source shows the worst state of its exports."""


def status(settings: Settings, at: datetime) -> str:
    """The current version, every source's state ``at`` a time (Shanghai), pending work and next steps."""
    home = settings.home
    current = head(home) if home.history.exists() else None
    if current is None or not home.current.is_symlink():
        return f"{home.root}: nothing is published yet\nnext      run the first night: make night"
    covered = _coverage(settings, current, at)
    files, held, again = waiting(settings), hold(home), arrivals.next_poll(home, at)
    lines = [
        f"version   {current.version} (of {len(versions(home))}), made {current.created_at}",
        f"checks    {tally(current.checks)}",
        f"rows      {current.quarantined_rows} quarantined so far",
        f"kept      {', '.join(_kept(settings))}",
        f"disk      {_disk(settings)}",
        *_waivers(settings, current),
        *_sources(covered, at, again),
        *(f"waiting   {path.relative_to(home.root)}" for path in files),
        f"looks     {f'Airflow looks for files again at {again:%H:%M}' if again else 'no Airflow looks'}",
    ]
    if held:
        lines.append(f"hold      since the rollback of {held['at']} by {held['by']}: {held['reason']}")
    lines.append(f"next      {_next(bool(held), bool(files), covered, settings.night_at if again else None)}")
    return "\n".join(lines)


def _coverage(settings: Settings, current: Manifest, at: datetime) -> list[Coverage]:
    not_taken = {verdict["source_id"] for verdict in refused(settings.home, current.night)}
    return coverage(settings, admitted(settings), not_taken, date.fromisoformat(current.night), at)


def _sources(covered: Iterable[Coverage], at: datetime, again: datetime | None) -> list[str]:
    """A line per source with the state of its worst export, and a line per export somebody must deliver."""
    by_source: dict[str, list[Coverage]] = defaultdict(list)
    for one in covered:
        by_source[one.source.id].append(one)
    order = list(_STATES)
    lines = [f"{'source':<22}{'state':<12}{'through':<12}{'next try':<14}owner"]
    for source, exports in by_source.items():
        worst = min(exports, key=lambda one: order.index(one.state))
        lines.append(
            f"{_STATES[worst.state]} {source:<20}{worst.state:<12}{_through(exports):<12}"
            f"{_next_try(worst, at, again):<14}{worst.source.owner or '—'}"
        )
        lines.extend(
            f"    ask for {_dates(one)} of {one.export.slug}: {one.plan.menu}" for one in _behind(exports)
        )
    return lines


def _through(exports: Sequence[Coverage]) -> str:
    """The last day for which all regular exports of a source have arrived."""
    days = [one.covered_through for one in exports if one.state != "on_demand"]
    return "—" if not days or None in days else f"{min(day for day in days if day)}"


def _next_try(one: Coverage, at: datetime, again: datetime | None) -> str:
    if one.due_at and one.due_at > at:
        return f"{one.due_at:%m-%d %H:%M}"
    if one.state == "on_demand":
        return "—"
    return f"{again:%m-%d %H:%M}" if again else "next run"


def _dates(one: Coverage) -> str:
    first, last = one.missing[0], one.missing[-1]
    return f"{first}" if first == last else f"{first} – {last}"


def _behind(covered: Iterable[Coverage]) -> list[Coverage]:
    return [one for one in covered if one.state in ("late", "refused")]


def _waivers(settings: Settings, current: Manifest) -> list[str]:
    applied = {load.load_id for load in current.loads}
    return [
        f"waiver    {d['load_id']} counts by the word of {d['by']}: {d['reason']}"
        for d in decisions(settings.home)
        if d["type"] == "waiver" and d["load_id"] in applied
    ]


def _kept(settings: Settings) -> list[str]:
    """Versions whose published file still exists, newest first."""
    published = settings.home.published
    kept = [v for v in versions(settings.home) if (published / v / "followthrough.duckdb").exists()]
    return kept[::-1]


def _disk(settings: Settings) -> str:
    usage = shutil.disk_usage(settings.home.root)
    return f"{usage.free >> 20:,} MB free of {usage.total >> 20:,} MB"


def _next(is_held: bool, is_waiting: bool, covered: Iterable[Coverage], night_at: time | None) -> str:
    if is_held:
        return "followthrough resume, when the cause is gone"
    if is_waiting:
        return "nothing: Airflow takes in what waits" if night_at else "make night takes in what waits"
    behind = sorted({one.source.id for one in _behind(covered)})
    if behind:
        then = "" if night_at else ", then make night"
        return f"drop the missing files of {', '.join(behind)} into their inbox{then}"
    return (
        f"nothing: the night comes at {night_at:%H:%M}"
        if night_at
        else "make night, for the night that comes"
    )

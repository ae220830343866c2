"""Write the pages of the published version: its night, its week, the week before, and the index."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from followthrough.paths import Home, holds, write_changed
from followthrough.reports import figures, pages
from followthrough.reports.drawings import Drawings
from followthrough.reports.money import WEEK
from followthrough.reports.picture import browser, picture
from followthrough.settings import Settings
from followthrough.versions.history import Manifest, decisions

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True)
class Refreshed:
    """The night's page and its picture, or in one line why there is no picture."""

    page: Path
    picture: Path
    no_picture: str


def refresh_pages(settings: Settings) -> Refreshed:
    """Write every page the published version changes, with that version's figures only.

    Files refused since then are listed too. A night published again replaces its page. Charts, pages and
    the picture whose figures are the same stay as they are.
    """
    home = settings.home
    drawings = Drawings(home.drawings)
    with figures.published(home) as (manifest, connection):
        page = _write_day(home, manifest, connection, drawings)
        _write_weeks(home, manifest, connection, drawings)
        definitions = figures.definitions(connection)
    drawings.drop_unused()
    _write_index(home, definitions)
    drawn = page.with_suffix(".png")
    return Refreshed(page, drawn, _draw(settings, page, drawn))


def pictured(home: Home, night: date, version: str) -> Path | None:
    """The night's picture, or None where it was not drawn of this version."""
    note, drawn = home.reports / f"{night}.json", home.reports / f"{night}.png"
    if not note.exists() or json.loads(note.read_text("utf-8"))["version"] != version:
        return None
    return drawn if drawn.exists() else None


def _draw(settings: Settings, page: Path, target: Path) -> str:
    """Draw the picture of the page where there is none; "", or in one line why there is none."""
    if target.exists():
        return ""
    program = browser(settings.browser)
    if not program:
        return "none: no Chromium on this machine; install one or set FOLLOWTHROUGH_BROWSER"
    return picture(program, page, target)


def _write_day(home: Home, manifest: Manifest, connection: "DuckDBPyConnection", drawings: Drawings) -> Path:
    night = figures.night(home, manifest, connection)
    detail = figures.detail(connection, night.day)
    neighbours = [path.name for path in home.reports.glob("*.html")]
    html = pages.day_html(night, detail, neighbours, drawings)
    if not holds(home.reports / f"{manifest.night}.html", html.encode()):
        # Before the page is there: a picture is always one of the page beside it.
        (home.reports / f"{manifest.night}.png").unlink(missing_ok=True)
    return _write(home, pages.night_entry(night), html)


def _write_weeks(
    home: Home, manifest: Manifest, connection: "DuckDBPyConnection", drawings: Drawings
) -> None:
    """Write this week so far and the last whole one, as late files may have changed it."""
    this_monday = figures.monday(date.fromisoformat(manifest.night))
    for first in (this_monday - WEEK, this_monday):
        week = figures.week(manifest, connection, first)
        if any(shop.is_known_on(week.last) for shop in week.money.shops):
            _write(home, pages.week_entry(week), pages.week_html(week, drawings))


def _write(home: Home, entry: pages.Entry, html: str) -> Path:
    """Write a page, and beside it its index entry."""
    path = home.reports / entry.page
    write_changed(path, html.encode(), mode=0o644)
    note = json.dumps(pages.as_json(entry), ensure_ascii=False, indent=1)
    write_changed(path.with_suffix(".json"), note.encode(), mode=0o644)
    return path


def _write_index(home: Home, definitions: Mapping[str, figures.Definition]) -> None:
    entries: list[dict[str, Any]] = [
        json.loads(note.read_text("utf-8")) for note in sorted(home.reports.glob("*.json"))
    ]
    left_behind = _left_behind(home, {entry["version"] for entry in entries})
    html = pages.index_html(entries, left_behind, definitions)
    write_changed(home.reports / "index.html", html.encode(), mode=0o644)


def _left_behind(home: Home, versions: set[str]) -> frozenset[str]:
    """The versions a rollback abandoned: those after its target, up to the one it left."""
    rollbacks = [(d["version"], d["left"]) for d in decisions(home) if d["type"] == "rollback"]
    return frozenset(v for v in versions if any(target < v <= left for target, left in rollbacks))

"""What readers see now and what is missing, on one screen."""

from followthrough.engine import connect
from followthrough.history import Manifest, head, hold, versions
from followthrough.pull import waiting
from followthrough.settings import Settings
from followthrough.summary import tally


def status(settings: Settings) -> str:
    """The version in force, sources, what waits, and what to do next, as text."""
    home = settings.home
    current = head(home) if home.history.exists() else None
    if current is None or not home.current.is_symlink():
        return f"{home.root}: nothing is published yet\nnext      run the first night: make night"
    lines = [
        f"version   {current.version} (of {len(versions(home))}), made {current.created_at}",
        f"checks    {tally(current.checks)}",
        f"rows      {current.quarantined_rows} quarantined so far",
        f"kept      {', '.join(_kept(settings))}",
        *_sources(settings, current),
    ]
    files = waiting(settings)
    lines += [f"waiting   {path.relative_to(home.root)}" for path in files]
    held = hold(home)
    if held:
        lines.append(f"hold      since the rollback of {held['at']} by {held['by']}: {held['reason']}")
    lines.append(f"next      {_next(bool(held), bool(files), current)}")
    return "\n".join(lines)


def _sources(settings: Settings, current: Manifest) -> list[str]:
    folder = settings.home.published / current.version
    with connect(folder / "followthrough.duckdb", read_only=True) as connection:
        rows = connection.execute(
            "SELECT source_id, slug, state, covered_through, owner, menu FROM trust.freshness ORDER BY ALL"
        ).fetchall()
    return [
        f"source    {source:<18}{slug:<26}{state:<8}through {covered or '—'}"
        + (f"  ask {owner}: {menu}" if state != "fresh" else "")
        for source, slug, state, covered, owner, menu in rows
    ]


def _kept(settings: Settings) -> list[str]:
    """Versions whose published file is still there, newest first."""
    published = settings.home.published
    kept = [v for v in versions(settings.home) if (published / v / "followthrough.duckdb").exists()]
    return kept[::-1]


def _next(is_held: bool, is_waiting: bool, current: Manifest) -> str:
    if is_held:
        return "followthrough resume, when the cause is gone"
    if is_waiting:
        return "make night takes in what waits"
    if current.late_sources:
        return (
            f"drop the missing files of {', '.join(current.late_sources)} into their inbox, then make night"
        )
    return "make night, for the night that comes"

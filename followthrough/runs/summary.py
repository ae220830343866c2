"""The summary of a run as plain text."""

from collections.abc import Mapping, Sequence
from typing import Any

from followthrough.database import connect
from followthrough.paths import Home

_STAGES = ("audience", "potential", "paying", "loyal")


def line(entry: Mapping[str, Any]) -> str:
    """A journal entry as one line of text."""
    return f"  {entry['step']:<18}{entry['seconds']:>7.1f} s  {_what(entry)}".rstrip()


def _what(entry: Mapping[str, Any]) -> str:
    if "error" in entry:
        return f"{entry['error']}: {entry['message']}"
    if "files" in entry:
        came = [f"{source} {n}" for source, n in entry["files"].items()]
        return ", ".join(came + [f"{what}: {why}" for what, why in entry.get("pending", {}).items()])
    if "loaded" in entry:
        counts = entry["loaded"]
        return (
            f"{counts['files']} files, {counts['rows']:,} rows = {counts['accepted']:,} accepted"
            f" + {counts['quarantined']} quarantined + {counts['excluded']} excluded"
        )
    if "judged" in entry:
        verdicts = entry["judged"]
        refused = len(verdicts["refused"])
        return f"{verdicts['admitted']} admitted, {verdicts['warned']} with warnings, {refused} refused"
    if "built" in entry:
        return _built(entry)
    if "passed" in entry:
        earlier = f", {entry['earlier']} of them not asked again" if entry.get("earlier") else ""
        return f"{entry['passed']} checks passed, {entry['warned']} warned{earlier}"
    return str(entry.get("version") or entry.get("page") or entry.get("workbook") or "")


def _built(entry: Mapping[str, Any]) -> str:
    if not entry["built"]:
        return "nothing new since the last version"
    anew = entry.get("anew")
    return f"all orders and customers anew: {anew}" if anew else f"on {entry['parent'] or 'nothing'}"


def summary(home: Home, steps: Sequence[Mapping[str, Any]]) -> str:
    """Counts of rows, checks and customers by stage with their changes, and paths of the results."""
    loads = [entry["loaded"] for entry in steps if "loaded" in entry]
    total = (
        {
            key: sum(counts[key] for counts in loads)
            for key in ("files", "rows", "accepted", "quarantined", "excluded")
        }
        if loads
        else {}
    )
    lines = []
    if total:
        lines.append(
            f"rows      {total['rows']:,} in {total['files']} files = {total['accepted']:,} accepted"
            f" + {total['quarantined']:,} quarantined + {total['excluded']:,} excluded"
        )
    for entry in steps:
        lines.extend(f"refused   {refusal}" for refusal in entry.get("judged", {}).get("refused", []))
    published = next((entry for entry in steps if "version" in entry), None)
    if published:
        lines.append(f"checks    {tally(published['checks'])}")
    if home.current.is_symlink():
        lines.extend(_stages(home))
        state = "published" if published else "unchanged"
        lines.append(f"{state:<10}{home.current.readlink()} in {home.current / 'followthrough.duckdb'}")
    for entry in {entry["step"]: entry for entry in steps}.values():
        if entry.get("page"):
            lines.append(f"page      {entry['page']}")
        if entry.get("workbook"):
            lines.append(f"workbook  {entry['workbook']}")
        lines.extend(f"mirror    {name}: {n} tables" for name, n in entry.get("mirrored", {}).items())
        lines.extend(f"behind    mirror {name}" for name in entry.get("behind", ()))
        if entry.get("no_picture"):
            lines.append(f"picture   {entry['no_picture']}")
    lines.append(f"took      {sum(entry['seconds'] for entry in steps):.0f} s in its steps")
    return "\n".join(lines)


def tally(checks: Mapping[str, int]) -> str:
    """A version's numbers of checks as text; failures are of gate 1, as one at gate 2 stops the version."""
    return f"{checks['passed']} passed, {checks['warned']} warned, {checks['failed']} failed at gate 1"


def _stages(home: Home) -> list[str]:
    folder = home.published / home.current.readlink()
    with connect(folder / "followthrough.duckdb", read_only=True) as connection:
        found = connection.execute(
            """
            WITH night AS (SELECT max(stage_date) AS day FROM marts.stage_daily)
            SELECT stage, sum(customers) FILTER (stage_date = day)::BIGINT,
                sum(customers) FILTER (stage_date = day - 1)::BIGINT
            FROM marts.stage_daily, night WHERE stage_date >= day - 1 GROUP BY 1
            """
        ).fetchall()
    counts = {stage: (now or 0, (now or 0) - (before or 0)) for stage, now, before in found}
    stages = ", ".join(f"{s} {counts[s][0]:,} ({counts[s][1]:+})" for s in _STAGES if s in counts)
    return [f"stages    {stages}"]

"""Measure a large shop's nights by step: `python -m benchmarks.bench_night [ORDERS] [DAYS]`.

The first night takes in all orders, the second nothing, the third 500 more; beside them DuckDB alone makes
the core of the same tables from the same typed rows (`bare.sql`). Every night is `followthrough night` in a
process of its own.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import duckdb

from benchmarks.orders import NAME, write
from followthrough.clock import SHANGHAI
from followthrough.database import literal

ORDERS, MORE = 600_000, 500
NIGHT = date(2026, 9, 1)
SOURCES = """
[shops]
moss = "苔原"
[brands]
moss = "苔原"
[sources.moss]
platform = "youzan"
label = "有赞 苔原"
shop_id = "moss"
brand_id = "moss"
"""
_BARE = Path(__file__).with_name("bare.sql")
_COMMAND = Path(sys.executable).with_name("followthrough")


class Night(NamedTuple):
    """Wall seconds by step, and of the whole process the wall and processor seconds."""

    steps: Mapping[str, float]
    seconds: float
    processor_seconds: float


def measure(folder: Path, orders: int, days: int) -> dict[str, Night]:
    """The three nights in a new home under ``folder``."""
    home, sources = folder / "home", folder / "sources.toml"
    sources.write_text(SOURCES, "utf-8")
    deliver(home, orders, NIGHT, days)
    nights = {"first": run_night(home, sources, NIGHT)}
    nights["nothing new"] = run_night(home, sources, NIGHT + timedelta(days=1))
    deliver(home, MORE, NIGHT + timedelta(days=2), 1)
    nights[f"{MORE} more"] = run_night(home, sources, NIGHT + timedelta(days=2))
    return nights


def deliver(home: Path, orders: int, day: date, days: int) -> None:
    """Put an export of these orders into the inbox, made the morning after the day."""
    inbox = home / "inbox" / "moss"
    inbox.mkdir(parents=True, exist_ok=True)
    write(inbox, orders, ("utf-8",), day, days)
    file = (inbox / NAME.format(encoding="utf-8")).rename(inbox / f"{day}.csv")
    made_at = datetime.combine(day + timedelta(days=1), datetime.min.time(), SHANGHAI) + timedelta(hours=8)
    os.utime(file, (made_at.timestamp(),) * 2)


def run_night(home: Path, sources: Path, night: date) -> Night:
    """Run a night as `make night` does; a night that publishes nothing stops the benchmark."""
    known = {*home.glob("runs/*.jsonl")}
    environment = {"FOLLOWTHROUGH_HOME": str(home), "FOLLOWTHROUGH_SOURCES": str(sources)}
    started = time.monotonic()
    with (home.parent / "told").open("w+") as told:
        child = subprocess.Popen(
            [_COMMAND, "night", str(night)], env={**os.environ, **environment}, stdout=told, stderr=told
        )
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        told.seek(0)
        said = told.read()
    if child.returncode:
        raise SystemExit(f"the night {night} ended with status {child.returncode}:\n{said}")
    (journal,) = {*home.glob("runs/*.jsonl")} - known
    steps: Counter[str] = Counter()
    for line in journal.read_text("utf-8").splitlines():
        entry = json.loads(line)
        steps[entry["step"]] += entry["seconds"]
    return Night(steps, time.monotonic() - started, used.ru_utime + used.ru_stime)


def bare(home: Path, night: date) -> tuple[float, float]:
    """Wall and processor seconds DuckDB alone takes for `bare.sql` on the rows the home has accepted."""
    files = ", ".join(
        literal(file) for file in sorted((home / "accepted" / "youzan__orders").glob("*.parquet"))
    )
    query = (
        _BARE.read_text("utf-8").replace("$files", f"[{files}]").replace("$night", f"DATE {literal(night)}")
    )
    started, worked = time.monotonic(), time.process_time()
    with duckdb.connect() as connection:
        connection.execute(query)
    return time.monotonic() - started, time.process_time() - worked


def table(nights: Mapping[str, Night]) -> str:
    """A Markdown table of seconds by step and night; steps of under a tenth of a second are left out."""
    steps = dict.fromkeys(step for one in nights.values() for step, took in one.steps.items() if took >= 0.1)
    rows = [(step, [one.steps.get(step, 0.0) for one in nights.values()]) for step in steps]
    rows += [
        ("outside every step", [one.seconds - sum(one.steps.values()) for one in nights.values()]),
        ("processor, whole process", [one.processor_seconds for one in nights.values()]),
    ]
    head = [f"| step | {' | '.join(nights)} |", "|---|" + "--:|" * len(nights)]
    return "\n".join([*head, *(f"| {name} | {_cells(figures)} |" for name, figures in rows)])


def _cells(figures: Sequence[float]) -> str:
    return " | ".join(f"{seconds:.1f} s" for seconds in figures)


def bounds(nights: Mapping[str, Night]) -> str:
    """The figures `docs/performance.md` sets bounds for."""
    first, nothing, more = (one.steps for one in nights.values())
    tables = sum(more.get(step, 0.0) for step in ("build", "check_marts", "publish"))
    shown = sum(more.get(step, 0.0) for step in ("refresh", "workbook"))
    share = (more["build"] - nothing["build"]) / (first["build"] - nothing["build"])
    return (
        f"build, gate 2, publish {tables:.1f} s; pages and workbook {shown:.1f} s; "
        f"build of an empty night {nothing['build']:.1f} s; "
        f"(night after - empty) / (first - empty), build: {share:.2f}"
    )


def main(orders: int = ORDERS, days: int = 1) -> None:
    """Print the table, the bounds, and what DuckDB alone takes."""
    with tempfile.TemporaryDirectory(prefix="bench-night-") as folder:
        nights = measure(Path(folder), orders, days)
        alone, worked = bare(Path(folder) / "home", NIGHT + timedelta(days=2))
    print(f"{orders:,} orders of {days} days, {os.cpu_count()} cores")
    print(table(nights))
    print(bounds(nights))
    print(f"DuckDB alone, the core: {alone:.1f} s ({worked:.1f} s of processor)")
    print(f"full build beside it: {nights['first'].steps['build'] / alone:.1f} x")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

"""Measure the load beside other tools in one run: `python -m benchmarks.bench_load [ROWS] [REPEATS]`.

Every contender runs in its own process, in turns, so that other work on the machine slows all of them alike;
the table gives medians. Peak memory is the kernel's figure for the process.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.contenders import CONTENDERS
from benchmarks.orders import NAME, write

ROWS, REPEATS, GROWTH = 3_000_000, 3, 4
_INPUT = {NAME.format(encoding=encoding) for encoding in ("utf-8", "gb18030")}


class Measured(NamedTuple):
    """One contender's measurement; processor seconds are summed over all threads."""

    rows: int
    seconds: float
    processor_seconds: float
    peak_mb: float


def measure(name: str, folder: Path) -> Measured:
    """Run one contender on the files of the folder and delete what it wrote."""
    command = [sys.executable, "-m", "benchmarks.contenders", name, str(folder)]
    with (folder / "told").open("w+") as told:
        child = subprocess.Popen(command, stdout=told)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        told.seek(0)
        lines = told.read().splitlines()
    if child.returncode:
        raise SystemExit(f"{name} failed with status {child.returncode}")
    for path in folder.iterdir():
        if path.name not in _INPUT:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    done = json.loads(lines[-1])
    return Measured(done["rows"], done["seconds"], used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def bench(rows: int, repeats: int, names: Sequence[str]) -> dict[str, Measured]:
    """Medians by contender, all over the same generated export."""
    measured: dict[str, list[Measured]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="bench-load-") as scratch:
        write(Path(scratch), rows)
        for _ in range(repeats):
            for name in names:
                measured[name].append(measure(name, Path(scratch)))
                print(f"  {name}: {measured[name][-1]}", file=sys.stderr, flush=True)
    return {
        name: Measured(*map(statistics.median, zip(*runs, strict=True))) for name, runs in measured.items()
    }


def table(results: Mapping[str, Measured]) -> str:
    """A Markdown table of rates and memory, beside bare DuckDB."""
    bare = results["duckdb"]
    lines = ["| | rows/s | speed | processor time | peak memory |", "|---|--:|--:|--:|--:|"]
    for name, one in results.items():
        speed, work = bare.seconds / one.seconds, one.processor_seconds / bare.processor_seconds
        lines.append(
            f"| {name.replace('_', ' ')} | {one.rows / one.seconds:,.0f} | {speed:.2f} x | {work:.2f} x "
            f"| {one.peak_mb:,.0f} MB |"
        )
    return "\n".join(lines)


def main(rows: int = ROWS, repeats: int = REPEATS) -> None:
    """Print the table, then how much memory our load needs for four times as many rows."""
    print(f"{rows:,} rows, {os.cpu_count()} cores, medians of {repeats}, beside bare DuckDB", flush=True)
    results = bench(rows, repeats, [each.__name__ for each in CONTENDERS])
    print(table(results), flush=True)
    ours, grown = results["followthrough"], bench(GROWTH * rows, 1, ["followthrough"])["followthrough"]
    print(
        f"followthrough, {GROWTH * rows:,} rows: {grown.rows / grown.seconds:,.0f} rows/s, "
        f"{grown.peak_mb:,.0f} MB, {grown.peak_mb / ours.peak_mb:.2f} x"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

"""Measure gate 1 alone: `python -m benchmarks.bench_gate [REPEATS]`.

The files are the sample's. The time is the processor's, over all threads, without Great Expectations' import.
"""

import os
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from itertools import chain, islice, zip_longest
from pathlib import Path

from followthrough.checks.load_batches import check_each_load
from followthrough.clock import now
from followthrough.ingest.pull import pull_platform
from followthrough.load.load import load_platform
from followthrough.load.receipts import Receipt
from followthrough.settings import Settings, from_environment
from followthrough.versions.effective_loads import current_receipts

LOADS, EXPORTS, NIGHTS, REPEATS = 120, 9, 15, 5


def passing_loads(settings: Settings, nights: int) -> list[Receipt]:
    """Up to ``LOADS`` loads of the first nights, of the ``EXPORTS`` most frequent exports; no check fails."""
    night = settings.sample.first_night + timedelta(days=nights - 1)
    for platform in settings.used_platforms:
        pull_platform(settings, platform, night, now(), os.environ.__getitem__)
        load_platform(settings, platform)
    receipts = [receipt for receipt in current_receipts(settings) if not receipt.refused]
    checks = check_each_load(settings, receipts)
    by_export: dict[str, list[Receipt]] = defaultdict(list)
    for receipt in receipts:
        if all(check.passed for check in checks[receipt.load_id]):
            by_export[receipt.slug].append(receipt)
    frequent = sorted(by_export.values(), key=len, reverse=True)[:EXPORTS]
    in_turns = filter(None, chain.from_iterable(zip_longest(*frequent)))
    return list(islice(in_turns, LOADS))


def measure(settings: Settings, loads: Sequence[Receipt]) -> float:
    """Processor seconds of gate 1 on the loads."""
    started = time.process_time()
    check_each_load(settings, loads)
    return time.process_time() - started


def main(repeats: int = REPEATS) -> None:
    """Print the median of so many measurements."""
    with tempfile.TemporaryDirectory(prefix="bench-gate-") as folder:
        settings = from_environment({"FOLLOWTHROUGH_HOME": str(Path(folder) / "home")})
        settings.home.create()
        loads = passing_loads(settings, NIGHTS)
        measured = [measure(settings, loads) for _ in range(repeats)]
    exports = len({load.slug for load in loads})
    print(f"{len(loads)} loads of {exports} exports: {statistics.median(measured):.2f} s of processor")
    print(f"each: {', '.join(f'{seconds:.2f}' for seconds in measured)}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

"""Writes the sample as a folder: files as they arrive, and the truth as tables."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from followthrough.sample.exports.unix_time import unix_seconds
from followthrough.sample.sample import Delivery, Sample
from followthrough.sample.truth.tables import write_tables


def write(sample: Sample, directory: Path, progress: Callable[[str], object] | None = None) -> None:
    """Write every night's files to <source>/<night>/ and the last night's truth to truth/.

    The folder's night is the one whose deliveries include the file; a late file has its own night in its
    name. A file's modification time is its `exported_at`. `progress` is called for every night.
    """
    for index in range(1, sample.nights + 1):
        night = sample.night(index)
        for delivery in sample.deliveries(night):
            _write_file(directory / delivery.source / f"{night}", delivery)
        if progress:
            progress(f"{night}")
    write_tables(sample.truth(sample.last_night), sample.lives(), directory / "truth")


def _write_file(folder: Path, delivery: Delivery) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / delivery.name
    path.write_bytes(delivery.body)
    seconds = unix_seconds(delivery.exported_at)
    os.utime(path, (seconds, seconds))

"""Whether the disk has room for one more version, asked before the build and not found out in it."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from followthrough.errors import FollowthroughError
from followthrough.paths import Home

_LEAST = 64 << 20
_COPIES = 3
"""The candidate starts as a copy of the parent's files, dbt rewrites tables in it, Parquet comes beside."""
_UNPACKED = 10
"""Times a bronze file (compressed) grows until its rows are in staging, marts and indexes."""


def refuse_full_disk(home: Home, parent_files: Iterable[Path], new_files: Iterable[Path]) -> None:
    """Raise FollowthroughError where the home's disk has less free than a build on these files may take."""
    needed = _LEAST + _COPIES * _size(parent_files) + _UNPACKED * _size(new_files)
    free = shutil.disk_usage(home.root).free
    if free < needed:
        raise FollowthroughError(
            f"{home.root} has {_megabytes(free)} free, the build may take {_megabytes(needed)}",
            "free some space: readers keep the version they have, and landing/ and history/ must stay",
        )


def _size(files: Iterable[Path]) -> int:
    return sum(file.stat().st_size for file in files if file.exists())


def _megabytes(size: int) -> str:
    return f"{size / (1 << 20):,.0f} MB"

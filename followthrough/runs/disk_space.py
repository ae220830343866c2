"""Checks free disk space before a build, and explains errors of a full or read-only disk."""

import errno
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from followthrough.errors import FollowthroughError
from followthrough.paths import Home

_FULL, _READ_ONLY = "No space left on device", "Read-only file system"
_LEAST = 64 << 20
_COPIES = 3
"""The candidate is a copy of the parent's files, dbt rewrites tables in it, and Parquet files are added."""
_UNPACKED = 10
"""Factor by which a compressed bronze file grows in staging, marts and indexes."""


def refuse_full_disk(home: Home, parent_files: Iterable[Path], new_files: Iterable[Path]) -> None:
    """Raise FollowthroughError if the home's disk has less space than a build on these files may need."""
    needed = _LEAST + _COPIES * _size(parent_files) + _UNPACKED * _size(new_files)
    free = shutil.disk_usage(home.root).free
    if free < needed:
        raise FollowthroughError(
            f"{home.root} has {_megabytes(free)} free, the build may take {_megabytes(needed)}",
            "free some space: readers keep the version they have, and landing/ and history/ must stay",
        )


def refuse_read_only(home: Home) -> None:
    """Raise FollowthroughError if the home, or the folder it will be created in, is read-only."""
    there = next(folder for folder in (home.root, *home.root.parents) if folder.exists())
    if os.statvfs(there).f_flag & os.ST_RDONLY:
        raise _read_only(home)


def disk_error(error: BaseException, home: Home) -> FollowthroughError | None:
    """The error to show for a full or read-only disk, also inside exception groups; None for other errors."""
    if isinstance(error, BaseExceptionGroup):
        found = (disk_error(each, home) for each in error.exceptions)
        return next((trouble for trouble in found if trouble), None)
    code = error.errno if isinstance(error, OSError) else None
    if code in (errno.ENOSPC, errno.EDQUOT) or _FULL in str(error):
        return FollowthroughError(
            f"the disk of {home.root} is full",
            "free some space and run the night again: readers keep the version they have",
        )
    if code == errno.EROFS or _READ_ONLY in str(error):
        return _read_only(home)
    return None


def _read_only(home: Home) -> FollowthroughError:
    return FollowthroughError(f"{home.root} cannot be written to", "mount it for writing")


def _size(files: Iterable[Path]) -> int:
    return sum(file.stat().st_size for file in files if file.exists())


def _megabytes(size: int) -> str:
    return f"{size / (1 << 20):,.0f} MB"

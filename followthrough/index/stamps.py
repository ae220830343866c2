"""Stamps of files and folders: equal as long as nothing has changed."""

import os
import time
from typing import NamedTuple

_SECOND = 1_000_000_000
_TICK, _SLOW_TICK = _SECOND // 10, 2 * _SECOND


class Stamp(NamedTuple):
    """Where a file is, how long, and when it was changed, in nanoseconds.

    A file that is written in place, replaced, or given another time, has another one.
    """

    inode: int
    size: int
    modified: int
    changed: int


def stamp_of(status: os.stat_result) -> Stamp:
    """The stamp of what ``status`` describes."""
    return Stamp(status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def is_settled(stamp: Stamp) -> bool:
    """Whether the last change was long enough ago for the next one to give another stamp."""
    # Clocks of file systems stand still for some milliseconds, those without fractions for up to 2 seconds.
    last = max(stamp.modified, stamp.changed)
    return time.time_ns() - last > (_TICK if last % _SECOND else _SLOW_TICK)

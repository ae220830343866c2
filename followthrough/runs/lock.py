"""A lock that lets one run at a time work on a home, also outside Airflow and its pool."""

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

from followthrough.errors import LockedOut
from followthrough.settings import Settings

_held: dict[str, int] = {}


@contextmanager
def held(settings: Settings, run_id: str) -> Iterator[None]:
    """Hold the home's lock; after ``lock_wait_seconds`` raise LockedOut, naming the holder.

    The kernel releases the lock when the holder's process ends. It is reentrant within a process.
    """
    path = str(settings.home.root / "lock")
    if path in _held:
        yield
        return
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _wait(descriptor, settings.lock_wait_seconds)
        os.ftruncate(descriptor, 0)
        holder = {"run": run_id, "pid": os.getpid(), "host": socket.gethostname()}
        os.pwrite(descriptor, json.dumps(holder).encode(), 0)
        _held[path] = descriptor
        yield
    finally:
        _held.pop(path, None)
        os.close(descriptor)


def _wait(descriptor: int, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= deadline:
                holder = os.pread(descriptor, 4096, 0).decode() or "somebody"
                raise LockedOut(f"another run holds this home: {holder}", "wait until it has ended") from None
            time.sleep(0.2)

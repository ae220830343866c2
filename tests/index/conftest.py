"""Indexes written for a single file, and a new process simulated by forgetting."""

import time

import pytest

from followthrough.index import files, folders, lines, store

SETTLED_SECONDS = 0.15


@pytest.fixture
def eager(monkeypatch):
    """An index is written however little it lacks."""
    monkeypatch.setattr(store, "_LAG", 0)
    monkeypatch.setattr(store, "_LAG_SHARE", 0)


@pytest.fixture
def forget():
    """Forget everything read, as a new process has read nothing."""

    def forget():
        for module in (files, folders, lines):
            module._known.clear()

    return forget


@pytest.fixture
def settle():
    """Wait until what was written is old enough to be believed."""
    return lambda: time.sleep(SETTLED_SECONDS)

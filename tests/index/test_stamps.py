"""A change soon after another may have the same time, so a young stamp is not believed."""

import time

import pytest

from followthrough.index.stamps import Stamp, is_settled

SECOND = 1_000_000_000


@pytest.mark.parametrize(
    ("age", "fraction", "settled"),
    [
        (0, 1, False),
        (SECOND // 20, 1, False),
        (SECOND // 2, 1, True),
        (SECOND // 2, 0, False),
        (3 * SECOND, 0, True),
        (-60 * SECOND, 1, False),
    ],
    ids=[
        "now",
        "within a tick",
        "old",
        "of a clock of seconds",
        "older than that",
        "of a clock ahead of ours",
    ],
)
def test_a_stamp_settles_with_time(monkeypatch, age, fraction, settled):
    changed = 1_800_000_000 * SECOND + fraction
    monkeypatch.setattr(time, "time_ns", lambda: changed + age)
    assert is_settled(Stamp(1, 2, changed, changed)) is settled
    assert is_settled(Stamp(1, 2, changed, changed - SECOND)) is settled
    assert is_settled(Stamp(1, 2, changed - SECOND, changed)) is settled

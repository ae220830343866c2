"""Shanghai wall time as unix seconds."""

from datetime import UTC, datetime

from followthrough.sample.exports.unix_time import unix_seconds


def test_unix_seconds_are_of_shanghai():
    seconds = unix_seconds(datetime(2026, 9, 1, 0, 30))
    assert datetime.fromtimestamp(seconds, UTC) == datetime(2026, 8, 31, 16, 30, tzinfo=UTC)

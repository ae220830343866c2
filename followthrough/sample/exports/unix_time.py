"""Shanghai wall time as unix seconds."""

from datetime import datetime

from followthrough.clock import SHANGHAI


def unix_seconds(wall_time: datetime) -> int:
    """Seconds since 1970-01-01 UTC of a naive Shanghai wall time."""
    return int(wall_time.replace(tzinfo=SHANGHAI).timestamp())

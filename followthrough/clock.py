"""Shanghai time, and the only places where a wall clock is read."""

from datetime import UTC, date, datetime, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has known no daylight saving time since 1991."""


def shanghai(moment: datetime) -> datetime:
    """A zoned moment as naive Shanghai wall time, whole seconds."""
    return moment.astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0)


def now() -> datetime:
    """Shanghai wall time, for the command line and the DAG only; steps are given theirs."""
    return shanghai(datetime.now(UTC))


def unix_seconds() -> int:
    """Seconds since 1970, as services want them in a signature."""
    return int(datetime.now(UTC).timestamp())


def night_before(moment: datetime) -> date:
    """The night whose run starts at this wall time: the day before."""
    return moment.date() - timedelta(days=1)

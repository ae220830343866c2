"""Shanghai time; the wall clock is read in this module only."""

from datetime import UTC, date, datetime, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""A fixed offset is enough: China has had no daylight saving time since 1991."""


def shanghai(moment: datetime) -> datetime:
    """A zoned moment as naive Shanghai wall time, whole seconds."""
    return moment.astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0)


def now() -> datetime:
    """Current Shanghai wall time; for the command line and the DAGs, as steps get it from their run."""
    return shanghai(datetime.now(UTC))


def unix_seconds() -> int:
    """Current time in seconds since 1970, as signatures of services need it."""
    return int(datetime.now(UTC).timestamp())


def night_before(moment: datetime) -> date:
    """The night whose run starts at this wall time: the day before."""
    return moment.date() - timedelta(days=1)

"""When an export is expected: its cadence, due time, and the menu it is downloaded from."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

CADENCES = ("daily", "workday", "weekly", "monthly", "on_demand")


@dataclass(frozen=True)
class Plan:
    """When a source delivers one of its exports.

    A daily file is due the next day, a workday file the next workday (Friday to Sunday on Monday), a
    weekly one on Monday, a monthly one on ``due_day`` of the next month, each by ``due`` in Shanghai; one on
    demand is never due.
    """

    cadence: str = "daily"
    due: time = time(11)
    due_day: int = 5
    menu: str = ""

    def due_at(self, day: date) -> datetime | None:
        """When the file with the business date ``day`` is due (Shanghai wall time), None if on demand."""
        if self.cadence == "on_demand":
            return None
        if self.cadence == "monthly":
            first = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
            return datetime.combine(first + timedelta(days=self.due_day - 1), self.due)
        if self.cadence == "weekly":
            return datetime.combine(day + timedelta(days=7 - day.weekday()), self.due)
        morning = day + timedelta(days=1)
        while self.cadence == "workday" and not is_workday(morning):
            morning += timedelta(days=1)
        return datetime.combine(morning, self.due)


def is_workday(day: date) -> bool:
    """Whether the day is a working day in China, including moved holidays.

    Uses the State Council's published calendars; Monday to Friday for years without one.
    """
    import chinese_calendar

    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


def changed(plan: Plan, entry: Mapping[str, Any]) -> Plan:
    """The plan with the settings of a table of the sources file; ValueError names a wrong one."""
    known = {name: entry[name] for name in ("cadence", "due", "due_day", "menu") if name in entry}
    if known.get("cadence", plan.cadence) not in CADENCES:
        raise ValueError(f"cadence is {known['cadence']!r}, not one of {', '.join(CADENCES)}")
    if "due" in known:
        known["due"] = _hour(known["due"])
    if not isinstance(known.get("due_day", 1), int) or not 1 <= known.get("due_day", 1) <= 28:
        raise ValueError(f"due_day is {known['due_day']!r}, not a day from 1 to 28")
    if not isinstance(known.get("menu", ""), str):
        raise ValueError("menu is not a text")
    return replace(plan, **known)


def _hour(value: object) -> time:
    if isinstance(value, time):
        return value
    try:
        return time.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"due is {value!r}, not a time like 10:30") from None

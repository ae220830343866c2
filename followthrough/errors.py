"""The few errors a night can end with, each saying what to do next."""

from collections.abc import Mapping


class FollowthroughError(Exception):
    """Something a person has to act on; ``remedy`` says how.

    The DAGs retry only those that ``may_pass`` by themselves: the same input would fail again.
    """

    may_pass = False

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} -> {self.remedy}" if self.remedy else self.message


class Unavailable(FollowthroughError):
    """A server does not give now what it has. Trying again may help, so the DAG does; the source is late."""

    may_pass = True


class ConfigError(FollowthroughError):
    """A setting, source, suite or declaration is wrong; the message names the file and the entry."""


class GateRefused(FollowthroughError):
    """Gate 2 refused the candidate: readers keep the version they have."""


class Held(FollowthroughError):
    """A rollback put publishing on hold; ``followthrough resume`` ends the hold."""


class LockedOut(FollowthroughError):
    """Another run holds the home; the message names it."""

    may_pass = True


class Superseded(FollowthroughError):
    """The candidate or its parent is no longer the one this run built on."""


class Overtaken(Superseded):
    """Another run has built since; it takes in what this one would have."""


def together(troubles: Mapping[str, FollowthroughError]) -> FollowthroughError:
    """One error that names every trouble by where it was; Unavailable if one of them may pass."""
    told = "; ".join(f"{where}: {trouble}" for where, trouble in troubles.items())
    may_pass = any(trouble.may_pass for trouble in troubles.values())
    return Unavailable(told) if may_pass else FollowthroughError(told)

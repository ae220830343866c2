"""Errors a night can end with; each message says what to do next."""

from collections.abc import Mapping


class FollowthroughError(Exception):
    """An error a person has to act on; ``remedy`` says how.

    The DAGs retry only errors with ``may_pass``; for any other the same input would fail again.
    """

    may_pass = False

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} -> {self.remedy}" if self.remedy else self.message


class Unavailable(FollowthroughError):
    """A server cannot deliver at the moment; the DAG retries, and the source is late meanwhile."""

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
    """Another run has built since; its candidate includes the loads of this one."""


def together(failures: Mapping[str, FollowthroughError]) -> FollowthroughError:
    """One error that lists all failures by place; Unavailable if any of them may pass."""
    message = "; ".join(f"{where}: {failure}" for where, failure in failures.items())
    may_pass = any(failure.may_pass for failure in failures.values())
    return Unavailable(message) if may_pass else FollowthroughError(message)

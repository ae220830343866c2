"""Copies everything that has arrived for a platform into the landing zone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from followthrough.errors import FollowthroughError, together
from followthrough.ingest.connections import Lookup
from followthrough.ingest.transports.answers import pull_answers
from followthrough.ingest.transports.inbox import dropped, pull_inbox
from followthrough.ingest.transports.samples import pull_sample
from followthrough.ingest.transports.sftp_s3 import pull_folder
from followthrough.settings import Settings, Source

_FIRST_MINUTES = 3
"""APIs are polled in these first minutes of an hour: once an hour, as polls are three minutes apart."""


@dataclass(frozen=True)
class Pulled:
    """Numbers of landed files by source, failures by source, and reasons why exports are still pending.

    ``pending`` is by source and export.
    """

    files: Mapping[str, int]
    failures: Mapping[str, FollowthroughError]
    pending: Mapping[str, str] = field(default_factory=dict)

    def raise_failures(self) -> None:
        """Raise one error for all failures, if there are any."""
        if self.failures:
            raise together(self.failures)


def pull_platform(settings: Settings, platform: str, night: date, run_at: datetime, lookup: Lookup) -> Pulled:
    """Land new files of each source of the platform, from its inbox and its transport.

    ``lookup`` finds a connection by id. A file that was landed before is not landed again, and a failing
    source does not stop the others.
    """
    files: dict[str, int] = {}
    pending: dict[str, str] = {}
    failures: dict[str, FollowthroughError] = {}
    for source in settings.sources_of(platform):
        files[source.id] = pull_inbox(settings, source, run_at)
        try:
            came, why = _pull_transport(settings, source, night, run_at, lookup)
        except FollowthroughError as failure:
            failures[source.id] = failure
            continue
        files[source.id] += came
        pending |= {f"{source.id} {export}": reason for export, reason in why.items()}
    return Pulled(files, failures, pending)


def poll_servers(settings: Settings, night: date, run_at: datetime, lookup: Lookup) -> Pulled:
    """Land new files from the servers of all sources, between the nights; APIs once an hour.

    A failing source does not stop the others.
    """
    # Inboxes are left to the night, which waits until files are complete. APIs limit the number of calls.
    files: dict[str, int] = {}
    pending: dict[str, str] = {}
    failures: dict[str, FollowthroughError] = {}
    for source in settings.sources:
        if source.is_sample or (source.transport == "api:" and run_at.minute >= _FIRST_MINUTES):
            continue
        try:
            files[source.id], why = _pull_transport(settings, source, night, run_at, lookup)
        except FollowthroughError as failure:
            failures[source.id] = failure
            continue
        pending |= {f"{source.id} {export}": reason for export, reason in why.items()}
    return Pulled(files, failures, pending)


def waiting(settings: Settings) -> list[Path]:
    """Files in the inboxes of the configured sources that no run has landed yet."""
    return [path for source in settings.sources for path in dropped(settings.home.inbox / source.id)]


def _pull_transport(
    settings: Settings, source: Source, night: date, run_at: datetime, lookup: Lookup
) -> tuple[int, Mapping[str, str]]:
    if source.is_sample:
        return pull_sample(settings, source, night, run_at), {}
    if source.transport in ("sftp:", "s3:"):
        return pull_folder(settings, source, run_at, lookup), {}
    if source.transport == "api:":
        return pull_answers(settings, source, night, run_at, lookup)
    return 0, {}

"""Bring everything that has arrived for a platform into the landing zone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from followthrough.connections import Lookup
from followthrough.errors import FollowthroughError, Unavailable
from followthrough.settings import Settings, Source
from followthrough.transports.inbox import dropped, pull_inbox
from followthrough.transports.remote import pull_folder
from followthrough.transports.samples import pull_sample


@dataclass(frozen=True)
class Pulled:
    """Files landed by source, and what went wrong by source: a source in trouble holds up no other."""

    files: Mapping[str, int]
    troubles: Mapping[str, FollowthroughError]

    def raise_troubles(self) -> None:
        """Raise one error for all troubles, if there are any; Unavailable where trying again may help."""
        if not self.troubles:
            return
        kinds = [type(trouble) for trouble in self.troubles.values()]
        kind = Unavailable if Unavailable in kinds else FollowthroughError
        raise kind("; ".join(f"{source}: {trouble}" for source, trouble in self.troubles.items()))


def pull(settings: Settings, platform: str, night: date, run_at: datetime, lookup: Lookup) -> Pulled:
    """Land what is there for each source of the platform: files in its inbox, and what its transport has.

    ``lookup`` gives the connection of an id. Seeing a file twice lands it once.
    """
    files: dict[str, int] = {}
    troubles: dict[str, FollowthroughError] = {}
    for source in settings.sources_of(platform):
        files[source.id] = pull_inbox(settings, source, run_at)
        try:
            files[source.id] += _pull_transport(settings, source, night, run_at, lookup)
        except FollowthroughError as trouble:
            troubles[source.id] = trouble
    return Pulled(files, troubles)


def poll(settings: Settings, night: date, run_at: datetime, lookup: Lookup) -> Pulled:
    """Land what the servers of all sources have, between the nights.

    Inboxes are left to the night, which waits for files to settle; the sample has nothing to poll.
    """
    files: dict[str, int] = {}
    troubles: dict[str, FollowthroughError] = {}
    for source in settings.sources:
        if source.is_sample:
            continue
        try:
            files[source.id] = _pull_transport(settings, source, night, run_at, lookup)
        except FollowthroughError as trouble:
            troubles[source.id] = trouble
    return Pulled(files, troubles)


def waiting(settings: Settings) -> list[Path]:
    """Files in the inboxes of the configured sources that no run has landed yet."""
    return [path for source in settings.sources for path in dropped(settings.home.inbox / source.id)]


def _pull_transport(settings: Settings, source: Source, night: date, run_at: datetime, lookup: Lookup) -> int:
    if source.is_sample:
        return pull_sample(settings, source, night, run_at)
    if source.transport in ("sftp:", "s3:"):
        return pull_folder(settings, source, run_at, lookup)
    return 0

"""Bring everything that has arrived for a platform into the landing zone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from followthrough.connections import Lookup
from followthrough.errors import FollowthroughError, together
from followthrough.settings import Settings, Source
from followthrough.transports.answers import pull_answers
from followthrough.transports.inbox import dropped, pull_inbox
from followthrough.transports.remote import pull_folder
from followthrough.transports.samples import pull_sample

_FIRST_MINUTES = 3
"""How long an hour has begun when interfaces are polled: once, as somebody looks every three minutes."""


@dataclass(frozen=True)
class Pulled:
    """What came: files landed by source, what went wrong by source, and why something did not come yet.

    ``pending`` is by source and export. A source in trouble holds up no other.
    """

    files: Mapping[str, int]
    troubles: Mapping[str, FollowthroughError]
    pending: Mapping[str, str] = field(default_factory=dict)

    def raise_troubles(self) -> None:
        """Raise one error for all troubles, if there are any."""
        if self.troubles:
            raise together(self.troubles)


def pull(settings: Settings, platform: str, night: date, run_at: datetime, lookup: Lookup) -> Pulled:
    """Land what is there for each source of the platform: files in its inbox, and what its transport has.

    ``lookup`` gives the connection of an id. Seeing a file twice lands it once.
    """
    files: dict[str, int] = {}
    pending: dict[str, str] = {}
    troubles: dict[str, FollowthroughError] = {}
    for source in settings.sources_of(platform):
        files[source.id] = pull_inbox(settings, source, run_at)
        try:
            came, why = _pull_transport(settings, source, night, run_at, lookup)
        except FollowthroughError as trouble:
            troubles[source.id] = trouble
            continue
        files[source.id] += came
        pending |= {f"{source.id} {export}": said for export, said in why.items()}
    return Pulled(files, troubles, pending)


def poll(settings: Settings, night: date, run_at: datetime, lookup: Lookup) -> Pulled:
    """Land what the servers of all sources have, between the nights.

    Inboxes are left to the night, which waits for files to settle; the sample has nothing to poll. An
    interface counts its calls, so it is only asked at the beginning of each hour.
    """
    files: dict[str, int] = {}
    pending: dict[str, str] = {}
    troubles: dict[str, FollowthroughError] = {}
    for source in settings.sources:
        if source.is_sample or (source.transport == "api:" and run_at.minute >= _FIRST_MINUTES):
            continue
        try:
            files[source.id], why = _pull_transport(settings, source, night, run_at, lookup)
        except FollowthroughError as trouble:
            troubles[source.id] = trouble
            continue
        pending |= {f"{source.id} {export}": said for export, said in why.items()}
    return Pulled(files, troubles, pending)


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

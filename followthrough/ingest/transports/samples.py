"""Lands files of the built-in sample, night by night."""

import io
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING

from followthrough.ingest.landing import Sighting, land, landed
from followthrough.settings import SampleSettings, Settings, Source

if TYPE_CHECKING:
    from followthrough.sample import Sample


def pull_sample(settings: Settings, source: Source, night: date, run_at: datetime) -> int:
    """Land what the sample delivers up to ``night``; the number of files.

    It starts again with the last landed night, which may have been interrupted.
    """
    sample = _sample(settings.sample)
    kept = {(s.night, s.name) for file in landed(settings.home, source.id) for s in file.sightings if s.night}
    since = max((night for night, _ in kept), default="")
    seen = 0
    for index in range(1, sample.nights + 1):
        asking = sample.night(index)
        if not since <= asking.isoformat() <= night.isoformat():
            continue
        for delivery in sample.deliveries(asking, source.id):
            if (asking.isoformat(), delivery.name) in kept:
                continue
            sighting = Sighting(delivery.name, run_at, delivery.exported_at, asking.isoformat())
            land(settings.home, source.id, io.BytesIO(delivery.body), sighting)
            seen += 1
    return seen


@cache
def _sample(chosen: SampleSettings) -> "Sample":
    """The sample of these settings, created once per process for all its sources."""
    from followthrough.sample import Sample

    return Sample(chosen.seed, chosen.people, chosen.nights, chosen.first_night)

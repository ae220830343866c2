"""The public interface of the sample: its files night by night, and the right answers."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

from followthrough.sample.deliveries.arrivals import arrivals_of
from followthrough.sample.deliveries.feeds import Feed
from followthrough.sample.deliveries.records import Arrival
from followthrough.sample.deliveries.schedule import Damage, Schedule
from followthrough.sample.exports.writers import WRITERS
from followthrough.sample.truth.truth import Truth, truth_of
from followthrough.sample.world.build import build_world


class Delivery(NamedTuple):
    """One file as it arrives.

    `exported_at` is when the platform wrote it (naive Shanghai wall time), `night` the night it
    covers, which lies before the night asked for when the file is late.
    """

    source: str
    name: str
    body: bytes
    exported_at: datetime
    night: date


class Sample:
    """A simulated business; equal arguments give equal bytes, and more nights only add to fewer.

    `damaged` lists the spoiled order rows, `late` the (feed, night) whose file comes a night late.
    """

    def __init__(
        self,
        seed: int = 7,
        people: int = 300,
        nights: int = 120,
        first_night: date = date(2026, 9, 1),
    ) -> None:
        """Build the world (well under a second for 300 people); files are made when requested."""
        if people < 1 or nights < 1:
            raise ValueError(f"a sample needs people and nights, not {people} and {nights}")
        self.nights = nights
        self.first_night = first_night
        self._world = build_world(seed, people, nights, first_night)
        self._schedule = Schedule(seed, first_night, self._world)
        self._arrivals: dict[date, list[Arrival]] = {}

    @property
    def damaged(self) -> tuple[Damage, ...]:
        """Order rows with a spoiled cell, within the sample's nights."""
        return tuple(each for each in self._schedule.damaged if each.night <= self.last_night)

    @property
    def late(self) -> frozenset[tuple[Feed, date]]:
        """Feeds and nights whose file comes with the next night's, within the sample's nights."""
        return frozenset(each for each in self._schedule.late if each[1] <= self.last_night)

    @property
    def last_night(self) -> date:
        """The last night with deliveries."""
        return self.night(self.nights)

    def night(self, index: int) -> date:
        """The night with this number, counted from 1; ValueError outside the sample."""
        if not 1 <= index <= self.nights:
            raise ValueError(f"the sample has nights 1 to {self.nights}, not {index}")
        return self.first_night + timedelta(days=index - 1)

    def deliveries(self, night: date, source: str | None = None) -> list[Delivery]:
        """The files of the morning after the night, late ones of the night before included.

        All sources or one, ordered by `exported_at`. ValueError outside the sample.
        """
        arrivals = self._arrivals_of(night)
        return [_deliver(arrival) for arrival in arrivals if source in (None, arrival.feed.source)]

    def truth(self, night: date) -> Truth:
        """The right answers at the night, once all deliveries up to it have been read."""
        self._check(night)
        count = (night - self.first_night).days + 1
        mornings = [self.first_night + timedelta(days=each) for each in range(count)]
        return truth_of((a for each in mornings for a in self._arrivals_of(each)), night)

    def lives(self) -> dict[str, str]:
        """The kind of life of each person id, which no file shows."""
        return {person.person_id: person.life for person in self._world.people}

    def _arrivals_of(self, night: date) -> list[Arrival]:
        self._check(night)
        if night not in self._arrivals:
            self._arrivals[night] = arrivals_of(self._world, self._schedule, night)
        return self._arrivals[night]

    def _check(self, night: date) -> None:
        if not self.first_night <= night <= self.last_night:
            raise ValueError(
                f"the sample has the nights {self.first_night} to {self.last_night}, not {night}"
            )


def _deliver(arrival: Arrival) -> Delivery:
    writer = WRITERS[arrival.feed.kind]
    return Delivery(
        source=arrival.feed.source,
        name=writer.file_name(arrival),
        body=writer.render(arrival),
        exported_at=arrival.exported_at,
        night=arrival.night,
    )

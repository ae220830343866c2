"""A night that makes only touched orders and customers anew ends in the tables of a full build."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from followthrough.operate import run_dag
from followthrough.operate.corrections import withdraw
from followthrough.runs.journal import Run
from followthrough.sample import Delivery
from followthrough.settings import from_environment
from tests.builders.nights import SAMPLE, Nights, Outcome, copy_of, current, marts
from tests.builders.small_shop import drop

FIRST = SAMPLE.night(12)
EARLIER = [delivery for index in range(1, 13) for delivery in SAMPLE.deliveries(SAMPLE.night(index))]
LATE = next(d for d in reversed(EARLIER) if d.source.startswith("youzan") and "订单" in d.name)
"""An order file that arrives a night late, after newer ones of the same orders."""


def deliver(home: Path, deliveries: Iterable[Delivery]) -> None:
    for delivery in deliveries:
        name = f"{delivery.night}-{delivery.name}"
        drop(home, delivery.source, name, delivery.body, delivery.exported_at)


def anew(outcome: Outcome) -> str:
    """Why the night built everything, as it says; empty if it did not."""
    return str(next(step["anew"] for step in outcome.steps if step["step"] == "build"))


class Shop:
    """A home whose files are dropped by hand, and the nights run in it."""

    def __init__(self, nights: Nights, folder: Path) -> None:
        self.home = folder / "home"
        self._nights, self._copy = nights, folder / "copy"
        self._environment = {"FOLLOWTHROUGH_SOURCES": str(folder / "sources.toml")}

    def night(self, night: date) -> Outcome:
        outcome = self._nights.run(self.home, night, **self._environment)
        assert outcome.status == run_dag.PUBLISHED, outcome.output
        return outcome

    def differences(self) -> set[str]:
        """Marts of the published version that a full build makes differently."""
        copy, night = copy_of(self.home, self._copy), date.fromisoformat(current(self.home).night)
        outcome = self._nights.run(copy, night, full=True, **self._environment)
        assert (outcome.status, anew(outcome)) == (run_dag.PUBLISHED, "a full build was asked for")
        followed, full = marts(self.home), marts(copy)
        assert followed.keys() == full.keys()
        return {name for name in full if followed[name] != full[name]}


@pytest.fixture(scope="module")
def shop(nights: Nights, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """Twelve nights of the sample in one, but for a file that is late."""
    folder = tmp_path_factory.mktemp("followed")
    sources = (Path(__file__).parents[2] / "sources.toml").read_text("utf-8")
    (folder / "sources.toml").write_text(sources.replace('"sample:"', '"inbox"'), "utf-8")
    shop = Shop(nights, folder)
    deliver(shop.home, (delivery for delivery in EARLIER if delivery is not LATE))
    assert anew(shop.night(FIRST)) == "there is no version yet"
    return shop


def test_new_and_late_files_are_followed(shop: Shop) -> None:
    deliver(shop.home, [LATE, *(d for d in SAMPLE.deliveries(SAMPLE.night(13)) if d.source != "sheets_main")])
    assert anew(shop.night(FIRST + timedelta(1))) == ""
    assert shop.differences() == set()


def test_a_withdrawn_load_and_days_that_were_far_ahead_are_followed(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    loads = current(shop.home).loads
    monkeypatch.setenv("FOLLOWTHROUGH_HOME", str(shop.home))
    monkeypatch.setenv("FOLLOWTHROUGH_SOURCES", str(shop.home.parent / "sources.toml"))
    for slug in ("youzan__orders", "wecom__external_contacts", "youzan__refunds"):
        newest = max((load for load in loads if load.slug == slug), key=lambda load: load.exported_at)
        withdraw(
            from_environment(),
            Run("by hand", FIRST, datetime(2026, 9, 14, 12)),
            newest.load_id,
            "of another shop",
        )
    assert anew(shop.night(FIRST + timedelta(60))) == ""
    assert shop.differences() == set()


@pytest.mark.soak
def test_days_that_nobody_had_to_wait_for_are_followed(shop: Shop) -> None:
    """Stages last half a year at most, but some ends were foreseen only then."""
    assert anew(shop.night(FIRST + timedelta(330))) == ""
    assert shop.differences() == set()

"""What has come that no version tells of yet, and which night it belongs to."""

import io
import os
from dataclasses import replace
from datetime import date, datetime, time

import pytest

from followthrough import arrivals
from followthrough.arrivals import open_night, pending_work, poll
from followthrough.errors import Unavailable
from followthrough.ingest.landing import Sighting, land
from followthrough.ingest.pull import Pulled
from followthrough.load.load import load_platform
from followthrough.publish.publish import switch
from followthrough.runs.journal import Run
from followthrough.versions import history
from followthrough.versions.effective_loads import effective, fingerprint
from followthrough.versions.history import Manifest

AT = datetime(2026, 11, 25, 10, 5)
RUN = Run("look", date(2026, 11, 24), AT)


@pytest.fixture
def shop(settings):
    """One source with an inbox, in a home that has published nothing."""
    return replace(settings, sources=(replace(settings.source("youzan_moss"), transport="inbox"),))


@pytest.fixture
def drop(shop):
    def drop(content="x", seconds_old=60.0):
        path = shop.home.inbox / "youzan_moss" / "订单.csv"
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)
        moment = path.stat().st_mtime - seconds_old
        os.utime(path, (moment, moment))
        return path

    return drop


@pytest.fixture
def publish(home):
    """Publish a version that has applied nothing."""

    def publish(version):
        made = Manifest(version, version[7:], None, "", "r", "", "", (), {}, {}, 0, ())
        (home.published / version).mkdir()
        (home.published / version / "manifest.json").write_text(made.to_json(), "utf-8")
        history.keep(home, made)
        switch(home, version)

    return publish


def reason(settings):
    found = poll(settings, RUN, None)
    return found and found["id"]


def test_where_nothing_has_come_there_is_nothing_to_do(shop, publish):
    assert poll(shop, RUN, None) is None
    publish("000001-2026-11-24")
    assert poll(shop, RUN, None) is None


def test_a_dropped_file_is_a_reason_to_run_the_open_night(shop, drop):
    drop()
    assert poll(shop, RUN, None)["night"] == "2026-11-24"


def test_a_file_somebody_still_writes_to_is_none_yet(shop, drop):
    patient = replace(shop, settle_seconds=30)
    drop(seconds_old=5)
    assert not pending_work(patient)
    drop(seconds_old=31)
    assert pending_work(patient)


def test_the_same_news_is_the_same_reason_and_a_changed_file_is_another(shop, drop, publish):
    drop()
    first = reason(shop)
    assert reason(shop) == first
    drop("more")
    assert reason(shop) not in (None, first)


def test_the_same_news_on_another_version_is_another_reason(shop, drop, publish):
    """A load withdrawn, restored and withdrawn again is a change every time."""
    drop()
    before = reason(shop)
    publish("000001-2026-11-24")
    assert reason(shop) not in (None, before)


def test_a_landed_file_is_news_until_it_was_read(shop):
    land(shop.home, "youzan_moss", io.BytesIO(b"nobody knows this\n"), Sighting("x.csv", AT))
    assert len(pending_work(shop).files) == 1
    load_platform(shop, "youzan")
    assert not pending_work(shop)


def test_a_load_that_counts_is_news_until_a_version_has_it(shop, load_bytes):
    receipt = load_bytes(b"nobody knows this\n")
    assert not pending_work(shop), "nobody has admitted it"
    history.decide(shop.home, "verdict", AT, {"load_id": receipt.load_id, "verdict": "admitted"})
    assert pending_work(shop).loads == (receipt.load_id,)


def test_loads_gate_2_has_refused_are_no_news_until_something_else_counts(shop, load_bytes):
    receipt = load_bytes(b"nobody knows this\n")
    history.decide(shop.home, "verdict", AT, {"load_id": receipt.load_id, "verdict": "admitted"})
    refused = {"night": "2026-11-24", "loads": fingerprint(effective(shop))}
    history.decide(shop.home, "candidate_refused", AT, refused)
    assert not pending_work(shop)
    other = load_bytes(b"nor this\n")
    history.decide(shop.home, "verdict", AT, {"load_id": other.load_id, "verdict": "admitted"})
    assert len(pending_work(shop).loads) == 2


def test_on_hold_nothing_is_news(shop, home, drop):
    drop()
    history.decide(home, "rollback", AT, {"version": "a", "left": "b", "reason": "x", "by": "y"})
    assert poll(shop, RUN, None) is None


def test_a_server_in_trouble_hides_no_news_of_another(shop, drop, monkeypatch, capsys):
    trouble = Pulled({}, {"jd_main": Unavailable("the server does not answer")})
    monkeypatch.setattr(arrivals, "poll_servers", lambda *_: trouble)
    drop()
    assert poll(shop, RUN, None)
    assert "jd_main: the server does not answer" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("at", "night"),
    [
        (datetime(2026, 11, 25, 7, 29), date(2026, 11, 23)),
        (datetime(2026, 11, 25, 7, 30), date(2026, 11, 24)),
        (datetime(2026, 11, 25, 23, 59), date(2026, 11, 24)),
        (datetime(2026, 11, 26, 2, 0), date(2026, 11, 24)),
    ],
)
def test_a_night_is_open_until_the_next_one_is_run(shop, at, night):
    assert open_night(shop, at) == night


def test_it_is_open_until_the_hour_the_team_says(shop):
    early = replace(shop, night_at=time(6, 5))
    assert open_night(early, datetime(2026, 11, 25, 6, 4)) == date(2026, 11, 23)
    assert open_night(early, datetime(2026, 11, 25, 6, 5)) == date(2026, 11, 24)


def test_what_comes_to_the_sample_belongs_to_its_published_night(settings, home, publish):
    publish("000001-2026-09-30")
    (home.inbox / "youzan_moss").mkdir(exist_ok=True)
    (home.inbox / "youzan_moss" / "订单.csv").write_text("x")
    assert open_night(settings, AT) == date(2026, 9, 30)

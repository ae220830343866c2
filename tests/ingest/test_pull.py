"""What has arrived is landed once, and nothing that is still arriving is touched."""

import os
import threading
import time
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from followthrough.errors import ConfigError, FollowthroughError, Unavailable
from followthrough.ingest.landing import land, landed
from followthrough.ingest.pull import Pulled, poll_servers, pull_platform, waiting
from followthrough.ingest.transports import inbox as inboxes
from followthrough.ingest.transports import samples
from followthrough.sample import Sample

RUN_AT = datetime(2026, 9, 2, 2)
NIGHT = date(2026, 9, 1)
SOURCE = "shop"


@pytest.fixture
def shop(settings):
    """Settings with one source that has an inbox and no other transport."""
    source = replace(settings.source("youzan_moss"), id=SOURCE, transport="inbox")
    (settings.home.inbox / SOURCE).mkdir()
    return replace(settings, sources=(source,))


@pytest.fixture
def inbox(shop):
    return shop.home.inbox / SOURCE


def pull(settings, platform, night, run_at):
    """Pull with no connection to be had; the files by source."""
    return pull_platform(settings, platform, night, run_at, {}.__getitem__).files


def names(folder):
    return sorted(p.name for p in folder.iterdir())


def arrivals(settings, source=SOURCE):
    return {file.name: file for file in landed(settings.home, source)}


def test_dropped_files_are_landed_and_put_aside(shop, inbox):
    (inbox / "订单 (1).csv").write_bytes(b"rows")
    assert pull(shop, "youzan", NIGHT, RUN_AT) == {SOURCE: 1}
    kept = arrivals(shop)["订单 (1).csv"]
    assert kept.path.read_bytes() == b"rows"
    assert (names(inbox), names(inbox / "done")) == (["done"], [f"{kept.sha256[:8]}-订单 (1).csv"])
    assert pull(shop, "youzan", NIGHT, RUN_AT) == {SOURCE: 0}


def test_an_inbox_that_is_not_there_yet_is_made(shop, inbox):
    inbox.rmdir()
    assert pull(shop, "youzan", NIGHT, RUN_AT) == {SOURCE: 0}
    assert inbox.is_dir()


@pytest.mark.parametrize(
    "name",
    [
        ".hidden.csv",
        "~$订单.csv",
        "a.csv.part",
        "a.csv.tmp",
        "a.csv.crdownload",
        "a.csv.download",
        "a.filepart",
        "a.csv.lock",
        ".~lock.a.csv#",
    ],
)
def test_a_file_whose_name_says_it_is_unfinished_waits(shop, inbox, name):
    (inbox / name).write_bytes(b"half")
    assert waiting(shop) == []
    assert pull(shop, "youzan", NIGHT, RUN_AT) == {SOURCE: 0}
    assert names(inbox) == [name]


def test_folders_and_links_are_left_alone(shop, inbox, tmp_path):
    (inbox / "folder.csv").mkdir()
    (tmp_path / "elsewhere").write_bytes(b"not ours")
    (inbox / "link.csv").symlink_to(tmp_path / "elsewhere")
    (inbox / "broken.csv").symlink_to(tmp_path / "nowhere")
    assert pull(shop, "youzan", NIGHT, RUN_AT) == {SOURCE: 0}
    assert names(inbox) == ["broken.csv", "folder.csv", "link.csv"]


def test_a_file_still_being_written_is_left_for_the_next_run(shop, inbox):
    (inbox / "done.csv").write_bytes(b"all of it")
    growing, ended = inbox / "growing.csv", threading.Event()

    def write():
        with growing.open("ab", buffering=0) as file:
            while not ended.wait(0.01):
                file.write(b"row\n")

    writer = threading.Thread(target=write)
    writer.start()
    while not growing.exists():
        time.sleep(0.01)
    try:
        assert pull(replace(shop, settle_seconds=0.2), "youzan", NIGHT, RUN_AT) == {SOURCE: 1}
    finally:
        ended.set()
        writer.join()
    assert names(inbox) == ["done", "growing.csv"]
    assert waiting(shop) == [growing]


def test_old_files_are_not_waited_for(shop, inbox):
    (inbox / "a.csv").write_bytes(b"rows")
    os.utime(inbox / "a.csv", (time.time() - 100, time.time() - 100))
    before = time.monotonic()
    assert pull(replace(shop, settle_seconds=60), "youzan", NIGHT, RUN_AT) == {SOURCE: 1}
    assert time.monotonic() - before < 5


def test_other_bytes_under_a_known_name_lose_nothing(shop, inbox):
    for content in (b"first", b"second"):
        (inbox / "a.csv").write_bytes(content)
        pull(shop, "youzan", NIGHT, RUN_AT)
    assert len(names(inbox / "done")) == len(list(landed(shop.home, SOURCE))) == 2


def test_the_same_bytes_dropped_twice_are_landed_once(shop, inbox):
    for name in ("a.csv", "b.csv"):
        (inbox / name).write_bytes(b"same")
    assert pull(shop, "youzan", NIGHT, RUN_AT) == {SOURCE: 2}
    (kept,) = landed(shop.home, SOURCE)
    assert [s.name for s in kept.sightings] == ["a.csv", "b.csv"]


@pytest.mark.parametrize(
    ("written", "exported"),
    [
        ("2026-09-01T10:30:00+08:00", datetime(2026, 9, 1, 10, 30)),
        ("2026-09-01T16:00:00+00:00", datetime(2026, 9, 2)),
        ("2030-01-01T00:00:00+08:00", RUN_AT),
    ],
)
def test_a_file_is_as_old_as_its_own_time_and_never_from_the_future(shop, inbox, written, exported):
    (inbox / "a.csv").write_bytes(b"rows")
    moment = datetime.fromisoformat(written).timestamp()
    os.utime(inbox / "a.csv", (moment, moment))
    pull(shop, "youzan", NIGHT, RUN_AT)
    assert arrivals(shop)["a.csv"].exported_at == exported
    assert arrivals(shop)["a.csv"].sightings[0].seen_at == RUN_AT


def test_a_crash_between_landing_and_putting_aside_lands_nothing_twice(shop, inbox, monkeypatch):
    (inbox / "a.csv").write_bytes(b"rows")
    os.utime(inbox / "a.csv", (0, 0))
    with monkeypatch.context() as patch:
        patch.setattr(inboxes, "land", lambda *a: (land(*a), 1 / 0))
        with pytest.raises(ZeroDivisionError):
            pull(shop, "youzan", NIGHT, RUN_AT)
    before = arrivals(shop)
    assert pull(shop, "youzan", NIGHT, RUN_AT + timedelta(hours=1)) == {SOURCE: 1}
    assert arrivals(shop) == before


@pytest.fixture
def sampled(settings):
    return replace(settings, sample=replace(settings.sample, people=40, nights=12))


def delivered(settings, source, last):
    sample = Sample(settings.sample.seed, settings.sample.people, settings.sample.nights)
    nights = [sample.night(n) for n in range(1, settings.sample.nights + 1)]
    return sorted(
        (night.isoformat(), d.name)
        for night in nights
        if night <= last
        for d in sample.deliveries(night)
        if d.source == source
    )


def asked(settings, source):
    return sorted((s.night, s.name) for f in landed(settings.home, source) for s in f.sightings)


def test_the_sample_is_asked_for_each_night_once(sampled):
    for night in (date(2026, 9, 3), date(2026, 9, 3), date(2026, 9, 7), date(2026, 9, 5), date(2026, 12, 31)):
        before = len(asked(sampled, "youzan_moss"))
        count = pull(sampled, "youzan", night, RUN_AT)["youzan_moss"]
        assert len(asked(sampled, "youzan_moss")) - before == count
    assert asked(sampled, "youzan_moss") == delivered(sampled, "youzan_moss", date(2026, 12, 31))


def test_a_night_cut_short_is_asked_for_again(sampled, monkeypatch):
    def stop_after_one(*arguments):
        if any(landed(sampled.home, "youzan_moss")):
            raise KeyboardInterrupt
        return land(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(samples, "land", stop_after_one)
        with pytest.raises(KeyboardInterrupt):
            pull(sampled, "youzan", date(2026, 9, 6), RUN_AT)
    pull(sampled, "youzan", date(2026, 9, 6), RUN_AT)
    assert asked(sampled, "youzan_moss") == delivered(sampled, "youzan_moss", date(2026, 9, 6))


def test_the_sample_says_when_its_files_were_exported(sampled):
    pull(sampled, "youzan", NIGHT, RUN_AT)
    assert all(f.exported_at > datetime(2026, 9, 2) for f in landed(sampled.home, "youzan_moss"))


def test_a_file_that_comes_late_is_landed_with_the_night_it_came(sampled):
    sample = Sample(sampled.sample.seed, sampled.sample.people, sampled.sample.nights)
    night = min(night for feed, night in sample.late if feed.kind == "bill")
    pull(sampled, "wechat_pay", night, RUN_AT)
    before = asked(sampled, "wechat_pay_main")
    pull(sampled, "wechat_pay", night + timedelta(days=1), RUN_AT)
    came = sorted({*asked(sampled, "wechat_pay_main")} - {*before})
    assert {on for on, _ in came} == {(night + timedelta(days=1)).isoformat()}
    assert [night.isoformat() in name for _, name in came] == [True, False]


def test_the_inbox_of_a_sample_source_works_as_well(sampled):
    inbox = sampled.home.inbox / "youzan_moss"
    inbox.mkdir()
    (inbox / "mine.csv").write_bytes(b"rows")
    pull(sampled, "youzan", NIGHT, RUN_AT)
    assert "mine.csv" in arrivals(sampled, "youzan_moss")


def test_a_name_as_long_as_a_file_system_allows_is_put_aside_too(shop, inbox):
    (inbox / ("单" * 83 + ".csv")).write_bytes(b"rows")
    assert pull(shop, "youzan", NIGHT, RUN_AT) == {SOURCE: 1}
    assert names(inbox) == ["done"]
    assert names(inbox / "done")[0].endswith("单.csv")


def test_a_source_in_trouble_holds_up_neither_its_own_inbox_nor_another(shop, inbox):
    (source,) = shop.sources
    away = replace(source, id="away", transport="sftp:", connection="gone", folder="/out")
    (shop.home.inbox / "away").mkdir()
    for folder in (inbox, shop.home.inbox / "away"):
        (folder / "a.csv").write_bytes(b"rows")
    found = pull_platform(replace(shop, sources=(away, source)), "youzan", NIGHT, RUN_AT, {}.__getitem__)
    assert found.files == {"away": 1, SOURCE: 1}
    with pytest.raises(FollowthroughError, match="away: the connection 'gone' cannot be read") as told:
        found.raise_failures()
    assert "AIRFLOW_CONN_GONE" in str(told.value)


@pytest.mark.parametrize(
    ("troubles", "kind"),
    [
        ({"a": ConfigError("wrong", "mend it")}, FollowthroughError),
        ({"a": ConfigError("wrong", "mend it"), "b": Unavailable("away", "wait")}, Unavailable),
    ],
)
def test_troubles_are_told_together_and_are_tried_again_where_that_may_help(troubles, kind):
    with pytest.raises(FollowthroughError) as told:
        Pulled({}, troubles).raise_failures()
    assert type(told.value) is kind
    assert all(f"{source}: {trouble}" in str(told.value) for source, trouble in troubles.items())


def test_between_the_nights_an_interface_is_asked_once_an_hour(settings):
    source = replace(settings.source("wechat_oa_main"), transport="api:", connection="gone")
    polled = [
        poll_servers(
            replace(settings, sources=(source,)), NIGHT, datetime(2026, 9, 2, 8, minute), {}.__getitem__
        )
        for minute in range(0, 60, 3)
    ]
    assert ["wechat_oa_main" in each.failures for each in polled] == [True, *[False] * 19]

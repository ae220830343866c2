"""Landed bytes are never edited, and every arrival of them is remembered."""

import hashlib
import io
import json
from datetime import datetime
from pathlib import Path

import pytest

from followthrough.ingest import landing
from followthrough.ingest.landing import Sighting, land, landed

MONDAY, TUESDAY = datetime(2026, 9, 7, 2), datetime(2026, 9, 8, 2)


def put(home, content=b"rows", name="a.csv", seen=MONDAY, exported=None, night=None, source="shop"):
    return land(home, source, io.BytesIO(content), Sighting(name, seen, exported, night))


def test_bytes_are_kept_as_given_under_their_hash(home):
    content = bytes(range(256)) * 8192
    kept = put(home, content)
    assert kept.path.read_bytes() == content
    assert kept.path.name == kept.sha256 == hashlib.sha256(content).hexdigest()
    assert (kept.source, kept.name) == ("shop", "a.csv")
    assert {p.stat().st_mode & 0o777 for p in kept.path.parent.iterdir()} == {0o600}
    assert kept.path.parent.stat().st_mode & 0o777 == 0o700


def test_the_same_arrival_again_changes_nothing(home):
    first = put(home)
    before = {p.name: p.read_bytes() for p in first.path.parent.iterdir()}
    assert put(home, seen=TUESDAY) == first
    assert {p.name: p.read_bytes() for p in first.path.parent.iterdir()} == before


def test_other_names_and_export_times_of_the_same_bytes_are_added(home):
    put(home, name="a.csv")
    put(home, name="b.csv", seen=TUESDAY)
    put(home, name="b.csv", seen=TUESDAY, exported=MONDAY, night="2026-09-06")
    (kept,) = landed(home, "shop")
    assert [(s.name, s.exported_at) for s in kept.sightings] == [
        ("a.csv", None),
        ("b.csv", None),
        ("b.csv", MONDAY),
    ]
    assert kept.sightings[2].night == "2026-09-06"
    assert kept.name == "a.csv"


@pytest.mark.parametrize(
    ("sightings", "exported"),
    [
        ([(MONDAY, None)], MONDAY),
        ([(TUESDAY, MONDAY)], MONDAY),
        ([(TUESDAY, None), (MONDAY, None)], MONDAY),
        ([(MONDAY, TUESDAY), (TUESDAY, MONDAY)], MONDAY),
        ([(MONDAY, None), (TUESDAY, TUESDAY)], MONDAY),
    ],
)
def test_content_is_as_old_as_its_earliest_export(home, sightings, exported):
    for number, (seen, given) in enumerate(sightings):
        kept = put(home, name=f"{number}.csv", seen=seen, exported=given)
    assert kept.exported_at == exported


def test_sources_do_not_share_bytes(home):
    put(home, source="shop")
    put(home, source="till")
    assert [len(list(landed(home, source))) for source in ("shop", "till", "nobody")] == [1, 1, 0]


def test_landed_files_come_by_hash_without_sidecars_and_leftovers(home):
    kept = [put(home, content) for content in (b"1", b"2", b"3")]
    (home.landing / "shop" / ".arriving.1").write_bytes(b"half")
    assert [file.sha256 for file in landed(home, "shop")] == sorted(k.sha256 for k in kept)


def test_a_crash_before_the_bytes_appear_leaves_nothing_landed(home, monkeypatch):
    def crash(path, target):
        if path.name.startswith(".arriving"):
            raise KeyboardInterrupt
        return rename(path, target)

    rename = Path.replace
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", crash)
        with pytest.raises(KeyboardInterrupt):
            put(home)
    assert list(landed(home, "shop")) == []
    kept = put(home)
    assert list(landed(home, "shop")) == [kept]


def test_the_sidecar_is_written_before_the_bytes_appear(home, monkeypatch):
    seen = []
    keep = landing.write_atomically

    def watch(path, content, *rest):
        seen.append((path.suffix, path.with_suffix("").exists()))
        keep(path, content, *rest)

    monkeypatch.setattr(landing, "write_atomically", watch)
    kept = put(home)
    assert seen == [(".json", False)]
    sidecar = json.loads(kept.path.with_suffix(".json").read_text("utf-8"))
    assert sidecar == {
        "sightings": [{"name": "a.csv", "seen_at": "2026-09-07T02:00:00", "exported_at": None, "night": None}]
    }

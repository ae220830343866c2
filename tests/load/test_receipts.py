"""A receipt comes back as it was written, and a load is named by source, bytes, contract and reading."""

import json
import time
from dataclasses import replace

import pytest

from followthrough.index import folders, store
from followthrough.load.receipts import Receipt, load_id, receipts, unknown_version, whole_loads, write
from followthrough.platforms import exports

RECEIPT = Receipt(
    load_id="0123456789abcdef",
    source_id="shop",
    sha256="f" * 64,
    slug="youzan__orders",
    contract_version=1,
    name="订单.csv",
    key_fingerprint="1" * 16,
    reading="3" * 8,
    encoding="gb18030",
    rows=5,
    accepted=2,
    quarantined=2,
    excluded={"blank_line": 1},
    reasons={"missing": 2},
    absent=("运费",),
    covers=("2026-09-01", "2026-09-02"),
    declared={"rows": 2},
    measured={"rows": 2},
)


@pytest.mark.parametrize(
    "receipt",
    [
        RECEIPT,
        replace(
            RECEIPT, covers=None, absent=(), refused={"code": "empty", "message": "空", "remedy": "再导"}
        ),
    ],
)
def test_a_receipt_comes_back_as_it_was_written(home, receipt):
    write(home, receipt)
    assert list(receipts(home)) == [receipt]


def test_receipts_come_by_slug_and_load(home):
    for slug, name in (("b", "2"), ("a", "3"), ("b", "1")):
        write(home, replace(RECEIPT, slug=slug, load_id=name))
    assert [(r.slug, r.load_id) for r in receipts(home)] == [("a", "3"), ("b", "1"), ("b", "2")]
    assert list(receipts(type(home)(home.root / "nothing"))) == []


def test_a_receipt_from_before_a_load_said_how_it_was_read_is_another_load_s(home, settings):
    """So that its file is read again."""
    write(home, RECEIPT)
    path = home.receipt(RECEIPT.slug, RECEIPT.load_id)
    old = {name: value for name, value in json.loads(path.read_text()).items() if name != "reading"}
    path.write_text(json.dumps(old))
    assert [receipt.reading for receipt in receipts(home)] == [""]
    assert "" not in {source.reading for source in settings.sources}


def test_writing_the_same_receipt_again_changes_no_byte(home):
    write(home, RECEIPT)
    path = home.receipt(RECEIPT.slug, RECEIPT.load_id)
    before = path.read_bytes()
    write(home, replace(RECEIPT, excluded=dict(RECEIPT.excluded)))
    assert path.read_bytes() == before
    assert path.stat().st_mode & 0o777 == 0o600
    assert json.loads(before)["name"] == "订单.csv"


def test_only_complete_loads_are_whole(home):
    for name, refused in (("1", {}), ("2", {"code": "empty"}), ("3", {})):
        write(home, replace(RECEIPT, load_id=name, refused=refused))
    (home.accepted / RECEIPT.slug).mkdir()
    home.bronze(RECEIPT.slug, "1").touch()
    assert [receipt.load_id for receipt in whole_loads(home)] == ["1", "2"]
    home.bronze(RECEIPT.slug, "1").unlink()
    assert [receipt.load_id for receipt in whole_loads(home)] == ["2"]


def test_receipts_are_those_of_the_files_whatever_an_index_says(home, monkeypatch):
    monkeypatch.setattr(store, "_LAG", 0)
    for name in "123":
        write(home, replace(RECEIPT, load_id=name))
    time.sleep(0.15)
    assert len([*receipts(home)]) == 3
    folders.save(home)
    monkeypatch.setattr(folders, "_known", {})
    home.receipt(RECEIPT.slug, "1").unlink()
    write(home, replace(RECEIPT, load_id="2", rows=9))
    assert [(r.load_id, r.rows) for r in receipts(home)] == [("2", 9), ("3", RECEIPT.rows)]


def test_a_load_is_named_by_source_bytes_contract_and_reading():
    names = [
        load_id("shop", "f" * 64, "p__a", 1, "r"),
        load_id("till", "f" * 64, "p__a", 1, "r"),
        load_id("shop", "e" * 64, "p__a", 1, "r"),
        load_id("shop", "f" * 64, "p__b", 1, "r"),
        load_id("shop", "f" * 64, "p__a", 2, "r"),
        load_id("shop", "f" * 64, "p__a", 1, "s"),
    ]
    assert len(set(names)) == 6
    assert load_id("shop", "f" * 64, "p__a", 1, "r") == names[0]
    assert {len(name) for name in names} == {16}


def test_unknown_files_are_tried_again_after_any_change_of_a_contract():
    known = list(exports().values())
    now = unknown_version(known)
    assert unknown_version(reversed(known)) == now
    assert unknown_version([replace(known[0], version=known[0].version + 1), *known[1:]]) != now
    assert unknown_version(known[1:]) != now


def test_an_unknown_file_is_read_once_its_export_is_declared(settings, load_bytes, monkeypatch):
    from followthrough.load.load import load_platform

    missing = {slug: e for slug, e in settings.exports.items() if slug != "youzan__orders"}
    header = ",".join(settings.exports["youzan__orders"].header) + "\n"
    monkeypatch.setitem(settings.__dict__, "exports", missing)
    assert load_bytes(header.encode()).slug == "unknown"
    assert load_platform(settings, "youzan").files == 0
    monkeypatch.delitem(settings.__dict__, "exports")
    assert load_platform(settings, "youzan").files == 1
    assert [r.slug for r in receipts(settings.home)] == ["unknown", "youzan__orders"]

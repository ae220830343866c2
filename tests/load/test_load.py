"""A landed file becomes typed rows, refused rows and a receipt that accounts for every one of them."""

import csv
import io
import json
import re
import shutil
import stat
from dataclasses import replace
from datetime import datetime

import duckdb
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from followthrough.errors import ConfigError
from followthrough.ingest.landing import Sighting, land
from followthrough.load import load as loading
from followthrough.load.load import load_platform
from followthrough.load.receipts import receipts
from followthrough.paths import Home
from followthrough.platforms import export
from followthrough.settings import from_environment
from followthrough.versions.effective_loads import current_receipts
from tests.builders.youzan_refunds import REFUND, refunds

HEADER = export("youzan__orders").header
PHONE, NAME, STREET = "13912345678", "欧阳测试", "测试大道88号3单元"
ORDER = {
    "订单号": "E1",
    "订单状态": "交易完成",
    "订单创建时间": "2026-09-01 09:00:00",
    "归属店铺": "苔原",
    "买家付款时间": "2026-09-01 09:01:00",
    "订单实付金额": "12.30",
    "订单已退款金额": "0.00",
    "买家手机号": PHONE,
    "收货人/提货人": NAME,
    "详细收货地址/提货地址": STREET,
    "收货人手机号/提货人手机号": PHONE,
    "买家备注": f"找{NAME},{PHONE}",
}


def orders(*changes, header=HEADER, encoding="utf-8"):
    """An order export with a row per set of changed cells; a text stands for a line of its own."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    for change in changes:
        if isinstance(change, str):
            out.write(change + "\n")
        else:
            row = {**ORDER, **change}
            writer.writerow([row.get(name, "") for name in header])
    return out.getvalue().encode(encoding)


def parquet(path):
    return duckdb.sql(f"FROM read_parquet('{path}')").fetchall()


def accepted(settings, receipt, columns="*"):
    path = settings.home.bronze(receipt.slug, receipt.load_id)
    return duckdb.sql(f"SELECT {columns} FROM read_parquet('{path}')").fetchall()


def quarantined(settings, receipt):
    path = settings.home.quarantine(receipt.slug, receipt.load_id)
    return duckdb.sql(f"""SELECT line, reason, "column" FROM read_parquet('{path}')""").fetchall()


def test_rows_are_accepted_refused_or_excluded_and_the_receipt_says_which(settings, load_bytes):
    receipt = load_bytes(
        orders(
            {},
            {"订单号": "E2", "订单实付金额": "12x.00"},
            "",
            {"订单号": "合计"},
            "E3,short",
            {"订单号": "", "订单状态": "飞了", "订单创建时间": "gestern"},
        )
    )
    assert (receipt.rows, receipt.accepted, receipt.quarantined) == (6, 1, 3)
    assert receipt.excluded == {"blank_line": 1, "summary_row": 1}
    assert receipt.reasons == {
        "missing": 1,
        "not_a_money": 1,
        "not_a_timestamp": 1,
        "too_few_cells": 1,
        "unknown_word": 1,
    }
    assert accepted(settings, receipt, "row_number, order_id, paid_fen") == [(1, "E1", 1230)]
    assert quarantined(settings, receipt) == [
        (3, "not_a_money", "paid_fen"),
        (6, "too_few_cells", None),
        (7, "not_a_timestamp", "created_at"),
        (7, "missing", "order_id"),
        (7, "unknown_word", "status"),
    ]


def test_a_receipt_names_file_contract_and_days_covered(load_bytes):
    later = {"订单号": "E2", "订单创建时间": "2026-09-03 00:00:00"}
    receipt = load_bytes(orders(later, {}, encoding="gb18030"), name="订单.csv")
    assert (receipt.source_id, receipt.slug, receipt.contract_version, receipt.name, receipt.encoding) == (
        "youzan_moss",
        "youzan__orders",
        export("youzan__orders").version,
        "订单.csv",
        "gb18030",
    )
    assert receipt.covers == ("2026-09-01", "2026-09-03")
    assert (receipt.absent, receipt.refused) == ((), {})


def test_optional_columns_a_file_lacks_are_named_and_null(settings, load_bytes):
    header = tuple(name for name in HEADER if name not in ("运费", "买家手机号"))
    receipt = load_bytes(orders({}, header=header))
    assert receipt.absent == ("freight_fen", "phone_hmac")
    assert accepted(settings, receipt, "freight_fen, phone_hmac") == [(None, None)]


def test_a_file_without_rows_is_loaded_all_the_same(settings, load_bytes):
    receipt = load_bytes(orders())
    assert (receipt.rows, receipt.accepted, receipt.covers, receipt.refused) == (0, 0, None, {})
    assert accepted(settings, receipt) == []


BILL = export("wechat_pay__bill").header
PAID = {
    "交易时间": "2026-09-01 09:01:00",
    "微信订单号": "42",
    "交易状态": "SUCCESS",
    "公众账号ID": "wx1",
    "应结订单金额": "12.30",
    "退款金额": "0.00",
    "微信退款单号": "0",
}


def test_declared_totals_stand_beside_our_own(load_bytes):
    row = ",".join("`" + PAID.get(name, "") for name in BILL)
    footer = "总交易单数,应结订单总金额,退款总金额\n`3,`24.60,`0.00"
    receipt = load_bytes(f"{','.join(BILL)}\n{row}\n{row}\n{footer}\n".encode(), "wechat_pay_main")
    assert receipt.declared == {"rows": 3, "settled_fen": 2460, "refunded_fen": 0}
    assert receipt.measured == {"rows": 2, "settled_fen": 2460, "refunded_fen": 0}
    assert (receipt.rows, receipt.accepted, receipt.excluded) == (4, 2, {"footer": 2})


@pytest.mark.parametrize(
    ("content", "source", "slug", "code", "message"),
    [
        (b"", "youzan_moss", "unknown", "empty", "the file is empty"),
        (b"PK\x03\x04...", "youzan_moss", "unknown", "broken_archive", "the archive cannot be opened"),
        (b"\xff\xff", "youzan_moss", "unknown", "undecodable", "neither UTF-8 nor GB18030"),
        (b"a\0b", "youzan_moss", "unknown", "nul_bytes", "NUL byte"),
        (b"a,b\n1,2\n", "youzan_moss", "unknown", "unknown_file", "no declared export looks like this file"),
        (b'{"a": ', "youzan_moss", "unknown", "broken_json", "no valid JSON"),
        (orders({}), "wecom_main", "youzan__orders", "wrong_source",
         "this is 有赞 订单导出 (youzan__orders), but wecom_main is a source of wecom"),
        (orders({}, header=[n for n in HEADER if n != "订单状态"]), "youzan_moss", "youzan__orders",
         "missing_column", "the file lacks: 订单状态"),
        (f"{','.join(BILL)}\n".encode(), "wechat_pay_main", "wechat_pay__bill",
         "footer_missing", "总交易单数"),
        (refunds({"data": REFUND}, {"success": False}), "youzan_moss", "youzan__refunds", "error_answer",
         "1 of its answers are errors"),
        (refunds({"data": REFUND}) * 80 + b'{"data"', "youzan_moss", "youzan__refunds", "unreadable_rows",
         "the rows cannot be read"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_taken_in_is_refused_with_a_remedy(
    settings, load_bytes, content, source, slug, code, message
):
    receipt = load_bytes(content, source)
    assert (receipt.slug, receipt.refused["code"], receipt.accepted) == (slug, code, 0)
    assert message in receipt.refused["message"]
    assert len(receipt.refused["remedy"]) > 10
    assert not settings.home.bronze(slug, receipt.load_id).exists()


def test_a_refused_file_harms_no_other(settings, load_bytes):
    load_bytes(b"nonsense")
    assert load_bytes(orders({})).accepted == 1
    assert [bool(r.refused) for r in receipts(settings.home)] == [True, False]


def test_a_number_out_of_any_range_refuses_its_row_only(load_bytes):
    wrong = ["9" * digits for digits in range(13, 25)]
    receipt = load_bytes(orders({}, *({"订单实付金额": text} for text in wrong), {"运费": "-1"}))
    assert (receipt.accepted, receipt.reasons) == (2, {"not_a_money": 11, "below_minimum": 1})


CELLS = st.sampled_from(["", "1.00", "x", "-3", "合计", "交易完成", "2026-09-01 09:00:00", "a\n\nb", ',"'])
LINES = st.one_of(
    st.dictionaries(st.sampled_from(["订单号", "订单状态", "订单实付金额", "买家备注", "运费"]), CELLS),
    st.sampled_from(["", "E1,short", '"' + '","' * len(HEADER) + '"']),
)


@given(st.lists(LINES, max_size=8), st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]))
@hypothesis_settings(max_examples=25, deadline=None)
def test_every_row_is_accounted_for(tmp_path_factory, lines, encoding):
    home = Home(tmp_path_factory.mktemp("home")).create()
    settings = from_environment({"FOLLOWTHROUGH_HOME": str(home.root), "FOLLOWTHROUGH_SETTLE_SECONDS": "0"})
    content = io.BytesIO(orders(*lines, encoding=encoding))
    land(home, "youzan_moss", content, Sighting("a.csv", datetime(2026, 9, 2)))
    load_platform(settings, "youzan")
    (found,) = receipts(home)
    assert not found.refused
    assert found.rows == len(lines) == found.accepted + found.quarantined + sum(found.excluded.values())
    assert len(accepted(settings, found)) == found.accepted
    refused = {line for line, *_ in quarantined(settings, found)} if found.quarantined else set()
    assert len(refused) == found.quarantined


MIXED = orders(
    {}, {"订单号": "E2", "订单状态": "飞了"}, "E3,short", *({"订单号": f"E{n}"} for n in range(4, 400))
)


def files_of(home):
    zones = [home.root / name for name in ("bronze", "quarantine", "loads")]
    return {str(p.relative_to(home.root)): p for zone in zones for p in zone.rglob("*") if p.is_file()}


def content_of(home):
    return {
        name: parquet(path) if path.suffix == ".parquet" else path.read_text("utf-8")
        for name, path in files_of(home).items()
    }


def test_the_same_load_again_gives_the_same_rows_in_the_same_order(settings, load_bytes):
    load_bytes(MIXED)
    first = content_of(settings.home)
    for zone in ("bronze", "quarantine", "loads"):
        shutil.rmtree(settings.home.root / zone)
    settings.home.create()
    load_platform(settings, "youzan")
    assert content_of(settings.home) == first
    assert len(first) == 3


def test_a_loaded_file_is_not_read_again(settings, load_bytes):
    load_bytes(MIXED)
    before = {name: p.stat().st_mtime_ns for name, p in files_of(settings.home).items()}
    assert load_platform(settings, "youzan").files == 0
    assert {name: p.stat().st_mtime_ns for name, p in files_of(settings.home).items()} == before


def test_one_sources_file_is_another_load_for_another_source(settings, load_bytes):
    moss, pine = load_bytes(orders({})), load_bytes(orders({}), "youzan_pine")
    assert moss.load_id != pine.load_id
    assert accepted(settings, moss, "order_id") == accepted(settings, pine, "order_id")


def test_the_receipt_is_the_last_thing_a_load_writes(settings, load_bytes, monkeypatch):
    seen = []

    def watch(home, receipt):
        seen.extend(sorted(files_of(home)))
        keep(home, receipt)

    keep = loading.write
    monkeypatch.setattr(loading, "write", watch)
    receipt = load_bytes(MIXED)
    where = f"youzan__orders/{receipt.load_id}"
    assert seen == [f"bronze/{where}.parquet", f"quarantine/{where}.parquet"]


def test_a_load_that_was_interrupted_before_its_receipt_is_done_again(settings, load_bytes, monkeypatch):
    def crash(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(loading, "write", crash)
        with pytest.raises(KeyboardInterrupt):
            load_bytes(MIXED)
    assert list(receipts(settings.home)) == []
    half = next(iter(p for name, p in files_of(settings.home).items() if name.startswith("bronze")))
    half.write_bytes(b"half a file")
    receipt = load_bytes(MIXED)
    assert len(accepted(settings, receipt)) == receipt.accepted == 397
    assert list(settings.home.root.glob(".loading.*")) == []


def test_no_personal_value_passes_the_landing(settings, load_bytes):
    load_bytes(
        orders(
            {},
            {"订单状态": "飞了"},
            {"订单号": "", "买家手机号": f"{PHONE}x"},
            f"E9,{PHONE},{NAME}",
            {"订单状态": NAME, "订单实付金额": PHONE, "订单创建时间": STREET},
        )
    )
    load_bytes(f"nonsense {PHONE} {NAME}".encode())
    planted = [text.encode() for text in (PHONE, NAME, STREET)]
    for name, path in files_of(settings.home).items():
        shown = repr(parquet(path)).encode() if path.suffix == ".parquet" else path.read_bytes()
        assert not [text for text in planted if text in shown or text in path.read_bytes()], name
    assert len(files_of(settings.home)) == 4


def test_a_phone_is_the_same_person_in_every_source(settings, load_bytes):
    order = load_bytes(orders({"买家手机号": f"+86 {PHONE}"}))
    entry = {
        "external_contact": {"external_userid": "w1"},
        "follow_info": {"userid": "staff", "createtime": 1788192000, "remark_mobiles": [PHONE]},
    }
    contact = load_bytes(json.dumps({"errcode": 0, "external_contact_list": [entry]}).encode(), "wecom_main")
    assert accepted(settings, order, "phone_hmac") == accepted(settings, contact, "phone_hmac")
    assert re.fullmatch("[0-9a-f]{32}", accepted(settings, order, "phone_hmac")[0][0])


def test_files_are_read_again_when_another_is_said_to_have_issued_their_ids(settings, load_bytes):
    said = settings.source("wecom_main")
    entry = {
        "external_contact": {"external_userid": "w1"},
        "follow_info": {"userid": "staff", "createtime": 1788192000},
    }
    before = load_bytes(json.dumps({"errcode": 0, "external_contact_list": [entry]}).encode(), said.id)
    other = replace(said, issuers=dict.fromkeys(said.issuers, "another corporation"))
    mended = replace(settings, sources=(other,))
    assert (load_platform(mended, "wecom").files, load_platform(mended, "wecom").files) == (1, 0)
    (after,) = current_receipts(mended)
    assert after.load_id != before.load_id
    (now,), (then,) = (accepted(settings, r, "external_userid_hmac") for r in (after, before))
    assert now != then
    assert [*current_receipts(settings)] == [before]


def test_what_a_load_writes_is_for_its_owner_only(settings, load_bytes):
    load_bytes(MIXED)
    modes = {name: stat.S_IMODE(p.stat().st_mode) for name, p in files_of(settings.home).items()}
    assert set(modes.values()) == {0o600}
    for zone in ("landing", "keys", "bronze", "quarantine", "loads"):
        assert stat.S_IMODE((settings.home.root / zone).stat().st_mode) == 0o700, zone


def test_a_load_without_its_key_does_nothing(settings, load_bytes):
    settings.home.key.write_bytes(b"short")
    with pytest.raises(ConfigError, match="is not a 32-byte key"):
        load_bytes(orders({}))
    assert files_of(settings.home) == {}


def test_the_step_says_what_it_did(settings, load_bytes):
    load_bytes(MIXED)
    shutil.rmtree(settings.home.root / "loads")
    settings.home.create()
    done = load_platform(settings, "youzan")
    assert (done.files, done.rows, done.accepted, done.quarantined, done.excluded, done.refused) == (
        1,
        399,
        397,
        2,
        0,
        0,
    )


def test_a_fault_with_one_file_leaves_the_others_read(settings, monkeypatch):
    for number in (1, 2):
        content = io.BytesIO(orders({"订单号": f"E{number}"}))
        land(settings.home, "youzan_moss", content, Sighting(f"{number}.csv", datetime(2026, 9, 2)))
    real = loading.validate_rows

    def fail_once(*arguments):
        monkeypatch.setattr(loading, "validate_rows", real)
        raise MemoryError("no room")

    monkeypatch.setattr(loading, "validate_rows", fail_once)
    with pytest.raises(ExceptionGroup, match="the others were"):
        load_platform(settings, "youzan")
    assert len(list(receipts(settings.home))) == 1
    assert load_platform(settings, "youzan").files == 1


def test_another_key_is_refused_before_anything_is_hashed_with_it(settings, load_bytes):
    load_bytes(orders({}))
    (settings.home.root / "keys" / "hmac").write_bytes(b"x" * 32)
    with pytest.raises(ConfigError, match="not the one this home was made with"):
        load_platform(settings, "youzan")


def test_a_load_whose_rows_were_deleted_is_read_again(settings, load_bytes):
    receipt = load_bytes(orders({}))
    settings.home.bronze(receipt.slug, receipt.load_id).unlink()
    assert load_platform(settings, "youzan").files == 1
    assert settings.home.bronze(receipt.slug, receipt.load_id).exists()


def test_an_answer_without_records_is_counted_and_named(load_bytes):
    receipt = load_bytes(refunds({"success": True, "code": 200, "data": REFUND}, {"success": True}))
    assert (receipt.rows, receipt.accepted, receipt.excluded) == (2, 1, {"no_record": 1})

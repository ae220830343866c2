"""What arrived, what is missing and where rows were refused, as readers find it."""

from dataclasses import replace
from datetime import date, datetime

import duckdb
import pytest

from followthrough.load.receipts import Receipt
from followthrough.paths import Home
from followthrough.publish import trust
from followthrough.versions import history
from followthrough.versions.coverage import coverage
from followthrough.versions.effective_loads import effective

NIGHT, LATER = date(2026, 9, 1), datetime(2026, 9, 2, 12)
ADMITTED = {"verdict": "admitted", "night": "2026-09-01"}


@pytest.fixture
def admitted(settings, load_bytes):
    """Load and admit an order export of two rows, one of them refused."""
    header = "订单号,归属店铺,订单状态,订单创建时间,买家付款时间,订单实付金额,订单已退款金额\n"
    paid = "E1,店,交易完成,2026-09-01 10:00:00,2026-09-01 10:00:00,1.00,\n"
    rows = paid + "E2,店,未知,2026-09-01 10:00:00,,1.00,\n"

    def admitted(source: str = "youzan_moss") -> Receipt:
        receipt = load_bytes((header + rows).encode(), source=source)
        at = datetime(2026, 9, 2, 9)
        history.decide(settings.home, "verdict", at, ADMITTED | {"load_id": receipt.load_id})
        return receipt

    return admitted


def test_freshness_says_of_every_export_what_it_carries_and_whom_to_ask(settings, admitted):
    admitted()
    covered = coverage(settings, [load.receipt for load in effective(settings)], (), NIGHT, LATER)
    rows = [dict(zip(trust.COLUMNS["freshness"], row, strict=True)) for row in trust._freshness(covered)]
    (orders,) = [r for r in rows if (r["source_id"], r["slug"]) == ("youzan_moss", "youzan__orders")]
    assert (orders["covered_through"], orders["state"]) == (NIGHT, "fresh")
    assert "orders" in orders["carries"].split(", ")
    assert orders["owner"]
    assert {(s.id, e.slug) for s in settings.sources for e in settings.platforms[s.platform].exports} == {
        (r["source_id"], r["slug"]) for r in rows
    }


def test_a_load_accepted_by_hand_is_listed_with_whose_word_it_is(settings, admitted):
    receipt = admitted()
    words = {"waived": ["too few"], "waived_zh": ["太少。"], "reason": "双11次日"}
    waiver = {"load_id": receipt.load_id, "by": "王", **words}
    at = datetime(2026, 9, 2, 10)
    history.decide(settings.home, "waiver", at, waiver, waiver | {"load_id": "withdrawn since"})
    assert trust._waivers(settings, [receipt]) == [
        (receipt.load_id, "youzan_moss", "export.csv", "too few", "太少。", "双11次日", "王", at)
    ]


def test_refused_rows_are_listed_by_line_and_reason_without_their_content(settings, admitted):
    receipt = admitted()
    with duckdb.connect() as connection:
        (row,) = trust._quarantine(connection, settings, [receipt])
    assert row == (
        "youzan__orders",
        "youzan_moss",
        receipt.load_id,
        "export.csv",
        3,
        "unknown_word",
        "status",
    )


def test_quarantine_is_found_in_a_home_whose_path_has_a_quote(settings, admitted, tmp_path):
    receipt = admitted()
    elsewhere = settings.home.root.rename(tmp_path / "it's ours")
    moved = replace(settings, home=Home(elsewhere))
    with duckdb.connect() as connection:
        assert len(trust._quarantine(connection, moved, [receipt])) == 1


def test_every_load_is_listed_with_its_verdict_and_balance(settings, admitted):
    receipt = admitted()
    refused = replace(receipt, load_id="l2")
    refusal = {"load_id": "l2", "verdict": "refused", "night": "2026-09-01", "why": ["too few"]}
    history.decide(settings.home, "verdict", datetime(2026, 9, 2, 9), refusal)
    rows = trust._loads(settings, [receipt, refused], {receipt.load_id: "2026-09-01"})
    names = list(trust.COLUMNS["loads"])
    first, second = (dict(zip(names, row, strict=True)) for row in rows)
    assert (first["verdict"], first["known_night"], first["is_backfill"]) == ("admitted", NIGHT, True)
    assert first["rows"] == first["accepted"] + first["quarantined"] + first["excluded"] == 2
    assert (second["verdict"], second["known_night"], second["refused_because"]) == (
        "refused",
        None,
        "too few",
    )


def test_declared_totals_that_differ_are_listed_in_their_unit(settings):
    receipt = Receipt("l1", "wechat_pay_main", "0", "wechat_pay__bill", 1, "账单.csv", "k", "r")
    declared, measured = {"settled_fen": 900, "rows": 3, "refunded_fen": 5}, {"settled_fen": 800, "rows": 2}
    measured |= {"refunded_fen": 5}
    covers = ("2026-09-01", "2026-09-01")
    receipt = replace(receipt, declared=declared, measured=measured, covers=covers)
    assert trust.declared_differences(settings, [receipt]) == [
        ("declared_rows_differs", "wechat_pay_main", None, NIGHT, "账单.csv", None, None, 3, 2),
        ("declared_settled_fen_differs", "wechat_pay_main", None, NIGHT, "账单.csv", 900, 800, None, None),
    ]

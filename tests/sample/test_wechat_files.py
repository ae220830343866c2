"""Contacts, followers and bills, byte by byte."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from followthrough.platforms import export
from followthrough.sample.unix_time import unix_seconds


@pytest.fixture(scope="module")
def bills(delivered):
    return [d for d in delivered if d.source == "wechat_pay_main"]


def test_unix_seconds_are_of_shanghai():
    seconds = unix_seconds(datetime(2026, 9, 1, 0, 30))
    assert datetime.fromtimestamp(seconds, UTC) == datetime(2026, 8, 31, 16, 30, tzinfo=UTC)


def read_bill(delivery):
    lines = delivery.body.decode().split("\r\n")
    rows = [line.removeprefix("`").split(",`") for line in lines[1:-3]]
    return lines, [dict(zip(lines[0].split(","), row, strict=True)) for row in rows]


def test_a_bill_has_header_ticked_rows_and_two_lines_of_totals(bills):
    for d in bills:
        lines, rows = read_bill(d)
        assert tuple(lines[0].split(",")) == export("wechat_pay__bill").header
        assert all(line.startswith("`") and '"' not in line[:40] for line in lines[1:-3])
        assert lines[-3] == (
            "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
        )
        assert lines[-1] == ""
        assert len(lines[-2].split(",`")) == 7
        assert int(lines[-2].removeprefix("`").split(",`")[0]) == len(rows)


def test_the_totals_of_a_bill_are_right(bills):
    columns = ("应结订单金额", "退款金额", "充值券退款金额", "手续费", "订单金额", "申请退款金额")
    for d in bills:
        lines, rows = read_bill(d)
        declared = [Decimal(cell) for cell in lines[-2].removeprefix("`").split(",`")[1:]]
        assert declared == [sum((Decimal(row[c]) for row in rows), Decimal()) for c in columns]


def test_a_bill_holds_the_days_payments_and_refunds_of_both_shops(bills):
    rows = [(d, row) for d in bills for row in read_bill(d)[1]]
    assert {row["交易状态"] for _, row in rows} == {"SUCCESS", "REFUND"}
    assert all(row["交易时间"][:10] == f"{d.night}" for d, row in rows)
    assert all(Decimal(row["退款金额"]) > 0 for _, row in rows if row["交易状态"] == "REFUND")
    assert any("," in row["商品名称"] for _, row in rows)


def test_bill_and_orders_name_the_same_payment(sample, bills, delivered, read_orders):
    paid = {
        row["订单号"]: row
        for d in delivered
        if d.name.startswith("订单列表_")
        for row in read_orders(d)
        if row["买家付款时间"]
    }
    payments = [r for d in bills[:-3] for r in read_bill(d)[1] if r["交易状态"] == "SUCCESS"]
    assert len(payments) > 100
    for payment in payments:
        row = paid[payment["商户订单号"]]
        assert row["支付流水号"] == payment["微信订单号"]
        assert row["订单实付金额"] == payment["应结订单金额"]
        assert row["付款方式"] == "微信支付"


def test_payers_are_the_followers_of_the_account(sample, bills, delivered, read_documents):
    openids = {row["用户标识"] for d in bills for row in read_bill(d)[1]}
    followers = {
        openid
        for d in delivered
        if d.name.startswith("followers_")
        for openid in read_documents(d)[0]["data"]["openid"]
    }
    assert len(openids & followers) > 10
    assert openids - followers


def test_contacts_come_by_fifty_with_a_cursor_to_the_next(delivered, read_documents):
    for d in (d for d in delivered if d.source == "wecom_main"):
        pages = read_documents(d)
        sizes = [len(page["external_contact_list"]) for page in pages]
        assert all(size == 50 for size in sizes[:-1])
        assert all(page["next_cursor"] for page in pages[:-1])
        assert pages[-1]["next_cursor"] == ""


def contacts_of(delivery):
    pages = map(json.loads, delivery.body.decode().splitlines())
    return [each for page in pages for each in page["external_contact_list"]]


def test_contacts_are_shown_as_documented(sample):
    contacts = contacts_of(sample.deliveries(sample.night(120))[0])
    people = [each["external_contact"] for each in contacts]
    follow = [each["follow_info"] for each in contacts]
    ids = [person["external_userid"] for person in people]
    assert all(i.startswith("wm") and len(i) == 32 for i in ids)
    assert len(set(ids)) < len(ids), "nobody was added by two colleagues"
    assert 0.02 < sum("unionid" not in person for person in people) / len(people) < 0.2
    assert any(each["remark_mobiles"] for each in follow)
    assert {each["state"] for each in follow} == {
        "inquiry_live", "inquiry_article", "welfare_qr", "package_card", "",
    }  # fmt: skip


def test_snapshots_are_complete_and_some_contacts_disappear(sample):
    first = contacts_of(sample.deliveries(sample.night(1))[0])
    last = contacts_of(sample.deliveries(sample.night(120))[0])
    gone = {e["external_contact"]["external_userid"] for e in first} - {
        e["external_contact"]["external_userid"] for e in last
    }
    assert 0 < len(gone) < len(first) / 5


def followers_at(sample, index):
    found = [d for d in sample.deliveries(sample.night(index)) if d.source == "wechat_oa_main"]
    documents = [json.loads(line) for line in found[0].body.decode().splitlines()]
    infos = [info for each in documents[1:] for info in each["user_info_list"]]
    return documents, infos, found[0].exported_at


def test_the_follower_list_agrees_with_its_details(sample):
    for index in (1, 40, 120):
        documents, infos, exported_at = followers_at(sample, index)
        assert documents[0]["total"] == documents[0]["count"] == len(infos)
        assert documents[0]["data"]["openid"] == [info["openid"] for info in infos]
        assert all(len(each["user_info_list"]) <= 100 for each in documents[1:])
        assert all(info["subscribe"] == 1 and len(info["openid"]) == 28 for info in infos)
        assert max(info["subscribe_time"] for info in infos) <= unix_seconds(exported_at)


def test_some_followers_leave_and_some_come_back(sample):
    seen, gone = {}, set()
    came_back = set()
    for index in range(1, 121):
        now = {info["openid"]: info["subscribe_time"] for info in followers_at(sample, index)[1]}
        came_back |= {openid for openid in gone & now.keys() if now[openid] > seen[openid]}
        gone = (gone | seen.keys()) - now.keys()
        seen |= now
    assert gone
    assert came_back


def test_bills_start_with_the_first_night(sample):
    first = sample.night(1)
    bill = next(d for d in sample.deliveries(first) if d.source == "wechat_pay_main")
    assert bill.name == "1900000109All2026-09-01.csv"
    assert bill.exported_at.date() == first + timedelta(days=1)

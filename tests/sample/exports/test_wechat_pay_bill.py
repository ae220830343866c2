"""Bills of WeChat Pay, byte by byte."""

from datetime import timedelta
from decimal import Decimal

import pytest

from followthrough.platforms import export


@pytest.fixture(scope="module")
def bills(delivered):
    return [d for d in delivered if d.source == "wechat_pay_main"]


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


def test_bills_start_with_the_first_night(sample):
    first = sample.night(1)
    bill = next(d for d in sample.deliveries(first) if d.source == "wechat_pay_main")
    assert bill.name == "1900000109All2026-09-01.csv"
    assert bill.exported_at.date() == first + timedelta(days=1)

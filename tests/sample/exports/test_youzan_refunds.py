"""Refund answers of the two shops, byte by byte."""

from collections import defaultdict


def refunds_of(deliveries):
    return [d for d in deliveries if d.name.startswith("refunds_")]


def test_a_refund_answer_has_the_documented_shape(delivered, read_documents):
    answers = [each for d in refunds_of(delivered) for each in read_documents(d)]
    assert {tuple(each) for each in answers} == {("success", "code", "message", "data")}
    assert {tuple(each["data"]) for each in answers} == {
        (
            "refund_id",
            "status",
            "tid",
            "oid",
            "refund_fee",
            "version",
            "refund_type",
            "demand",
            "return_goods",
            "reason",
            "refund_success_time",
            "refund_account_time",
            "created",
            "modified",
            "refund_fund_list",
        )
    }


def test_refunds_changed_within_the_nights_day(delivered, read_documents):
    for d in refunds_of(delivered):
        changed = [each["data"]["modified"][:10] for each in read_documents(d)]
        assert changed
        assert set(changed) == {f"{d.night}"}


def test_all_kinds_of_refunds_are_met(sample, read_documents):
    nights = [sample.night(index) for index in range(1, 121)]
    data = [
        each["data"]
        for night in nights
        for d in refunds_of(sample.deliveries(night))
        for each in read_documents(d)
    ]
    states = defaultdict(list)
    for each in data:
        lines = {line["status"] for line in each["refund_fund_list"]}
        states[each["refund_id"]].append((each["status"], frozenset(lines)))
        if each["demand"] == 3 or each["status"] != "SUCCESS":
            assert each["refund_fund_list"] == []
    assert any(each["demand"] == 3 and each["status"] == "SUCCESS" for each in data)
    assert any(each["status"] == "CLOSED" for each in data)
    assert any(each["demand"] == 2 for each in data)
    in_process, failed_once = ("SUCCESS", frozenset({0})), ("SUCCESS", frozenset({1, 2}))
    assert any(in_process in seen and failed_once in seen for seen in states.values())
    assert any(len(each["refund_fund_list"]) == 2 for each in data)


def test_money_shows_first_in_the_row_or_first_in_the_answer(sample, read_orders, read_documents):
    row_night, answer_night = {}, {}
    for index in range(1, 121):
        for d in sample.deliveries(sample.night(index)):
            if d.name.startswith("订单列表_"):
                for row in read_orders(d):
                    if row["订单已退款金额"] != "0.00":
                        row_night.setdefault(row["订单号"], index)
            elif d.name.startswith("refunds_"):
                for each in read_documents(d):
                    if any(line["status"] == 2 for line in each["data"]["refund_fund_list"]):
                        answer_night.setdefault(each["data"]["tid"], index)
    both = row_night.keys() & answer_night.keys()
    assert sum(row_night[order] < answer_night[order] for order in both) >= 3
    assert sum(row_night[order] > answer_night[order] for order in both) >= 3
    assert answer_night.keys() - row_night.keys()

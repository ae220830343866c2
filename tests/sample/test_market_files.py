"""Orders of shops that name a buyer by nickname or not at all, as the files show them."""

import csv
import io
import json
from collections import Counter, defaultdict
from datetime import datetime
from zipfile import ZipFile

import openpyxl
import pytest

from followthrough.sample.world import DOUDIAN, JD, TAOBAO


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def taobao_rows(delivery):
    with ZipFile(io.BytesIO(delivery.body)) as archive:
        (member,) = archive.infolist()
        return rows_of(archive.read(member).decode("gbk"))


@pytest.fixture(scope="module")
def of_source(delivered):
    return lambda source, end: [d for d in delivered if d.source == source and d.name.endswith(end)]


def test_a_taobao_list_is_gbk_in_a_zip_with_a_gbk_name_and_its_own_time(of_source):
    for d in of_source(TAOBAO, ".zip"):
        with ZipFile(io.BytesIO(d.body)) as archive:
            (member,) = archive.infolist()
        assert member.filename.encode("cp437").decode("gbk") == f"订单列表{d.night:%Y%m%d}.csv"
        assert abs((datetime(*member.date_time) - d.exported_at).total_seconds()) < 2
        assert all(row["订单编号"].startswith('="') for row in taobao_rows(d))


def test_a_taobao_order_tells_of_refunds_and_rarely_hides_its_buyer(of_source):
    rows = [row for d in of_source(TAOBAO, ".zip") for row in taobao_rows(d)]
    assert {row["订单状态 "] for row in rows} >= {"交易成功", "交易关闭", "等待买家付款"}
    assert any(row["退款金额"] != "0.00" for row in rows)
    assert 0 < sum("**" in row["买家会员名"] for row in rows) < len(rows) / 10


def test_the_platform_rates_in_the_place_of_those_who_do_not(of_source):
    rates = [
        rate
        for d in of_source(TAOBAO, ".json")
        for line in d.body.decode().splitlines()
        for rate in json.loads(line)["traderates_get_response"]["trade_rates"]["trade_rate"]
    ]
    by_default = [rate for rate in rates if "系统默认" in rate["content"]]
    assert {rate["result"] for rate in by_default} == {"good"}
    assert {rate["result"] for rate in rates} == {"good", "neutral", "bad"}
    assert len(by_default) < len(rates)


def test_a_jd_order_repeats_its_amounts_in_each_of_its_rows(of_source):
    most_rows = 0
    for d in of_source(JD, ".csv"):
        amounts = defaultdict(list)
        for row in rows_of(d.body.decode("gbk")):
            amounts[row["订单号"]].append((row["结算金额"], row["运费金额"], row["订单状态"]))
        assert all(len({*each}) == 1 for each in amounts.values())
        most_rows = max(most_rows, *map(len, amounts.values()))
    assert most_rows == 2


def test_jd_files_are_made_on_workdays_and_one_made_on_monday_holds_the_weekend(of_source):
    assert {d.exported_at.isoweekday() for d in of_source(JD, ".csv")} == {1, 2, 3, 4, 5}
    mondays = [d for d in of_source(JD, ".csv") if d.exported_at.isoweekday() == 1]
    days = Counter(
        datetime.fromisoformat(row["下单时间"]).isoweekday()
        for d in mondays
        for row in rows_of(d.body.decode("gbk"))
    )
    assert {5, 6, 7} <= {*days}


def test_a_douyin_order_names_nobody_and_a_gift_is_a_line_of_nothing(of_source):
    rows = [row for d in of_source(DOUDIAN, "订单.csv") for row in rows_of(d.body.decode("utf-8-sig"))]
    assert all(row["收件人"].startswith("\t##") and row["收件人手机号"].startswith("\t$$") for row in rows)
    assert len({row["子订单编号"] for row in rows}) > len({row["主订单编号"] for row in rows})
    assert any(row["订单应付金额"] == "0.00" for row in rows)
    assert any(row["流量体裁"] == "\t数据将于第二天更新" for row in rows)


def test_what_a_douyin_order_is_settled_for_leaves_creator_and_platform_their_share(of_source):
    for d in of_source(DOUDIAN, ".xlsx"):
        header, note, *rows = openpyxl.load_workbook(io.BytesIO(d.body)).active.iter_rows(values_only=True)
        assert not note[header.index("子订单号")]
        for row in rows:
            cells = dict(zip(header, row, strict=True))
            kept = float(cells["收入合计"]) - float(cells["支出合计"])
            assert f"{kept:.2f}" == cells["结算金额"]
            assert cells["子订单号"].startswith("'")

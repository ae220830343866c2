"""The bill of Alipay as it is delivered: an archive of two files whose totals are right."""

import io
import re
import zipfile

import pytest

from followthrough.sample.exports.yuan import yuan


@pytest.fixture(scope="module")
def bills(delivered):
    """Text of the bill and of its summary, by file."""
    found = {}
    for delivery in (d for d in delivered if d.source == "alipay_main"):
        with zipfile.ZipFile(io.BytesIO(delivery.body), metadata_encoding="gbk") as archive:
            detail, summary = archive.namelist()
            assert (detail[-9:], summary[-13:]) == ("_业务明细.csv", "_业务明细(汇总).csv")
            found[delivery.name] = [archive.read(name).decode("gb18030") for name in (detail, summary)]
    return found


def test_there_are_days_with_and_without_refunds(bills):
    assert {"\t,退款," in bill for bill, _ in bills.values()} == {True, False}


def test_the_totals_in_words_are_those_of_the_rows(bills):
    for bill, _ in bills.values():
        cells = [line.split(",") for line in bill.splitlines()[5:] if not line.startswith("#")]
        paid, back = ([row for row in cells if row[2] == kind] for kind in ("交易", "退款"))
        sums = [yuan(round(sum(float(row[12]) for row in rows) * 100)) for rows in (paid, back)]
        assert re.findall(r"合计：(\d+)笔", bill) == [f"{len(paid)}", f"{len(back)}"]
        assert re.findall(r"实收(?:退款)?共(-?[\d.]+)元", bill) == sums

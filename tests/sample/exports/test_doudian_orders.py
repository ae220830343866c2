"""Orders of a shop that names no buyer."""

from followthrough.sample.world.accounts import DOUDIAN
from tests.builders.sample_files import rows_of


def test_a_douyin_order_names_nobody_and_a_gift_is_a_line_of_nothing(of_source):
    rows = [row for d in of_source(DOUDIAN, "订单.csv") for row in rows_of(d.body.decode("utf-8-sig"))]
    assert all(row["收件人"].startswith("\t##") and row["收件人手机号"].startswith("\t$$") for row in rows)
    assert len({row["子订单编号"] for row in rows}) > len({row["主订单编号"] for row in rows})
    assert any(row["订单应付金额"] == "0.00" for row in rows)
    assert any(row["流量体裁"] == "\t数据将于第二天更新" for row in rows)

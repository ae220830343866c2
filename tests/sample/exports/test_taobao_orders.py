"""Orders of a shop that names a buyer by nickname."""

import io
from datetime import datetime
from zipfile import ZipFile

from followthrough.sample.world.accounts import TAOBAO
from tests.builders.sample_files import rows_of


def taobao_rows(delivery):
    with ZipFile(io.BytesIO(delivery.body)) as archive:
        (member,) = archive.infolist()
        return rows_of(archive.read(member).decode("gbk"))


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

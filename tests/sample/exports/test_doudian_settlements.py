"""What orders of the Douyin shop are settled for."""

import io

import openpyxl

from followthrough.sample.world.accounts import DOUDIAN


def test_what_a_douyin_order_is_settled_for_leaves_creator_and_platform_their_share(of_source):
    for d in of_source(DOUDIAN, ".xlsx"):
        header, note, *rows = openpyxl.load_workbook(io.BytesIO(d.body)).active.iter_rows(values_only=True)
        assert not note[header.index("子订单号")]
        for row in rows:
            cells = dict(zip(header, row, strict=True))
            kept = float(cells["收入合计"]) - float(cells["支出合计"])
            assert f"{kept:.2f}" == cells["结算金额"]
            assert cells["子订单号"].startswith("'")

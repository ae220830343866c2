"""Order exports of the two shops, byte by byte."""

from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal

from followthrough.platforms import export
from followthrough.sample.exports.youzan_orders import _cell
from tests.builders.sample_files import orders_of


def test_encoding_follows_the_day(delivered):
    for d in orders_of(delivered):
        day = d.night.day
        if day % 5 == 0:
            assert d.body.decode("gb18030").startswith("订单号,")
        else:
            assert d.body.startswith(b"\xef\xbb\xbf") == (day % 3 == 0)
            assert d.body.decode("utf-8-sig").startswith("订单号,")


def test_header_is_the_declared_one_with_its_twin(delivered):
    header = export("youzan__orders").header
    first = orders_of(delivered)[0].body.decode().split("\r\n")[0]
    assert tuple(first.split(",")) == header
    assert header.count("分销员") == 2


def test_every_row_is_as_wide_as_the_header(delivered, read_orders):
    for d in orders_of(delivered):
        assert all(None not in row and None not in row.values() for row in read_orders(d))


def test_ids_are_wrapped_on_some_nights(delivered):
    by_day = {d.night: d.body for d in orders_of(delivered) if d.night.day % 5}
    wrapped = [body for night, body in by_day.items() if night.day % 7 == 2]
    tabbed = [body for night, body in by_day.items() if night.day % 7 == 4]
    assert wrapped
    assert tabbed
    assert all(b'\n="E2026' in body for body in wrapped)
    assert all(b"\t,\xe7\xbd\x91\xe5\xba\x97," in body for body in tabbed)


def test_ids_keep_their_shape(delivered, read_orders, sample):
    spoiled = {d.order_id for d in sample.damaged}
    for d in orders_of(delivered)[:20]:
        for row in read_orders(d):
            created = datetime.fromisoformat(row["订单创建时间"])
            assert row["订单号"].startswith(f"E{created:%Y%m%d%H%M%S}")
            assert len(row["订单号"]) == 24
            if row["买家付款时间"] and row["订单号"] not in spoiled:
                assert len(row["支付流水号"]) == 28
                assert row["支付流水号"].isdigit()


def test_the_summary_row_adds_up(delivered, read_orders):
    with_summary = [d for d in orders_of(delivered) if d.night.day % 4 == 0]
    assert with_summary
    for d in with_summary:
        encoding = "gb18030" if d.night.day % 5 == 0 else "utf-8-sig"
        last = d.body.decode(encoding).split("\r\n")[-2].split(",")
        total = sum(Decimal(row["商品金额合计"]) for row in read_orders(d))
        assert last[0] == "合计"
        assert Decimal(last[export("youzan__orders").header.index("商品金额合计")]) == total


def test_money_of_a_row_adds_up(delivered, read_orders, sample):
    spoiled = {d.order_id for d in sample.damaged}
    for d in orders_of(delivered):
        for row in read_orders(d):
            due = Decimal(row["商品金额合计"]) + Decimal(row["运费"]) - Decimal(row["店铺优惠合计"])
            assert due == Decimal(row["应收订单金额"])
            if row["订单号"] not in spoiled:
                paid = Decimal(row["订单实付金额"])
                assert paid == Decimal(row["订单实收金额"])
                assert paid == (due if row["买家付款时间"] else 0)
                assert Decimal(row["订单已退款金额"]) <= paid


def test_the_window_is_fifteen_days_up_to_the_export(delivered, read_orders, sample):
    for d in orders_of(delivered):
        is_late = d.exported_at.date() > d.night + timedelta(days=1)
        created = [datetime.fromisoformat(row["订单创建时间"]) for row in read_orders(d)]
        assert max(created) <= d.exported_at - timedelta(days=is_late)
        if d.night > sample.first_night:
            assert min(created) >= d.exported_at - timedelta(days=15 + is_late, hours=1)
        else:
            assert min(created) < d.exported_at - timedelta(days=300)


def test_this_mornings_orders_are_in_and_some_are_paid_only_this_morning(delivered, read_orders):
    rows = [(d, row) for d in orders_of(delivered) for row in read_orders(d)]
    assert any(row["订单创建时间"][:10] > f"{d.night}" for d, row in rows)
    assert any(row["订单创建时间"][:10] == f"{d.night}" < row["买家付款时间"][:10] for d, row in rows)


def test_orders_pass_through_all_states_and_never_back(delivered, read_orders):
    order = ["待付款", "待成团", "待发货", "已发货", "交易完成", "交易关闭"]
    seen = defaultdict(list)
    for d in sorted(orders_of(delivered), key=lambda d: d.exported_at):
        for row in read_orders(d):
            seen[row["订单号"]].append(order.index(row["订单状态"]))
    assert {state for states in seen.values() for state in states} == set(range(6))
    assert all(states == sorted(states) for states in seen.values())


def test_orders_say_what_they_are_and_a_gift_shows_its_receiver(sample, delivered, read_orders):
    rows = {row["订单号"]: row for d in orders_of(delivered) for row in read_orders(d)}
    assert {row["订单类型"] for row in rows.values()} == {
        "普通订单",
        "送礼订单",
        "拼团订单",
        "抽奖订单",
        "试用订单",
        "定金预售订单",
        "分销采购单",
        "赠品订单",
        "积分兑换订单",
    }
    gifts = {order.order_id: order for order in sample._world.orders if order.receiver}
    shown = [(rows[order_id]["买家手机号"], order) for order_id, order in gifts.items() if order_id in rows]
    assert shown
    assert all(phone == order.receiver.phone != order.person.phone for phone, order in shown)
    on_delivery = [row for row in rows.values() if row["付款方式"] == "货到付款"]
    assert any(row["买家付款时间"] for row in on_delivery)
    assert all(row["买家付款时间"] == row["交易成功时间"] for row in on_delivery)


def test_phones_are_full_masked_or_blank(sample, read_orders):
    rows = {}
    for index in range(1, 121):
        for d in orders_of(sample.deliveries(sample.night(index))):
            rows.update((row["订单号"], row) for row in read_orders(d))
    masked = [row for row in rows.values() if "****" in row["买家手机号"]]
    blank = [row for row in rows.values() if not row["买家手机号"]]
    assert 0.10 <= len(masked) / len(rows) <= 0.20
    assert 0.01 <= len(blank) / len(rows) <= 0.05
    assert all(row["收货人手机号/提货人手机号"] == row["买家手机号"] for row in masked)
    assert all(len(row["收货人手机号/提货人手机号"]) == 11 for row in blank)


def test_cells_that_need_quotes_have_them():
    assert _cell("云杉,30ml") == '"云杉,30ml"'
    assert _cell('"轻"') == '"""轻"""'
    assert _cell("两行\n文字") == '"两行\n文字"'
    assert _cell('="E2026"') == '="E2026"'


def test_awkward_product_names_and_nulls_are_met(delivered, read_orders):
    rows = [row for d in orders_of(delivered)[:40] for row in read_orders(d)]
    names = {row["全部商品名称"] for row in rows}
    assert any("\n" in name for name in names)
    assert any("," in name for name in names)
    assert any('"' in name for name in names)
    assert all(row["订单星级"] == " " and row["桌号"] == "——" for row in rows)

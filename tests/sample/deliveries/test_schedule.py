"""Which files come late or damaged, and when each is written."""

from collections import Counter
from datetime import timedelta


def test_each_late_file_comes_once_with_the_next_night(sample):
    late = Counter((feed.source, feed.kind) for feed, _ in sample.late)
    assert set(late) == {
        ("youzan_pine", "orders"),
        ("youzan_moss", "refunds"),
        ("wechat_pay_main", "bill"),
    }
    for feed, night in sample.late:
        kinds = {"orders": "订单列表", "refunds": "refunds", "bill": "All"}[feed.kind]
        came = [
            arrived
            for arrived in (night, night + timedelta(days=1))
            for d in sample.deliveries(arrived)
            if d.source == feed.source and kinds in d.name and d.night == night
        ]
        assert came == [night + timedelta(days=1)]


def test_each_late_source_is_late_early_on_and_in_the_fifth_week(sample):
    for source in ("youzan_pine", "youzan_moss", "wechat_pay_main"):
        indexes = [(n - sample.first_night).days + 1 for f, n in sample.late if f.source == source]
        assert any(index <= 30 for index in indexes)
        assert any(31 <= index <= 35 for index in indexes)


def test_export_times_are_unique_and_of_the_following_morning(delivered, sample):
    assert len({d.exported_at for d in delivered}) == len(delivered)
    late_orders = {n for f, n in sample.late if f.kind == "orders"}
    for d in delivered:
        is_anew = "订单列表" in d.name and d.source == "youzan_pine" and d.night in late_orders
        assert d.exported_at.date() == d.night + timedelta(days=2 if is_anew else 1)
        assert 7 <= d.exported_at.hour <= 10


def test_two_rows_are_damaged_and_whole_in_the_next_export(sample, read_orders):
    assert [d.column for d in sample.damaged] == ["订单实付金额", "支付流水号"]
    for damage in sample.damaged:
        cells = []
        for night in (damage.night, damage.night + timedelta(days=1)):
            rows = [
                row
                for d in sample.deliveries(night)
                if d.source == damage.source and "订单列表" in d.name and d.night == night
                for row in read_orders(d)
                if row["订单号"] == damage.order_id
            ]
            cells.append(rows[0][damage.column])
        assert cells[0] in ("12x.00", "4.20000E+27")
        assert cells[1] not in ("12x.00", "4.20000E+27", "")

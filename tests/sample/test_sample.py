"""The sample as a whole: repeatable, growing only at its end, and holding every kind of life."""

from collections import Counter
from datetime import date, timedelta

import pytest

from followthrough.sample import Sample


def test_two_builds_are_byte_equal(sample):
    again = Sample()
    for index in (1, 2, 31, 60, 120):
        assert again.deliveries(again.night(index)) == sample.deliveries(sample.night(index))


def test_another_seed_is_another_business():
    night = date(2026, 9, 3)
    assert Sample(seed=8, people=20).deliveries(night) != Sample(people=20).deliveries(night)


def test_more_nights_do_not_change_the_first_ones(sample):
    short = Sample(nights=36)
    for index in range(1, 37):
        assert short.deliveries(short.night(index)) == sample.deliveries(sample.night(index))
    assert short.truth(short.night(36)) == sample.truth(sample.night(36))


def test_each_source_is_given_its_own_files(sample):
    night = sample.night(30)
    everything = sample.deliveries(night)
    sources = {delivery.source for delivery in everything}
    for source in sources:
        assert sample.deliveries(night, source) == [d for d in everything if d.source == source]
    assert len(sources) > 10


def test_truth_of_a_night_does_not_depend_on_nights_read_before(sample):
    later_first = Sample()
    later_first.truth(later_first.night(90))
    assert later_first.truth(later_first.night(12)) == sample.truth(sample.night(12))


def test_nights_are_counted_from_one(sample):
    assert sample.night(1) == date(2026, 9, 1)
    assert sample.night(120) == date(2026, 12, 29)


@pytest.mark.parametrize("index", [0, -1, 121])
def test_a_night_outside_is_refused_in_a_sentence(sample, index):
    with pytest.raises(ValueError, match=f"the sample has nights 1 to 120, not {index}"):
        sample.night(index)


def test_deliveries_and_truth_outside_are_refused_too(sample):
    for night in (date(2026, 8, 31), date(2026, 12, 30)):
        with pytest.raises(ValueError, match="the sample has the nights 2026-09-01 to 2026-12-29"):
            sample.deliveries(night)
        with pytest.raises(ValueError, match="the sample has the nights"):
            sample.truth(night)


def test_every_life_is_led(sample):
    assert set(Counter(sample.lives().values())) == {
        "follower", "contact", "inquirer", "lucky_bag", "unpaid", "one_time", "loyal",
        "newly_loyal", "at_risk", "lapsed", "full_refund", "second_refunded", "partial_refund",
    }  # fmt: skip


def test_all_four_stages_are_there_by_night_30(sample):
    truth = sample.truth(sample.night(30))
    now = Counter(spans[-1].stage for spans in truth.stages.values())
    assert min(now[stage] for stage in ("audience", "potential", "paying", "loyal")) >= 15


def test_at_risk_and_lapsed_buyers_stay_customers_at_night_30(sample):
    night, lives = sample.night(30), sample.lives()
    truth = sample.truth(night)
    last_paid = {e.person_id: e.on for e in truth.events if e.kind == "order_paid"}
    for life, at_least, at_most, stages in (
        ("at_risk", 91, 180, {"paying", "loyal"}),
        ("lapsed", 181, 540, {"paying"}),
    ):
        people = [p for p in truth.stages if lives[p] == life and p in last_paid]
        assert len(people) >= 8
        for person in people:
            assert truth.stages[person][-1].stage in stages
            assert at_least <= (night - last_paid[person]).days <= at_most


def test_most_people_with_evidence_can_be_joined(sample):
    reasons = Counter(sample.truth(sample.night(30)).joinable.values())
    assert reasons[""] / reasons.total() >= 0.85
    assert set(reasons) == {"", "split", "shared_phone", "anonymous_order"}


def test_orders_reach_back_and_go_on(sample):
    created = [e.on for e in sample.truth(sample.night(120)).events if e.kind == "order_created"]
    assert min(created) >= sample.night(1) - timedelta(days=400)
    assert min(created) < sample.night(1) - timedelta(days=350)
    assert max(created) > sample.night(115)


def test_each_late_file_comes_once_with_the_next_night(sample):
    late = Counter((feed.source, feed.kind) for feed, _ in sample.late)
    assert set(late) == {
        ("youzan_pine", "orders"), ("youzan_moss", "refunds"), ("wechat_pay_main", "bill"),
    }  # fmt: skip
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

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
        "follower",
        "contact",
        "inquirer",
        "lucky_bag",
        "unpaid",
        "one_time",
        "loyal",
        "newly_loyal",
        "at_risk",
        "lapsed",
        "full_refund",
        "second_refunded",
        "partial_refund",
    }


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

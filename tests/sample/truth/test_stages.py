"""Spans against the rules they are made of, over whole lives."""

from datetime import timedelta
from itertools import pairwise

from followthrough.sample import Sample
from followthrough.sample.deliveries.delivered import gather
from followthrough.sample.truth.order_facts import order_facts
from followthrough.sample.truth.stages import spans, stage_on
from followthrough.sample.truth.truth import _evidence


def test_spans_equal_the_rules_asked_day_by_day():
    sample = Sample(people=60)
    night = sample.night(100)
    seen = gather(a for n in range(1, 101) for a in sample._arrivals_of(sample.night(n)))
    for evidence in _evidence(order_facts(seen, night), seen, night).values():
        for stage, first, end in spans(evidence, night):
            length = ((end or night + timedelta(days=1)) - first).days
            days = (first + timedelta(days=number) for number in range(length))
            assert {stage_on(evidence, each) for each in days} == {stage}


def test_truth_of_the_sample_is_consistent(sample):
    truth = sample.truth(sample.night(60))
    assert set(truth.stages) <= set(truth.people) == set(truth.joinable)
    for person, reason_ in truth.joinable.items():
        assert person in truth.stages or reason_ == "anonymous_order"
    for found in truth.stages.values():
        assert all(a.valid_to == b.valid_from for a, b in pairwise(found))
        assert all(a.stage != b.stage for a, b in pairwise(found))
        assert found[-1].valid_to is None
    assert all(e.on <= truth.night and e.delivered_night <= truth.night for e in truth.events)

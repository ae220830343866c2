"""Followers by day."""

import json
from collections import Counter

from tests.builders.sample_files import named


def test_the_follow_summary_counts_the_follows_of_its_day(sample, delivered, read_documents):
    came, left = Counter(), Counter()
    for d in named(delivered, "user_summary_"):
        (document,) = read_documents(d)
        assert {row["ref_date"] for row in document["list"]} == {f"{d.night}"}
        came[d.night] = sum(row["new_user"] for row in document["list"])
        left[d.night] = sum(row["cancel_user"] for row in document["list"])
    last = max(came)
    follows = [json.loads(line) for d in named(delivered, "followers_") for line in d.body.splitlines()]
    seen = {(i["openid"], i["subscribe_time"]) for each in follows for i in each.get("user_info_list", ())}
    assert 0 < came.total() <= len(seen)
    assert left.total() > 0
    assert last == sample.night(60)

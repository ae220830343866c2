"""Articles and their figures by day."""

from datetime import date
from itertools import pairwise

from tests.builders.sample_files import named


def test_an_article_s_days_only_grow_in_number_and_some_figure_falls(delivered, read_documents):
    seen, fell = {}, 0
    for d in named(delivered, "article_totals_"):
        for article in (a for document in read_documents(d) for a in document["list"]):
            days, before = article["details"], seen.get(article["msgid"], [])
            assert days[: len(before)] == before
            assert days[0]["stat_date"] == article["ref_date"]
            assert date.fromisoformat(days[-1]["stat_date"]) == d.night
            assert len(days) <= 7
            seen[article["msgid"]] = days
    for days in seen.values():
        fell += any(b["add_to_fav_count"] < a["add_to_fav_count"] for a, b in pairwise(days))
        assert all(b["int_page_read_count"] >= a["int_page_read_count"] for a, b in pairwise(days))
    assert fell

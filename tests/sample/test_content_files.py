"""Leads, articles, notes and followers by day, as the files show them."""

import json
from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import pairwise

import pytest

from followthrough.platforms import export


def named(delivered, start):
    return [d for d in delivered if d.name.startswith(start)]


@pytest.fixture(scope="module")
def clues(delivered, read_documents):
    """By pull, the leads of all its pages."""
    files = named(delivered, "clues_")
    return [(d, [c for page in read_documents(d) for c in page["data"]["list"]]) for d in files]


def test_a_lead_list_counts_all_its_rows_and_two_kinds_of_noise_are_among_them(clues, read_documents):
    for d, found in clues:
        totals = {page["data"]["page_info"]["total_number"] for page in read_documents(d)}
        assert totals == {len(found)}
    assert {3, 4} <= {clue["clue_source"] for _, found in clues for clue in found}


def test_clue_ids_have_19_digits_and_keep_their_phone(clues):
    phones = defaultdict(set)
    for _, found in clues:
        for clue in found:
            assert len(f"{clue['clue_id']}") == 19
            phones[clue["clue_id"]].add(clue["telephone"])
    assert {len(each) for each in phones.values()} == {1}


def test_some_leads_are_found_invalid_some_come_twice_and_some_buy(clues, delivered, read_orders):
    states, phones = defaultdict(list), {}
    for _, found in clues:
        for clue in found:
            states[clue["clue_id"]].append(clue["clue_state"])
            phones[clue["clue_id"]] = clue["telephone"]
    assert any(1 in each and each[-1] == 4 for each in states.values())
    assert max(Counter(phones.values()).values()) > 1
    buyers = {row["买家手机号"] for d in named(delivered, "订单列表_") for row in read_orders(d)}
    assert buyers & {*phones.values()}


def test_a_pull_with_nothing_new_is_the_same_bytes(clues):
    assert any(one.body == other.body for (one, _), (other, _) in pairwise(clues))


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


def test_note_lists_come_on_two_nights_a_week_and_are_lifetime_totals(delivered, sample, notes_of):
    lists = named(delivered, "笔记列表明细表_")
    assert {d.night.isoweekday() for d in lists} == {3, 4}
    assert any(b.night - a.night == timedelta(days=1) for a, b in pairwise(lists))
    banner, header, *rows = notes_of(lists[-1])
    assert banner[0] == "最多导出排序后前1000条笔记"
    assert tuple(header) == export("xiaohongshu__notes").header
    assert len({(row[0], row[1]) for row in rows}) == len(rows)
    assert all(isinstance(cell, str) for row in rows for cell in row)
    earlier = {(row[0], row[1]): row for row in notes_of(lists[-2])[2:]}
    assert any(int(row[4]) > int(earlier[row[0], row[1]][4]) for row in rows if (row[0], row[1]) in earlier)

"""Leads as the lists of Ocean Engine show them."""

from collections import Counter, defaultdict
from itertools import pairwise

import pytest

from tests.builders.sample_files import named


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

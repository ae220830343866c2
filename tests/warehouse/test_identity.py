"""Who is whom: the same people in any order of arrival, and never two people in one."""

import time
from collections import Counter, defaultdict

from hypothesis import given
from hypothesis import strategies as st

from followthrough.warehouse.identity import PRIORITY, WEAK, Identifier, Observation, resolve

STRONG = sorted(set(PRIORITY) - WEAK)
strong_identifiers = st.builds(
    Identifier, st.sampled_from(STRONG), st.sampled_from(["one", "two"]), st.sampled_from("abc")
)
phones = st.builds(Identifier, st.just("phone"), st.just(""), st.sampled_from("pqrs"))
observations = st.builds(
    Observation,
    st.sampled_from([f"record {n}" for n in range(8)]),
    strong_identifiers | phones,
    st.sampled_from(["2026-09-01", "2026-09-02", "2026-09-03"]),
)
seen = st.lists(observations, max_size=40)
pairs = st.lists(st.tuples(strong_identifiers, strong_identifiers | phones), max_size=25)


def identifier(text: str) -> Identifier:
    """``openid:shop:a`` as an identifier."""
    return Identifier(*text.split(":"))


def together(*records: str, night: str = "2026-09-01") -> list[Observation]:
    return [
        Observation(f"{night} record {number}", identifier(text), night)
        for number, record in enumerate(records)
        for text in record.split()
    ]


def people(observed: list[Observation]) -> list[set[Identifier]]:
    members = defaultdict(set)
    for found, customer in resolve(observed).items():
        members[customer].add(found)
    return list(members.values())


def age(observed: list[Observation], found: Identifier) -> tuple[str, int, Identifier]:
    first = min(o.known_night for o in observed if o.identifier == found)
    return first, PRIORITY[found.namespace], found


@given(seen, st.randoms())
def test_the_order_of_observations_does_not_matter(observed, random):
    shuffled = observed.copy()
    random.shuffle(shuffled)
    assert resolve(shuffled) == resolve(observed)


@given(pairs)
def test_a_pair_seen_the_other_way_round_is_the_same_pair(pairs):
    def graph(turned: bool) -> list[Observation]:
        return [
            Observation(f"record {n}", one, "2026-09-01")
            for n, pair in enumerate(pairs)
            for one in (reversed(pair) if turned else pair)
        ]

    assert resolve(graph(turned=True)) == resolve(graph(turned=False))


@given(seen)
def test_every_observed_identifier_gets_a_customer(observed):
    assert set(resolve(observed)) == {o.identifier for o in observed}


@given(seen)
def test_no_customer_holds_two_values_of_an_exclusive_kind_of_one_issuer(observed):
    for person in people(observed):
        kinds = Counter((i.namespace, i.issuer) for i in person if i.namespace not in WEAK)
        assert set(kinds.values()) <= {1}


@given(seen)
def test_a_customer_is_named_after_the_identifier_known_first(observed):
    customers = resolve(observed)
    for person in people(observed):
        anchor = min(person, key=lambda i: age(observed, i))
        assert customers[anchor] == resolve([Observation("alone", anchor, "2030-01-01")])[anchor]


@given(seen, seen)
def test_who_keeps_their_anchor_keeps_their_name_when_more_is_known(before, later):
    everything = before + [Observation(o.record_id, o.identifier, "2026-09-09") for o in later]
    old, new = resolve(before), resolve(everything)
    for person in people(before):
        anchor = min(person, key=lambda i: age(before, i))
        joined = {i for i in new if new[i] == new[anchor]}
        oldest = min(joined, key=lambda i: age(everything, i))
        assert oldest in old
        assert (new[anchor] == old[anchor]) == (oldest == anchor)


@given(pairs)
def test_a_phone_belongs_with_everybody_it_was_seen_with_or_with_nobody(pairs):
    customers = resolve(
        Observation(f"record {n}", one, "2026-09-01") for n, pair in enumerate(pairs) for one in pair
    )
    for phone in (i for i in customers if i.namespace == "phone"):
        assert len({customers[one] == customers[phone] for one, other in pairs if other == phone}) == 1


def test_what_is_seen_in_one_record_is_one_person():
    assert len(people(together("openid:app:a unionid:open:u phone::p", "phone::p buyer:shop:b"))) == 1


def test_a_phone_seen_with_two_people_joins_neither():
    assert len(people(together("openid:app:a phone::p", "openid:app:b phone::p"))) == 3


def test_a_phone_of_two_people_joins_neither_where_only_their_unionids_tell_them_apart():
    strong = ["openid:one:a unionid:open:u", "openid:two:b unionid:open:v"]
    assert len(people(together(*strong, "openid:one:a phone::p", "openid:two:b phone::p"))) == 3


def test_a_phone_of_two_people_joins_neither_where_only_another_phone_tells_them_apart():
    linked = together("openid:app:a phone::p", "external_userid:corp:c phone::p")
    shared = together("external_userid:corp:c phone::q", "openid:app:b phone::q", night="2026-09-02")
    customers = resolve(linked + shared)
    assert customers[identifier("openid:app:a")] == customers[identifier("external_userid:corp:c")]
    assert len(set(customers.values())) == 3
    assert list(customers.values()).count(customers[identifier("phone::q")]) == 1


def test_a_phone_that_turns_out_to_be_shared_is_taken_from_its_person_again():
    before = together("openid:app:a phone::p")
    after = before + together("openid:app:b phone::p", night="2026-09-02")
    assert len(people(before)) == 1
    assert resolve(after)[identifier("openid:app:a")] == resolve(before)[identifier("openid:app:a")]
    assert resolve(after)[identifier("phone::p")] != resolve(after)[identifier("openid:app:a")]


def test_the_same_value_of_two_issuers_is_two_people():
    assert len(people(together("openid:one:a", "openid:two:a"))) == 2


def test_a_person_found_through_a_chain_of_fifty_thousand_takes_seconds():
    chain = [
        Observation(f"record {n}", Identifier("phone", "", f"{m:06}"), "2026-09-01")
        for n in range(50_000)
        for m in (n, n + 1)
    ]
    started = time.process_time()
    assert len(set(resolve(chain).values())) == 1
    assert time.process_time() - started < 3


def test_a_phone_of_a_shop_that_everybody_gives_joins_nobody():
    crowd = together(*(f"openid:app:{n} phone::shop" for n in range(20_000)))
    assert len(set(resolve(crowd).values())) == 20_001

"""The right answers for a night, derived only from what was delivered by then.

This is a simple version of the rules, to be read and checked by hand. It shares no code with the pipeline
that is tested against it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from followthrough.sample.deliveries.delivered import Delivered, gather
from followthrough.sample.deliveries.records import Arrival
from followthrough.sample.truth.bill_differences import Difference, bill_differences
from followthrough.sample.truth.identity import Identifier, Observation, joinable, observations
from followthrough.sample.truth.lead_facts import leads_of
from followthrough.sample.truth.opinions import add_opinions
from followthrough.sample.truth.order_facts import OrderFact, order_facts
from followthrough.sample.truth.stages import Evidence, Span, is_advocate_on, satisfaction_on, spans


class OwnedIdentifier(NamedTuple):
    """An identifier some delivered record shows, and the person it truly belongs to."""

    person_id: str
    namespace: str
    issuer: str
    value: str


class Event(NamedTuple):
    """Something that happened by the night; `delivered_night` is the first whose files show it.

    `kind` is order_created, order_paid, refund, contact, follow or lead; `fen` is the money that moved.
    """

    person_id: str
    kind: str
    on: date
    fen: int
    order_id: str
    delivered_night: date


class OrderTruth(NamedTuple):
    """A delivered order's kind, and why it does not count as a purchase ("" if it does)."""

    order_id: str
    kind: str
    not_counted: str


class RefundTruth(NamedTuple):
    """Refunds of an order on a date, by kind of refund, up to the amount paid."""

    order_id: str
    on: date
    kind: str
    fen: int


class Truth(NamedTuple):
    """Everything that can be concluded at a night.

    `people` have visible evidence, an order without a known buyer included; `stages` are given for those of
    them that some record identifies; `joinable` has an entry for each of the people. `satisfied` maps those
    with a recent opinion to positive or negative; `advocates` have referred others. `bill_differences` are
    the differences between bills and shops.
    """

    night: date
    people: list[str]
    identifiers: list[OwnedIdentifier]
    observations: list[Observation]
    events: list[Event]
    stages: dict[str, list[Span]]
    joinable: dict[str, str]
    orders: list[OrderTruth]
    refunds: list[RefundTruth]
    satisfied: dict[str, str]
    advocates: list[str]
    bill_differences: list[Difference]


def truth_of(arrivals: Iterable[Arrival], night: date) -> Truth:
    """The truth at the night, from the arrivals delivered by it."""
    seen = gather(arrival for arrival in arrivals if arrival.delivered <= night)
    found = observations(seen)
    named = {each.record.removeprefix("order ") for each in found if each.shows}
    all_facts = order_facts(seen, night)
    facts = [fact for fact in all_facts if fact.order_id in named]
    evidence = _evidence(facts, seen, night)
    reasons = joinable(found, night)
    return Truth(
        night=night,
        people=list(reasons),
        identifiers=_identifiers(found),
        observations=found,
        events=sorted([*_order_events(facts), *_touch_events(seen, night)]),
        stages={person: spans(evidence[person], night) for person in sorted(evidence)},
        joinable=reasons,
        orders=sorted(OrderTruth(fact.order_id, fact.kind, fact.not_counted) for fact in all_facts),
        refunds=_refunds(all_facts),
        satisfied=_satisfied(evidence, night),
        advocates=sorted(person for person, known in evidence.items() if is_advocate_on(known, night)),
        bill_differences=bill_differences(seen, all_facts, night),
    )


def _refunds(facts: list[OrderFact]) -> list[RefundTruth]:
    """The sum of refunds per order, date and kind of refund."""
    sums: dict[tuple[str, date, str], int] = defaultdict(int)
    for fact in facts:
        for back in fact.refunds:
            sums[fact.order_id, back.on, back.kind] += back.fen
    return sorted(RefundTruth(*key, fen) for key, fen in sums.items())


def _satisfied(evidence: dict[str, Evidence], night: date) -> dict[str, str]:
    verdicts = {person: satisfaction_on(known, night) for person, known in sorted(evidence.items())}
    return {person: verdict for person, verdict in verdicts.items() if verdict != "unknown"}


def _evidence(facts: list[OrderFact], seen: Delivered, night: date) -> dict[str, Evidence]:
    evidence: dict[str, Evidence] = defaultdict(Evidence)
    for fact in facts:
        evidence[fact.person_id].orders.append(fact)
    for contact in seen.contacts:
        on = contact.created_at.date()
        if on <= night:
            evidence[contact.person.person_id].touches.append(on)
            if contact.state.startswith("inquiry"):
                evidence[contact.person.person_id].inquiries.append(on)
    for follow, _ in seen.follows.values():
        if follow.subscribed_at.date() <= night:
            evidence[follow.person.person_id].touches.append(follow.subscribed_at.date())
    for person, leads in leads_of(seen, night).items():
        evidence[person].leads = leads
    add_opinions(evidence, facts, seen, night)
    return evidence


def _identifiers(found: list[Observation]) -> list[OwnedIdentifier]:
    shown: set[tuple[str, Identifier]] = {
        (each.person_id, identifier) for each in found for identifier in each.shows
    }
    return sorted(OwnedIdentifier(person, *identifier) for person, identifier in shown)


def _order_events(facts: list[OrderFact]) -> Iterator[Event]:
    for fact in facts:
        person, order = fact.person_id, fact.order_id
        yield Event(person, "order_created", fact.created_on, 0, order, fact.created_in)
        if fact.paid_on and fact.paid_in:
            yield Event(person, "order_paid", fact.paid_on, fact.paid_fen, order, fact.paid_in)
        for back in fact.refunds:
            yield Event(person, "refund", back.on, back.fen, order, back.delivered)


def _touch_events(seen: Delivered, night: date) -> Iterator[Event]:
    touches = [
        (contact.person, "contact", contact.created_at, delivered)
        for contact, delivered in seen.contacts.items()
    ]
    touches += [
        (follow.person, "follow", follow.subscribed_at, delivered)
        for follow, delivered in seen.follows.values()
    ]
    touches += [
        (lead.person, "lead", lead.created_at, min(each.delivered for each in clues))
        for clues in seen.clues.values()
        for lead in [clues[0].row.lead]
    ]
    touches += [(lead.person, "lead", lead.created_at, night) for lead, night in seen.form_leads.values()]
    for person, kind, at, delivered in touches:
        if at.date() <= night:
            yield Event(person.person_id, kind, at.date(), 0, "", delivered)

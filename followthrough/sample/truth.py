"""The right answers for a night, from what was delivered by then and from nothing else.

This is the plain version of the rules, to be read and checked by hand. It shares no code with the
pipeline it is the measure of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from followthrough.sample.arrivals import Arrival
from followthrough.sample.bill_differences import Difference, bill_differences
from followthrough.sample.delivered import Delivered, gather
from followthrough.sample.facts import OrderFact, order_facts
from followthrough.sample.identity import Identifier, Observation, joinable, observations
from followthrough.sample.lead_facts import leads_of
from followthrough.sample.opinions import add_opinions
from followthrough.sample.stages import Evidence, Span, is_advocate_on, satisfaction_on, spans


class OwnedIdentifier(NamedTuple):
    """An identifier some delivered record shows, and the person it truly belongs to."""

    person_id: str
    namespace: str
    issuer: str
    value: str


class Event(NamedTuple):
    """Something that happened by the night; `delivered_night` is the first to bring it.

    `kind` is order_created, order_paid, refund, contact, follow or lead; `fen` is the money that moved.
    """

    person_id: str
    kind: str
    on: date
    fen: int
    order_id: str
    delivered_night: date


class OrderTruth(NamedTuple):
    """What a delivered order is: its kind, and why it is no purchase, "" where it is one."""

    order_id: str
    kind: str
    not_counted: str


class RefundTruth(NamedTuple):
    """Money that went back for an order on a date, by kind of refund, as far as it had been paid."""

    order_id: str
    on: date
    kind: str
    fen: int


class Truth(NamedTuple):
    """What a perfect reader knows at a night.

    `people` have visible evidence, an order nobody can be named for included; `stages` are given
    for those of them that some record identifies; `joinable` maps every one of the people. `satisfied` maps
    those who have said something lately to positive or negative; `advocates` have brought others. Bills and
    shops differ by `bill_differences`.
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
    """Work out the truth at the night from the arrivals delivered by it."""
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
    """Sum what went back for one order on one date by one kind of refund."""
    sums: dict[tuple[str, date, str], int] = defaultdict(int)
    for fact in facts:
        for back in fact.refunds:
            sums[fact.order_id, back.on, back.kind] += back.fen
    return sorted(RefundTruth(*key, fen) for key, fen in sums.items())


def _satisfied(evidence: dict[str, Evidence], night: date) -> dict[str, str]:
    said = {person: satisfaction_on(known, night) for person, known in sorted(evidence.items())}
    return {person: verdict for person, verdict in said.items() if verdict != "unknown"}


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

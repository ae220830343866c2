"""The people that delivered records identify, and whether all records of one can be joined."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from followthrough.sample.deliveries.delivered import Delivered
from followthrough.sample.world.accounts import APPID, CORP, OPEN_ACCOUNT, SHOP_ACCOUNTS
from followthrough.sample.world.entities import Order, Person


class Identifier(NamedTuple):
    """A value that identifies a person, unique within its issuer."""

    namespace: str
    issuer: str
    value: str


class Observation(NamedTuple):
    """One delivered record: the person it truly belongs to, the identifiers it shows, and its day."""

    person_id: str
    record: str
    on: date
    shows: frozenset[Identifier]


def observations(seen: Delivered) -> list[Observation]:
    """The identifiers each record shows of its person; none for an anonymous order."""
    found = [each for order_id in seen.rows for each in _order_observations(order_id, seen)]
    for contact in seen.contacts:
        shows = [_external_userid(contact.person)]
        shows += [_unionid(contact.person)] if contact.shows_unionid else []
        shows += [_phone(contact.person)] if contact.shows_phone else []
        record = f"contact {contact.person.external_userid} of {contact.userid}"
        found.append(_observation(contact.person, record, contact.created_at.date(), shows))
    for follow, _ in seen.follows.values():
        shows = [_openid(follow.person), _unionid(follow.person)]
        record = f"follow {follow.person.openid} at {follow.subscribed_at}"
        found.append(_observation(follow.person, record, follow.subscribed_at.date(), shows))
    for clues in seen.clues.values():
        lead = clues[0].row.lead
        shows = [_phone(lead.person)]
        found.append(_observation(lead.person, f"lead {lead.clue_id}", lead.created_at.date(), shows))
    for answer in seen.survey_answers.values():
        person, on = answer.person, answer.answered_at.date()
        found.append(_observation(person, f"answer {answer.number}", on, [_phone(person)]))
    for form_lead, _ in seen.form_leads.values():
        person, on = form_lead.person, form_lead.created_at.date()
        found.append(_observation(person, f"form lead {form_lead.number}", on, [_phone(person)]))
    for referral in seen.referrals:
        person, on = referral.referrer, referral.referred_at.date()
        found.append(_observation(person, f"seller of order {referral.order.order_id}", on, [_phone(person)]))
    return found


def joinable(found: list[Observation], night: date) -> dict[str, str]:
    """Per person with evidence by the night: "", or why their records cannot be joined into one person.

    Reasons: shared_phone (also shown by others), split (several unconnected groups of identifiers),
    anonymous_order (an order that shows no identifier). A record dated after the night is delivered but not
    yet visible: the answer is "" only if it is the same with and without such records.
    """
    visible = [each for each in found if each.on <= night]
    reasons = [_reasons(visible), _reasons(found)]
    people = sorted({each.person_id for each in visible})
    return {person: reasons[0][person] or reasons[1][person] for person in people}


def _reasons(found: list[Observation]) -> dict[str, str]:
    group_of = _groups(each.shows for each in found if each.shows)
    owners, groups = defaultdict(set), defaultdict(set)
    for each in found:
        for identifier in each.shows:
            owners[group_of[identifier]].add(each.person_id)
            groups[each.person_id].add(group_of[identifier])
    anonymous = {each.person_id for each in found if not each.shows}
    reasons = {}
    for person in {each.person_id for each in found}:
        if any(len(owners[group]) > 1 for group in groups[person]):
            reasons[person] = "shared_phone"
        elif len(groups[person]) > 1:
            reasons[person] = "split"
        else:
            reasons[person] = "anonymous_order" if person in anonymous else ""
    return reasons


def _groups(sets: Iterable[frozenset[Identifier]]) -> dict[Identifier, int]:
    """The number of each identifier's connected group; each set connects its members."""
    members: dict[int, set[Identifier]] = {}
    group_of: dict[Identifier, int] = {}
    for number, identifiers in enumerate(sets):
        touched = {group_of[each] for each in identifiers if each in group_of}
        merged = set(identifiers).union(*(members.pop(group) for group in touched))
        members[number] = merged
        group_of.update(dict.fromkeys(merged, number))
    return group_of


def _order_observations(order_id: str, seen: Delivered) -> Iterator[Observation]:
    """The identifiers an order shows; a gift's row shows its receiver, and only a bill its buyer."""
    rows = seen.rows[order_id]
    order: Order = rows[0].row.order
    is_in_bill = order.transaction_id in seen.openids
    shows_transaction = any(each.row.paid_at for each in rows)
    shows = [_openid(order.person)] if is_in_bill and shows_transaction else []
    if order.receiver:
        record, on = f"receiver of order {order_id}", order.created_at.date()
        yield _observation(order.receiver, record, on, [_phone(order.receiver)])
    elif order.phone_shown == "full":
        shows.append(_nick(order) if order.shop in SHOP_ACCOUNTS else _phone(order.person))
    yield _observation(order.person, f"order {order_id}", order.created_at.date(), shows)


def _observation(person: Person, record: str, on: date, shows: list[Identifier]) -> Observation:
    return Observation(person.person_id, record, on, frozenset(shows))


def _nick(order: Order) -> Identifier:
    return Identifier("buyer", SHOP_ACCOUNTS[order.shop], order.person.nick)


def _phone(person: Person) -> Identifier:
    return Identifier("phone", "", person.phone)


def _unionid(person: Person) -> Identifier:
    return Identifier("unionid", OPEN_ACCOUNT, person.unionid)


def _openid(person: Person) -> Identifier:
    return Identifier("openid", APPID, person.openid)


def _external_userid(person: Person) -> Identifier:
    return Identifier("external_userid", CORP, person.external_userid)

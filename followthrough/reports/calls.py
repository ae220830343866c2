"""The day's call list: people and why to call them, without names or phone numbers."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MOST = 40
"""The most people on the list, about one person's calls of a day; the others are only counted."""


@dataclass(frozen=True)
class Reason:
    """Whom a reason applies to, and from which to which day after the event (0 is its own day)."""

    rule: str
    first: int
    last: int


REASONS: Mapping[str, Reason] = {
    "unpaid": Reason("substage = 'potential.pending'", 0, 2),
    "lead": Reason("substage = 'potential.lead'", 0, 1),
    "dissatisfied": Reason("substage = 'paying.dissatisfied'", 0, 6),
    "at_risk": Reason("substage = 'paying.at_risk'", 0, 6),
    "first_order": Reason("substage = 'paying.unconfirmed' AND first_paid_date = stage_since_date", 2, 6),
}
"""Reasons by code, most urgent first. A first order is followed up some days later, not the next day."""

UNSEEN = ("at_risk",)
"""Reasons that rest on the absence of orders: left out of the list while orders are missing."""


@dataclass(frozen=True)
class Call:
    """One person: the key in ``marts.customers``, reason, since and until when, way, net so far in fen.

    ``way`` is wecom, follower, or platform where they can only be reached on the platform they came from.
    """

    customer_id: str
    reason: str
    since: date
    until: date
    way: str
    net_fen: int


@dataclass(frozen=True)
class Calls:
    """The day's list, most urgent first; the number of people per reason, and the reasons held back."""

    listed: tuple[Call, ...]
    counted: Mapping[str, int]
    held_back: tuple[str, ...]

    @property
    def total(self) -> int:
        """The number of people, those beyond the list included."""
        return sum(self.counted.values())


def calls(connection: "DuckDBPyConnection", night: date, is_missing_orders: bool) -> Calls:
    """The day's call list: consumers only, within a reason those who spent most first."""
    held_back = UNSEEN if is_missing_orders else ()
    whens = " ".join(
        f"WHEN {each.rule} AND $1::DATE - stage_since_date BETWEEN {each.first} AND {each.last} THEN '{code}'"
        for code, each in REASONS.items()
        if code not in held_back
    )
    people = [
        Call(who, reason, since, since + timedelta(days=REASONS[reason].last + 1), way, net)
        for who, reason, since, way, net in connection.execute(_CALLS.format(whens=whens), [night]).fetchall()
    ]
    order, counts = list(REASONS), Counter(call.reason for call in people)
    people.sort(key=lambda call: (order.index(call.reason), -call.net_fen, call.customer_id))
    counted = {reason: counts[reason] for reason in order if counts[reason]}
    return Calls(tuple(people[:MOST]), counted, held_back)


_CALLS = """
    SELECT customer_id, reason, stage_since_date,
        CASE WHEN is_wecom_contact THEN 'wecom' WHEN is_follower THEN 'follower' ELSE 'platform' END, net_fen
    FROM (
        SELECT *, CASE {whens} END AS reason FROM marts.customers WHERE customer_type = 'consumer'
    ) WHERE reason IS NOT NULL
"""

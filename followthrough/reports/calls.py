"""Whom to call today and why: people by what has just happened to them, never by name or number."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MOST = 40
"""Whom somebody can call in a day; the rest is counted."""


@dataclass(frozen=True)
class Reason:
    """Whom it means, and from which to which day after it began: 0 is the day itself."""

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
"""Most urgent first. Nobody is called the day after buying, so care for a first order waits."""

UNSEEN = ("at_risk",)
"""Reasons that follow from having seen nothing: nobody is called for one while orders are missing."""


@dataclass(frozen=True)
class Call:
    """One person: the key in ``marts.customers``, why, since and until when, by which way, net so far in fen.

    ``way`` is wecom, follower, or platform where only the platform they came by can reach them.
    """

    customer_id: str
    reason: str
    since: date
    until: date
    way: str
    net_fen: int


@dataclass(frozen=True)
class Calls:
    """The list of the day, most urgent first; how many there are for each reason, and reasons held back."""

    listed: tuple[Call, ...]
    counted: Mapping[str, int]
    held_back: tuple[str, ...]

    @property
    def total(self) -> int:
        """All of them, also those beyond the list."""
        return sum(self.counted.values())


def calls(connection: "DuckDBPyConnection", night: date, is_missing_orders: bool) -> Calls:
    """Consumers only; who spent most comes first within a reason."""
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

"""Identity resolution: joins identifiers seen together into people, independent of arrival order.

Strong identifiers (issued by a platform to one person) seen in one record belong to one person. A weak one (a
phone) joins too, unless that would give one person two values of an exclusive kind: a phone shared by two
people joins neither, whether one record shows the conflict or it only follows from joins by other phones. A
person's id derives from the anchor, the identifier known first, so ids survive full rebuilds.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

PRIORITY = {"buyer": 0, "unionid": 1, "openid": 2, "external_userid": 3, "phone": 4}
WEAK = frozenset({"phone"})
"""Namespaces whose values several people may share; of any other a person has one value per issuer."""


class Identifier(NamedTuple):
    """A namespace, who issued it, and the keyed hash of its value."""

    namespace: str
    issuer: str
    value: str


class Observation(NamedTuple):
    """An identifier seen in a record, first known in the version of ``known_night``."""

    record_id: str
    identifier: Identifier
    known_night: str


def resolve(observations: Iterable[Observation]) -> dict[Identifier, str]:
    """The customer of every identifier; a pure function of the set of observations."""
    records: dict[str, list[Identifier]] = defaultdict(list)
    known: dict[Identifier, str] = {}
    for seen in observations:
        records[seen.record_id].append(seen.identifier)
        known[seen.identifier] = min(seen.known_night, known.get(seen.identifier, seen.known_night))
    strong, weak = _edges(records.values())
    weak = _without_shared(weak, _People(known, strong))
    people = _People(known, strong + weak)
    shared = people.refused & {other for _, other in weak}
    if shared:
        people = _People(known, strong + [edge for edge in weak if not shared & set(edge)])
    return {identifier: _name(anchor) for identifier, anchor in people.anchors(known).items()}


def _edges(
    records: Iterable[list[Identifier]],
) -> tuple[list[tuple[Identifier, Identifier]], list[tuple[Identifier, Identifier]]]:
    """Pairs seen together, strong and weak ones apart, in an order independent of the input's."""
    strong: set[tuple[Identifier, Identifier]] = set()
    weak: set[tuple[Identifier, Identifier]] = set()
    for together in records:
        ordered = sorted(set(together), key=lambda i: (PRIORITY[i.namespace], i))
        for other in ordered[1:]:
            (weak if other.namespace in WEAK else strong).add((ordered[0], other))
    return sorted(strong), sorted(weak)


def _without_shared(
    weak: list[tuple[Identifier, Identifier]], people: "_People"
) -> list[tuple[Identifier, Identifier]]:
    """The weak edges without the identifiers seen with two people who cannot be one."""
    exclusive: dict[Identifier, dict[tuple[str, str], set[str]]] = defaultdict(lambda: defaultdict(set))
    for strong, shared in weak:
        for identifier in people.exclusive(strong):
            exclusive[shared][identifier.namespace, identifier.issuer].add(identifier.value)
    return [edge for edge in weak if all(len(values) == 1 for values in exclusive[edge[1]].values())]


class _People:
    """Disjoint sets of identifiers, none with two values of an exclusive kind of one issuer.

    ``refused`` are the second ends of the edges that would have broken this.
    """

    def __init__(
        self, identifiers: Iterable[Identifier], edges: Iterable[tuple[Identifier, Identifier]]
    ) -> None:
        self._parent = {identifier: identifier for identifier in identifiers}
        self._exclusive = {
            identifier: set() if identifier.namespace in WEAK else {identifier} for identifier in self._parent
        }
        self.refused = {other for one, other in edges if not self._join(one, other)}

    def exclusive(self, identifier: Identifier) -> set[Identifier]:
        return self._exclusive[self._root(identifier)]

    def _join(self, one: Identifier, other: Identifier) -> bool:
        kept, added = sorted((self._root(one), self._root(other)))
        if kept != added:
            if self._clash(kept, added):
                return False
            self._parent[added] = kept
            self._exclusive[kept] |= self._exclusive.pop(added)
        return True

    def anchors(self, known: dict[Identifier, str]) -> dict[Identifier, Identifier]:
        """The anchor of each identifier's set: known first, then by priority and hash."""
        best: dict[Identifier, Identifier] = {}
        for identifier in sorted(known, key=lambda i: (known[i], PRIORITY[i.namespace], i)):
            best.setdefault(self._root(identifier), identifier)
        return {identifier: best[self._root(identifier)] for identifier in known}

    def _clash(self, one: Identifier, other: Identifier) -> bool:
        kinds = {(i.namespace, i.issuer) for i in self._exclusive[one]}
        return any((i.namespace, i.issuer) in kinds for i in self._exclusive[other])

    def _root(self, identifier: Identifier) -> Identifier:
        while self._parent[identifier] != identifier:
            self._parent[identifier] = self._parent[self._parent[identifier]]
            identifier = self._parent[identifier]
        return identifier


def _name(anchor: Identifier) -> str:
    text = f"{anchor.namespace}|{anchor.issuer}|{anchor.value}"
    return "c" + hashlib.sha256(text.encode()).hexdigest()[:16]

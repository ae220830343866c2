"""Which exports' changes a night can follow to the orders and customers they touch.

A change of any other export that large models depend on makes everything anew.
"""

from collections.abc import Iterable
from typing import Any

from followthrough.contracts.export import Export
from followthrough.warehouse import model_graph
from followthrough.warehouse.codegen import ORDER_ENTITIES, shows_orders

FOLLOWED = frozenset(
    {
        "identifiers",
        "payers",
        "contacts",
        "follows",
        "lists",
        "leads",
        "ratings",
        "survey_answers",
        "referrals",
    }
)
"""Entities whose changes the models ``int_touched_…`` see, beside those of orders."""


def not_followed(manifest: Any, exports: Iterable[Export]) -> list[Export]:
    """Those of the exports whose changes may alter rows that a night would keep."""
    kept = model_graph.kept(manifest)
    return [
        export
        for export in exports
        if any(
            model_graph.following(manifest, model) & kept
            for entity, model in export.feeds.items()
            if not (entity in FOLLOWED or (entity in ORDER_ENTITIES and shows_orders(export)))
        )
    ]

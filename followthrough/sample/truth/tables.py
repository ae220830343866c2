"""The truth as tables, one Parquet file each."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from followthrough.sample.truth.truth import Truth


def write_tables(truth: Truth, lives: dict[str, str], folder: Path) -> None:
    """Write one Parquet file per table of the truth; `lives` are the kinds of life by person."""
    folder.mkdir(parents=True, exist_ok=True)
    _write_table(folder, "people", ("person_id", "life", "joinable"), _people(truth, lives))
    _write_table(
        folder,
        "identifiers",
        ("person_id", "namespace", "issuer", "value"),
        truth.identifiers,
    )
    _write_table(
        folder,
        "observations",
        ("person_id", "record", "on", "namespace", "issuer", "value"),
        _observations(truth),
    )
    _write_table(
        folder,
        "events",
        ("person_id", "kind", "on", "fen", "order_id", "delivered_night"),
        truth.events,
    )
    _write_table(folder, "orders", ("order_id", "kind", "not_counted"), truth.orders)
    _write_table(folder, "refunds", ("order_id", "on", "kind", "fen"), truth.refunds)
    differences = ("cause", "reference", "on", "billed_fen", "paid_fen")
    _write_table(folder, "bill_differences", differences, truth.bill_differences)
    _write_table(folder, "stages", ("person_id", "stage", "valid_from", "valid_to"), _spans(truth))


def _people(truth: Truth, lives: dict[str, str]) -> Iterable[tuple[Any, ...]]:
    return ((person, lives[person], truth.joinable[person]) for person in truth.people)


def _observations(truth: Truth) -> Iterable[tuple[Any, ...]]:
    """One row per identifier shown; an anonymous order has one row of nulls."""
    for person, record, on, shows in truth.observations:
        identifiers: list[tuple[str | None, ...]] = [*sorted(shows)] or [(None, None, None)]
        for identifier in identifiers:
            yield (person, record, on, *identifier)


def _spans(truth: Truth) -> Iterable[tuple[Any, ...]]:
    return ((person, *span) for person, found in truth.stages.items() for span in found)


def _write_table(folder: Path, name: str, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pylist([dict(zip(columns, row, strict=True)) for row in rows])
    pq.write_table(table, folder / f"{name}.parquet")

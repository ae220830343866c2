"""The sample as a folder: files as they arrive, and the truth as tables."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from followthrough.sample.truth import Truth
from followthrough.sample.unix_time import unix_seconds

if TYPE_CHECKING:
    from followthrough.sample import Delivery, Sample


def write(sample: Sample, directory: Path, progress: Callable[[str], object] | None = None) -> None:
    """Write every night's files to <source>/<night>/ and the last night's truth to truth/.

    The folder's night is the one whose deliveries bring the file; a late file's own night is in
    its name. A file's modification time is its `exported_at`. `progress` hears of every night.
    """
    for index in range(1, sample.nights + 1):
        night = sample.night(index)
        for delivery in sample.deliveries(night):
            _write_file(directory / delivery.source / f"{night}", delivery)
        if progress:
            progress(f"{night}")
    _write_truth(sample.truth(sample.last_night), sample.lives(), directory / "truth")


def _write_file(folder: Path, delivery: Delivery) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / delivery.name
    path.write_bytes(delivery.body)
    seconds = unix_seconds(delivery.exported_at)
    os.utime(path, (seconds, seconds))


def _write_truth(truth: Truth, lives: dict[str, str], folder: Path) -> None:
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

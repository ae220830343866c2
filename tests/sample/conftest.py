"""One sample for all tests, and ways to read its files back without the package's own reader."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import openpyxl
import pytest

from followthrough.sample import Delivery, Sample


@pytest.fixture(scope="session")
def sample() -> Sample:
    """The default sample; files are made when asked for."""
    return Sample()


@pytest.fixture(scope="session")
def delivered(sample: Sample) -> list[Delivery]:
    """Every file of the first sixty nights, in order of arrival."""
    return [d for index in range(1, 61) for d in sample.deliveries(sample.night(index))]


@pytest.fixture(scope="session")
def of_source(delivered: list[Delivery]) -> Callable[[str, str], list[Delivery]]:
    """Those files of a source whose name ends so."""
    return lambda source, end: [d for d in delivered if d.source == source and d.name.endswith(end)]


@pytest.fixture(scope="session")
def read_orders() -> Callable[[Delivery], list[dict[str, str]]]:
    """Reader of an order export: one dictionary per row, ids unwrapped, the summary left out."""
    return lambda delivery: list(_orders(delivery))


@pytest.fixture(scope="session")
def read_documents() -> Callable[[Delivery], list[dict[str, Any]]]:
    """Reader of a file with one JSON document per line."""
    return lambda delivery: [json.loads(line) for line in delivery.body.decode().splitlines()]


def _orders(delivery: Delivery) -> Iterator[dict[str, str]]:
    encoding = "gb18030" if delivery.night.day % 5 == 0 else "utf-8-sig"
    for row in csv.DictReader(io.StringIO(delivery.body.decode(encoding), newline="")):
        if row["订单号"] != "合计":
            yield {name: cell.strip('="\t') for name, cell in row.items()}


@pytest.fixture(scope="session")
def notes_of() -> Callable[[Delivery], list[list[str]]]:
    """Reader of a note list: every row of its sheet."""
    return lambda delivery: [
        [cell for cell in row if cell is not None]
        for row in openpyxl.load_workbook(io.BytesIO(delivery.body)).active.iter_rows(values_only=True)
    ]

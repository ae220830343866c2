"""Files of the sample by name, and their rows, read without the package's own reader."""

import csv
import io

from followthrough.sample import Delivery


def named(deliveries: list[Delivery], start: str) -> list[Delivery]:
    """The deliveries whose name starts with `start`."""
    return [delivery for delivery in deliveries if delivery.name.startswith(start)]


def orders_of(deliveries: list[Delivery]) -> list[Delivery]:
    """The order exports of the two Youzan shops."""
    return named(deliveries, "订单列表_")


def rows_of(text: str) -> list[dict[str, str]]:
    """The rows of a delimited file with a header."""
    return list(csv.DictReader(io.StringIO(text, newline="")))

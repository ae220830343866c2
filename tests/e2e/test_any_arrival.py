"""However the same files arrive: shuffled, on other nights, more than once, the same is true in the end.

Customers are compared as groups of identifiers: a name follows what was known of somebody first, and that
is what another arrival changes.
"""

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest

from followthrough.clock import SHANGHAI
from followthrough.operate import run_dag as launch
from followthrough.paths import PROJECT
from followthrough.sample import Delivery
from tests.builders.nights import SAMPLE, Nights, current

NIGHTS = [SAMPLE.night(index) for index in range(1, 6)]
DELIVERIES = [delivery for night in NIGHTS for delivery in SAMPLE.deliveries(night)]


def _everybody(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """By customer_id all identifiers of the customer, in one text."""
    rows = connection.execute(
        "select customer_id, string_agg(identifier, ' ' order by identifier) from ("
        "select customer_id, concat_ws('|', namespace, issuer, identifier) as identifier "
        "from private.run.customer_identifiers) group by customer_id"
    ).fetchall()
    return dict(rows)


def as_corrected(home: Path) -> dict[str, Counter[tuple[Any, ...]]]:
    """The rows of every published mart, with its identifiers in the place of a customer's name."""
    private = home / "warehouse" / current(home).version / "private.duckdb"
    told = {}
    with duckdb.connect(str(home / "published/current/followthrough.duckdb"), read_only=True) as connection:
        connection.execute(f"attach '{private}' as private (read_only)")
        people = _everybody(connection)
        for (table,) in connection.execute(
            "select table_name from information_schema.tables "
            "where table_schema = 'marts' and table_catalog = current_database()"
        ).fetchall():
            found = connection.execute(f"from marts.{table}")
            names = [column[0] for column in found.description]
            told[table] = Counter(
                tuple(
                    people[value] if value and name.endswith("customer_id") else value
                    for name, value in zip(names, row, strict=True)
                )
                for row in found.fetchall()
            )
    return told


def _sources(folder: Path) -> Path:
    """The sample's sources as if people dropped their files."""
    file = folder / "sources.toml"
    file.write_text((PROJECT / "sources.toml").read_text("utf-8").replace('"sample:"', '"inbox"'), "utf-8")
    return file


def _drop(home: Path, deliveries: Iterable[Delivery], again: str = "") -> None:
    """Put files into the inboxes as they were made, or ``again`` under another name and an hour later."""
    for delivery in deliveries:
        made = delivery.exported_at + timedelta(hours=1 if again else 0)
        path = home / "inbox" / delivery.source / f"{again}{delivery.night}-{delivery.name}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(delivery.body)
        os.utime(path, (made.replace(tzinfo=SHANGHAI).timestamp(),) * 2)


def _cut(deliveries: Sequence[Delivery], random: Random) -> list[list[Delivery]]:
    """The deliveries shuffled and cut into three heaps at any two places."""
    shuffled = random.sample(deliveries, len(deliveries))
    first, second = sorted(random.sample(range(1, len(shuffled)), 2))
    return [shuffled[:first], shuffled[first:second], shuffled[second:]]


@pytest.mark.parametrize(
    "seed", [11, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(12, 20))]
)
def test_shuffled_files_on_shuffled_nights_some_of_them_twice_end_in_the_same_tables(
    published: Path, nights: Nights, tmp_path: Path, seed: int
) -> None:
    home, random = tmp_path / "home", Random(seed)
    environment = {
        "FOLLOWTHROUGH_SOURCES": str(_sources(tmp_path)),
        "FOLLOWTHROUGH_HMAC_KEY": (published / "keys" / "hmac").read_bytes().hex(),
    }
    early, *others = random.sample(NIGHTS, len(NIGHTS))
    arrived: list[Delivery] = []
    for night, heap in zip((early, NIGHTS[-1], others[-1]), _cut(DELIVERIES, random), strict=True):
        _drop(home, heap)
        _drop(home, random.sample(arrived, len(arrived) // 3), again="again-")
        assert nights.run(home, night, **environment).status == launch.PUBLISHED
        arrived += heap
    assert {(load.source_id, load.sha256) for load in current(home).loads} == {
        (load.source_id, load.sha256) for load in current(published).loads
    }
    assert len({load.known_night for load in current(home).loads}) > 1 or early == NIGHTS[-1]
    expected, told = as_corrected(published), as_corrected(home)
    assert {table: expected[table] - rows for table, rows in told.items() if rows != expected[table]} == {}
    assert told.keys() == expected.keys()
    assert sum(expected["customers"].values()) > 50

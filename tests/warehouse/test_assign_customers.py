"""Assigning only those touched gives what assigning everybody gives."""

from collections.abc import Iterator, Mapping, Sequence

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followthrough.warehouse.assign_customers import assign_everybody, assign_touched, prepare

Seen = tuple[str, str]
"""Namespace and value of an identifier; one issuer is enough here."""
Records = Mapping[str, frozenset[Seen]]


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("ATTACH ':memory:' AS parent")
        for schema in ("run", "intermediate", "parent.intermediate"):
            connection.execute(f"CREATE SCHEMA {schema}")
        yield connection


def observe(connection: duckdb.DuckDBPyConnection, schema: str, records: Records) -> None:
    table = f"{schema}.int_identifier_observations"
    connection.execute(
        f"CREATE OR REPLACE TABLE {table} (record_id VARCHAR, namespace VARCHAR, issuer VARCHAR,"
        " identifier VARCHAR, first_known_night VARCHAR)"
    )
    rows = [
        (record, namespace, "", value, f"2026-09-0{1 + len(record) % 3}")
        for record, seen in records.items()
        for namespace, value in seen
    ]
    if rows:
        connection.executemany(f"INSERT INTO {table} VALUES (?, ?, ?, ?, ?)", rows)


def customers(connection: duckdb.DuckDBPyConnection) -> dict[Seen, str]:
    rows = connection.execute("SELECT namespace, identifier, customer_id FROM run.customer_identifiers")
    found = [((namespace, value), customer) for namespace, value, customer in rows.fetchall()]
    assert len(found) == len(dict(found))
    return dict(found)


def follow(connection: duckdb.DuckDBPyConnection, before: Records, after: Records) -> dict[Seen, str]:
    """Assign everybody before, then those touched by the change; the customers after it."""
    prepare(connection)
    observe(connection, "intermediate", before)
    assign_everybody(connection)
    observe(connection, "parent.intermediate", before)
    observe(connection, "intermediate", after)
    touched = [(record,) for record in {*before, *after} if before.get(record) != after.get(record)]
    connection.execute("CREATE OR REPLACE TABLE intermediate.int_touched_records (record_id VARCHAR)")
    if touched:
        connection.executemany("INSERT INTO intermediate.int_touched_records VALUES (?)", touched)
    prepare(connection)
    assign_touched(connection)
    connection.execute("DROP VIEW temp.ever")
    for table in ("touched", "connected", "shared", "reached", "fresh", "had", "has", "moved"):
        connection.execute(f"DROP TABLE temp.{table}")
    return customers(connection)


def column(connection: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    return {value for (value,) in connection.execute(f"FROM run.{table}").fetchall()}


IDENTIFIERS = st.tuples(st.sampled_from(["buyer", "openid", "phone", "phone"]), st.sampled_from("abcd"))
RECORDS = st.dictionaries(
    st.sampled_from([f"{'r' * (1 + n % 4)}{n}" for n in range(14)]),
    st.frozensets(IDENTIFIERS, min_size=1, max_size=3),
    max_size=14,
)
CHANGES = st.dictionaries(
    st.sampled_from([f"{'r' * (1 + n % 4)}{n}" for n in range(14)]),
    st.frozensets(IDENTIFIERS, max_size=3),
    max_size=4,
)


@settings(deadline=None)
@given(RECORDS, CHANGES)
def test_assigning_whoever_is_touched_gives_what_assigning_everybody_gives(connection, before, changes):
    after = {record: seen for record, seen in {**before, **changes}.items() if seen}
    followed = follow(connection, before, after)
    observe(connection, "intermediate", after)
    assign_everybody(connection)
    assert followed == customers(connection)


@settings(deadline=None)
@given(RECORDS, CHANGES)
def test_whoever_moved_is_noted(connection, before, changes):
    after = {record: seen for record, seen in {**before, **changes}.items() if seen}
    prepare(connection)
    observe(connection, "intermediate", before)
    assign_everybody(connection)
    had = customers(connection)
    has = follow(connection, before, after)
    moved = {seen for seen in {*had, *has} if had.get(seen) != has.get(seen)}
    noted = {had[seen] for seen in moved & set(had)} | {has[seen] for seen in moved & set(has)}
    assert column(connection, "reassigned_customers") == noted
    records = column(connection, "reassigned_records")
    assert {record for record, seen in after.items() if seen & moved} <= records
    assert {record for record in {*before, *after} if before.get(record) != after.get(record)} <= records


def one_phone(buyers: Sequence[str]) -> Records:
    return {f"r{n}": frozenset({("buyer", buyer), ("phone", "p")}) for n, buyer in enumerate(buyers)}


def test_a_phone_of_many_people_connects_nobody(connection):
    """A courier's phone on hundreds of parcels must not make every night resolve all their buyers."""
    before = one_phone([f"b{n}" for n in range(300)])
    after = {**before, "new": frozenset({("buyer", "new"), ("phone", "p")})}
    assert len(set(follow(connection, before, after).values())) == 302
    assert column(connection, "reassigned_records") == {"new"}


def test_a_phone_that_is_shared_from_tonight_on_parts_whom_it_joined(connection):
    before = one_phone(["b1"])
    after = {**before, "new": frozenset({("buyer", "b2"), ("phone", "p")})}
    assert len(set(follow(connection, before, after).values())) == 3
    assert "r0" in column(connection, "reassigned_records")

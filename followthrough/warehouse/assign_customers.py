"""Write the customer of every identifier into the candidate: for everybody, or for those touched tonight.

Records that show the same identifier are connected, directly or through others, whether identity resolution
joins them or not; whoever is not connected with a touched record keeps their customer. A phone that untouched
records show with two people who cannot be one connects nobody, as it joins nobody whatever else arrives.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from followthrough.warehouse.identity import PRIORITY, WEAK, Identifier, Observation, resolve

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_OBSERVATIONS = "intermediate.int_identifier_observations"
_IDENTIFIER = "namespace, issuer, identifier"


def prepare(connection: "DuckDBPyConnection") -> None:
    """Create the tables of this module where they are missing; nothing is reassigned yet."""
    connection.execute("""
        CREATE TABLE IF NOT EXISTS run.customer_identifiers
            (namespace VARCHAR, issuer VARCHAR, identifier VARCHAR, customer_id VARCHAR);
        CREATE OR REPLACE TABLE run.reassigned_records (record_id VARCHAR);
        CREATE OR REPLACE TABLE run.reassigned_customers (customer_id VARCHAR)
    """)


def assign_everybody(connection: "DuckDBPyConnection") -> None:
    """Make ``run.customer_identifiers`` from all observations; nothing counts as reassigned."""
    connection.execute("DELETE FROM run.customer_identifiers")
    _assign(connection, f"FROM {_OBSERVATIONS}")


def assign_touched(connection: "DuckDBPyConnection") -> None:
    """Update the parent's ``run.customer_identifiers`` for identifiers connected with a touched record.

    ``run.reassigned_records`` are the touched records and those showing an identifier whose customer changed;
    ``run.reassigned_customers`` the customers such an identifier had or has.
    """
    _find_connected(connection)
    connection.execute("""
        CREATE TEMP TABLE had AS
        SELECT people.* FROM run.customer_identifiers AS people
        JOIN reached USING (namespace, issuer, identifier);
        DELETE FROM run.customer_identifiers AS people WHERE EXISTS (
            SELECT 1 FROM reached WHERE reached.namespace = people.namespace
            AND reached.issuer = people.issuer AND reached.identifier = people.identifier)
    """)
    _assign(
        connection,
        f"FROM {_OBSERVATIONS} AS seen"
        f" WHERE record_id IN (SELECT record_id FROM connected) AND NOT {_is_shared('seen')}",
    )
    _note_reassigned(connection)


def _find_connected(connection: "DuckDBPyConnection") -> None:
    """Leave temporary tables of the ``reached`` identifiers and the records ``connected`` by them."""
    connection.execute(f"""
        CREATE TEMP TABLE touched AS SELECT record_id FROM intermediate.int_touched_records;
        CREATE TEMP TABLE connected AS SELECT record_id FROM touched;
        CREATE TEMP TABLE shared ({_columns()});
        CREATE TEMP TABLE reached ({_columns()});
        CREATE TEMP VIEW ever AS
        SELECT record_id, {_IDENTIFIER}, record_id IN (SELECT record_id FROM touched) AS is_touched
        FROM {_OBSERVATIONS}
        UNION ALL
        SELECT record_id || ' before', {_IDENTIFIER}, true
        FROM parent.{_OBSERVATIONS} WHERE record_id IN (SELECT record_id FROM touched);
        CREATE TEMP TABLE fresh AS SELECT DISTINCT {_IDENTIFIER} FROM ever WHERE is_touched
    """)
    while connection.execute("SELECT count(*) FROM fresh").fetchall() != [(0,)]:
        connection.execute(f"""
            INSERT INTO shared {_shared_phones()};
            DELETE FROM fresh WHERE {_is_shared("fresh")};
            INSERT INTO reached FROM fresh;
            CREATE OR REPLACE TEMP TABLE next_records AS
            SELECT DISTINCT record_id FROM {_OBSERVATIONS} JOIN fresh USING ({_IDENTIFIER})
            WHERE record_id NOT IN (SELECT record_id FROM connected);
            INSERT INTO connected FROM next_records;
            CREATE OR REPLACE TEMP TABLE fresh AS
            SELECT DISTINCT {_IDENTIFIER} FROM {_OBSERVATIONS}
            WHERE record_id IN (SELECT record_id FROM next_records)
            EXCEPT (FROM reached UNION ALL FROM shared)
        """)


def _columns() -> str:
    return ", ".join(f"{name} VARCHAR" for name in _IDENTIFIER.split(", "))


def _is_shared(rows: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM shared WHERE shared.namespace = {rows}.namespace"
        f" AND shared.issuer = {rows}.issuer AND shared.identifier = {rows}.identifier)"
    )


def _shared_phones() -> str:
    """SQL of the ``fresh`` weak identifiers that untouched records show with two people who cannot be one."""
    weak = ", ".join(f"'{namespace}'" for namespace in sorted(WEAK))
    order = " ".join(f"WHEN '{namespace}' THEN {place}" for namespace, place in PRIORITY.items())
    # One that is the best a record has, or had, may join it to that record's other phones.
    return f"""
        WITH beside AS (
            SELECT record_id, fresh.* FROM ever JOIN fresh USING ({_IDENTIFIER}) WHERE namespace IN ({weak})
        ), best AS (
            SELECT *, count(*) OVER (PARTITION BY record_id) AS identifiers
            FROM ever WHERE record_id IN (SELECT record_id FROM beside)
            QUALIFY row_number() OVER (
                PARTITION BY record_id ORDER BY CASE namespace {order} END, {_IDENTIFIER}) = 1
        ), joining AS (
            SELECT {_IDENTIFIER} FROM best WHERE namespace IN ({weak}) AND identifiers > 1
        )
        SELECT DISTINCT beside.namespace, beside.issuer, beside.identifier
        FROM beside JOIN best USING (record_id) ANTI JOIN joining
            ON beside.namespace = joining.namespace AND beside.issuer = joining.issuer
            AND beside.identifier = joining.identifier
        WHERE best.namespace NOT IN ({weak}) AND NOT best.is_touched
        GROUP BY beside.namespace, beside.issuer, beside.identifier, best.namespace, best.issuer
        HAVING count(DISTINCT best.identifier) > 1
    """


def _assign(connection: "DuckDBPyConnection", observations: str) -> None:
    """Resolve these observations and add their identifiers' customers."""
    import pyarrow as pa

    rows = connection.execute(f"SELECT record_id, {_IDENTIFIER}, first_known_night {observations}").fetchall()
    people = sorted(resolve(_observed(rows)).items())
    found = pa.table(
        {
            "namespace": pa.array([i.namespace for i, _ in people], pa.string()),
            "issuer": pa.array([i.issuer for i, _ in people], pa.string()),
            "identifier": pa.array([i.value for i, _ in people], pa.string()),
            "customer_id": pa.array([customer for _, customer in people], pa.string()),
        }
    )
    connection.register("found", found)
    connection.execute("INSERT INTO run.customer_identifiers SELECT * FROM found")
    connection.unregister("found")


def _observed(rows: Iterable[tuple[Any, ...]]) -> Iterable[Observation]:
    return (
        Observation(record, Identifier(namespace, issuer, value), known)
        for record, namespace, issuer, value, known in rows
    )


def _note_reassigned(connection: "DuckDBPyConnection") -> None:
    connection.execute(f"""
        CREATE TEMP TABLE has AS
        SELECT people.* FROM run.customer_identifiers AS people
        JOIN reached USING (namespace, issuer, identifier);
        CREATE TEMP TABLE moved AS (FROM had EXCEPT FROM has) UNION (FROM has EXCEPT FROM had);
        INSERT INTO run.reassigned_customers SELECT DISTINCT customer_id FROM moved;
        INSERT INTO run.reassigned_records
        SELECT record_id FROM touched
        UNION SELECT record_id FROM {_OBSERVATIONS} JOIN moved USING ({_IDENTIFIER})
    """)

"""A candidate in the state that build and gate 2 leave: one mart with one number."""

from datetime import date, datetime

import duckdb

from followthrough.paths import Home
from followthrough.publish import trust
from followthrough.runs.journal import Run
from followthrough.versions import candidate, history
from followthrough.versions.candidate import Candidate

RECONCILIATION = [*trust.COLUMNS["reconciliation"].items()][:-2]
PAYMENT_DAYS = trust.COLUMNS["payment_days"].items()


def run(number: int) -> Run:
    """The run of a night of September."""
    return Run(f"run {number}", date(2026, 9, number), datetime(2026, 9, number + 1, 9))


def built(home: Home, number: int, checked: bool = True) -> Run:
    """Write a candidate that holds the number; return its run."""
    current = history.head(home)
    candidate.start(home, None)
    with duckdb.connect(str(candidate.private_file(home))) as connection:
        connection.execute("CREATE SCHEMA intermediate; CREATE SCHEMA run")
        connection.execute("CREATE TABLE run.lineage (table_name VARCHAR, slug VARCHAR)")
        for model, columns in (("reconciliation", RECONCILIATION), ("payment_days", PAYMENT_DAYS)):
            typed = ", ".join(f"{name} {kind}" for name, kind in columns)
            connection.execute(f"CREATE TABLE intermediate.int_{model} ({typed})")
    with duckdb.connect(str(candidate.public_file(home))) as connection:
        connection.execute(f"CREATE SCHEMA marts; CREATE TABLE marts.t AS SELECT {number} AS number")
    candidate.save(
        home,
        Candidate(
            run(number).run_id,
            run(number).night.isoformat(),
            current.version if current else None,
            "f",
            "k",
            (),
            checks=() if checked else None,
        ),
    )
    return run(number)

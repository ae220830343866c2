"""A reader in its own process: opens the published file again and again until its input closes.

Prints one JSON object: the versions in the order first seen, the number of reads, and every error or mix of
versions: the two queries agree within a version.
"""

import json
import select
import sys
from pathlib import Path

import duckdb

QUERY = "select {one}, {other}"


def main(file: Path, one: str, other: str) -> None:
    """Read until the input closes."""
    seen: list[str] = []
    errors: list[str] = []
    reads = 0
    print("ready", flush=True)
    while not select.select([sys.stdin], [], [], 0)[0]:
        try:
            with duckdb.connect(str(file), read_only=True) as connection:
                found = connection.execute(QUERY.format(one=one, other=other)).fetchall()[0]
        except Exception as error:
            errors.append(repr(error))
            continue
        reads += 1
        if found[0] != found[1]:
            errors.append(f"mixture of {found[0]} and {found[1]}")
        if not seen or seen[-1] != str(found[0]):
            seen.append(str(found[0]))
    print(json.dumps({"seen": seen, "reads": reads, "errors": errors}))


main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])

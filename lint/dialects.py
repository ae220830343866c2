"""Check that every compiled model parses as DuckDB and as Spark SQL: `python -m lint.dialects FOLDER`.

sqlglot copies unknown functions unchanged, so every function must be one it knows in both dialects.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError


def trouble(sql: str) -> str:
    """Why one of the two engines would reject the statements, or ""."""
    try:
        unknown = sorted({function.name for function in _unknown_functions(sql)})
    except SqlglotError as error:
        return str(error).splitlines()[0]
    return f"unknown functions: {', '.join(unknown)}" if unknown else ""


def _unknown_functions(sql: str) -> Iterator[exp.Anonymous]:
    for statement in filter(None, sqlglot.parse(sql, read="duckdb")):
        spark = statement.sql("spark", unsupported_level=ErrorLevel.RAISE)
        yield from statement.find_all(exp.Anonymous)
        yield from sqlglot.parse_one(spark, read="spark").find_all(exp.Anonymous)


def main(folder: Path) -> int:
    """Print a line per rejected model; return the exit status, 1 also if there are no models."""
    models = sorted(folder.rglob("*.sql"))
    found = {path: trouble(path.read_text("utf-8")) for path in models}
    for path, why in found.items():
        if why:
            print(f"{path}: {why}")
    print(f"{len(models)} models parsed as SQL of DuckDB and of Spark")
    return 1 if not models or any(found.values()) else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

"""The schema ``bi``: views of the published tables for BI tools.

Amounts are in yuan instead of fen, and each column's comment is a short Chinese label. A mart keeps its name,
a table of ``trust`` is called ``trust_<name>``. The views name their tables with two parts, so that they work
under any name a reader attaches the file.
"""

from collections.abc import Iterable
from pathlib import Path

from followthrough.database import connect, literal, quoted
from followthrough.publish.catalogue import PublishedColumn, PublishedTable


def write(database: Path, tables: Iterable[PublishedTable]) -> None:
    """Create one view per described table that exists in the candidate."""
    with connect(database) as connection:
        connection.execute("BEGIN")  # a thousand statements, each on the disk by itself, take seconds
        connection.execute("DROP SCHEMA IF EXISTS bi CASCADE; CREATE SCHEMA bi")
        present = connection.execute(
            "SELECT table_schema, table_name FROM information_schema.tables"
        ).fetchall()
        for table in tables:
            if (table.schema, table.name) in present:
                for statement in _statements(table):
                    connection.execute(statement)
        connection.execute("COMMIT")


def _statements(table: PublishedTable) -> list[str]:
    view = f"bi.{quoted(shown_table(table))}"
    columns = ", ".join(_expression(column) for column in table.columns)
    return [
        f"CREATE VIEW {view} AS SELECT {columns} FROM {table.schema}.{quoted(table.name)}",
        f"COMMENT ON VIEW {view} IS {literal(comment(table))}",
        *(
            f"COMMENT ON COLUMN {view}.{quoted(shown_name(column))} IS {literal(label(column))}"
            for column in table.columns
        ),
    ]


def shown_table(table: PublishedTable) -> str:
    """The table's name in ``bi`` and in mirrors."""
    return table.name if table.schema == "marts" else f"{table.schema}_{table.name}"


def comment(table: PublishedTable) -> str:
    """The comment on the table in ``bi`` and mirrors: its Chinese label, grain and what adds up."""
    return f"{table.label_zh}:{table.description_zh}"


def shown_name(column: PublishedColumn) -> str:
    """The column's name in ``bi``, where amounts are in yuan."""
    return column.name.removesuffix("_fen") + "_yuan" if _is_money(column) else column.name


def label(column: PublishedColumn) -> str:
    """The Chinese label with the unit used in ``bi``."""
    return column.label_zh.replace("(分)", "(元)")


def _is_money(column: PublishedColumn) -> bool:
    return column.name.endswith("_fen")


def _expression(column: PublishedColumn) -> str:
    name, shown = quoted(column.name), quoted(shown_name(column))
    return f"CAST({name} * 0.01 AS DECIMAL(18, 2)) AS {shown}" if _is_money(column) else name

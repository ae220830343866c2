"""The schema ``bi``: the marts as people want to see them in a BI tool.

Yuan instead of fen and a short Chinese label as each column's comment; nobody has to divide by 100. The
views name their tables with two parts, so that they work under whatever name a reader attaches the file.
"""

from collections.abc import Mapping
from pathlib import Path

from followthrough.catalogue import PublishedColumn, PublishedTable
from followthrough.engine import connect, literal, quoted


def write(database: Path, tables: Mapping[str, PublishedTable]) -> None:
    """Make one view per described mart that the candidate has."""
    with connect(database) as connection:
        connection.execute("DROP SCHEMA IF EXISTS bi CASCADE; CREATE SCHEMA bi")
        present = connection.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'marts' ORDER BY 1"
        ).fetchall()
        for statement in (s for (name,) in present if name in tables for s in _statements(tables[name])):
            connection.execute(statement)


def _statements(table: PublishedTable) -> list[str]:
    view = f"bi.{quoted(table.name)}"
    columns = ", ".join(_expression(column) for column in table.columns)
    return [
        f"CREATE VIEW {view} AS SELECT {columns} FROM marts.{quoted(table.name)}",
        f"COMMENT ON VIEW {view} IS {literal(table.description.strip())}",
        *(
            f"COMMENT ON COLUMN {view}.{quoted(shown_name(column))} IS {literal(label(column))}"
            for column in table.columns
        ),
    ]


def shown_name(column: PublishedColumn) -> str:
    """The column's name in ``bi``: an amount is in yuan there."""
    return column.name.removesuffix("_fen") + "_yuan" if _is_money(column) else column.name


def label(column: PublishedColumn) -> str:
    """The Chinese label with the unit ``bi`` shows."""
    return column.label_zh.replace("(分)", "(元)")


def _is_money(column: PublishedColumn) -> bool:
    return column.name.endswith("_fen")


def _expression(column: PublishedColumn) -> str:
    name, shown = quoted(column.name), quoted(shown_name(column))
    return f"CAST({name} * 0.01 AS DECIMAL(18, 2)) AS {shown}" if _is_money(column) else name

"""The dictionary: a page of all published tables and columns, with the exports behind each table.

Beside it lies dbt's own documentation of the models that make them, which the build has written.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from followthrough import bi, catalogue
from followthrough.catalogue import PublishedTable
from followthrough.generate import DBT_PROJECT
from followthrough.paths import Home, write_atomically
from followthrough.platforms import exports
from followthrough.reports.figures import published

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_TEMPLATES = Path(__file__).parents[1] / "templates"


@dataclass(frozen=True)
class Entry:
    """One table: its rows now, and the labels of the exports its rows may come from by slug."""

    table: PublishedTable
    rows: int
    exports: dict[str, str]


def refresh(home: Home) -> Path:
    """Write the page for the version readers see, and dbt's for who wants to know how it is made."""
    import jinja2

    with published(home) as (manifest, connection):
        lineage = _lineage(connection) if "trust.lineage" in manifest.tables else {}
        entries = [
            Entry(table, manifest.tables[name]["rows"], lineage.get(name, {}))
            for name, table in sorted(catalogue.published().items())
            if name in manifest.tables
        ]
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    page = environment.get_template("dictionary.html").render(
        entries=entries,
        version=manifest.version,
        models=_write_models(home),
        shown_table=bi.shown_table,
        shown_name=bi.shown_name,
        label=bi.label,
    )
    path = home.reports / "dictionary.html"
    write_atomically(path, page.encode(), mode=0o644)
    return path


def _write_models(home: Home) -> str:
    """Set dbt's page beside the dictionary, without paths of this machine; its name, or none without it."""
    if not home.dbt_docs.exists():
        return ""
    page = home.dbt_docs.read_text("utf-8").replace(str(DBT_PROJECT), DBT_PROJECT.name)
    write_atomically(home.reports / "models.html", page.encode(), mode=0o644)
    return "models.html"


def _lineage(connection: "DuckDBPyConnection") -> dict[str, dict[str, str]]:
    """Per mart, by its full name, the exports its rows may come from; early versions tell none."""
    labels = {slug: export.label for slug, export in exports().items()}
    found: dict[str, dict[str, str]] = {}
    for table, slug in connection.execute(
        "SELECT table_name, slug FROM trust.lineage ORDER BY ALL"
    ).fetchall():
        found.setdefault(f"marts.{table}", {})[slug] = labels.get(slug, slug)
    return found

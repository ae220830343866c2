"""The data dictionary: a page of all published tables and columns, with the exports behind each table.

Beside it is dbt's documentation of the models, written by the build.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from followthrough.paths import DBT_PROJECT, Home, write_changed
from followthrough.platforms import exports
from followthrough.publish import bi_views, catalogue
from followthrough.publish.catalogue import PublishedTable
from followthrough.reports.figures import published

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True)
class Entry:
    """One table: its row count, and the labels of the exports its rows may come from, by slug."""

    table: PublishedTable
    rows: int
    exports: dict[str, str]


def refresh(home: Home) -> Path:
    """Write the page for the published version, with a link to dbt's documentation where there is one."""
    import jinja2

    with published(home) as (manifest, connection):
        lineage = _lineage(connection) if "trust.lineage" in manifest.tables else {}
        entries = [
            Entry(table, manifest.tables[name]["rows"], lineage.get(name, {}))
            for name, table in sorted(catalogue.published().items())
            if name in manifest.tables
        ]
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template("dictionary.html").render(
        entries=entries,
        version=manifest.version,
        models=_write_models(home),
        shown_table=bi_views.shown_table,
        shown_name=bi_views.shown_name,
        label=bi_views.label,
    )
    path = home.reports / "dictionary.html"
    write_changed(path, page.encode(), mode=0o644)
    return path


def _write_models(home: Home) -> str:
    """Copy dbt's page beside the dictionary, without local paths; return its name, or "" without one."""
    if not home.dbt_docs.exists():
        return ""
    page = home.dbt_docs.read_text("utf-8").replace(str(DBT_PROJECT), DBT_PROJECT.name)
    write_changed(home.reports / "models.html", page.encode(), mode=0o644)
    return "models.html"


def _lineage(connection: "DuckDBPyConnection") -> dict[str, dict[str, str]]:
    """The exports behind each mart, by its full name; empty for versions without that table."""
    labels = {slug: export.label for slug, export in exports().items()}
    found: dict[str, dict[str, str]] = {}
    for table, slug in connection.execute(
        "SELECT table_name, slug FROM trust.lineage ORDER BY ALL"
    ).fetchall():
        found.setdefault(f"marts.{table}", {})[slug] = labels.get(slug, slug)
    return found

"""dbt files generated from the platform declarations; they are committed and reviewed.

``macros/generated/declarations.sql`` holds the feeds of each entity, the columns and key of each export, and
the exports that show orders.
In ``models/staging/<platform>/``, ``_<platform>__sources.yml`` declares the bronze views; for each export
that feeds an entity ``stg_<slug>_versions.sql`` keeps all rows, described in ``_<platform>__versions.yml``.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from followthrough.contracts.export import Column, Export, Ordinal, Platform
from followthrough.load.column_sql import SQL_TYPES
from followthrough.paths import DBT_PROJECT
from followthrough.platforms import platforms as of_the_package
from followthrough.settings import Settings

ORDER_ENTITIES = frozenset({"orders", "order_states", "order_lines", "refunds", "refund_reasons"})
"""Entities whose rows are facts of an order."""

_NOTE = "written by `followthrough generate` from followthrough/platforms: do not edit"


def generated(platforms: Iterable[Platform], own: Iterable[str]) -> dict[str, str]:
    """Content by path relative to the dbt project; models are written for the platforms in ``own`` only."""
    platforms, own = list(platforms), set(own)
    files = {"macros/generated/declarations.sql": _macros([e for p in platforms for e in p.exports])}
    for platform in platforms:
        if platform.name in own:
            folder = f"models/staging/{platform.name}"
            files[f"{folder}/_{platform.name}__sources.yml"] = _sources(platform)
            fed = [export for export in platform.exports if export.feeds]
            if fed:
                files[f"{folder}/_{platform.name}__versions.yml"] = _versions_described(fed)
            files |= {f"{folder}/{_versions_name(export)}.sql": _versions(export) for export in fed}
    return files


def write_project(settings: Settings, project: Path = DBT_PROJECT) -> list[Path]:
    """Update the committed files for the package's own platforms; return the files changed."""
    inside = {n: p for n, p in settings.platforms.items() if n not in _outside_names(settings)}
    return _write(project, generated(inside.values(), inside))


def write_outside(settings: Settings) -> list[Path]:
    """Write the files for platform folders outside the package into the home; return the files changed."""
    files = generated(settings.platforms.values(), _outside_names(settings))
    return _write(settings.home.generated, files)


def _outside_names(settings: Settings) -> set[str]:
    return set(settings.platforms) - set(of_the_package())


def _write(root: Path, files: Mapping[str, str]) -> list[Path]:
    """Make the generated files under ``root`` exactly these; return those written or removed."""
    changed = [path for path in _generated_models(root) if path.relative_to(root).as_posix() not in files]
    for path in changed:
        path.unlink()
    for name, text in files.items():
        path = root / name
        if not path.exists() or path.read_text("utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
            changed.append(path)
    return changed


def _generated_models(root: Path) -> list[Path]:
    return sorted(path for path in root.glob("models/staging/*/*.*") if _NOTE in path.read_text("utf-8"))


def _macros(exports: list[Export]) -> str:
    feeds: dict[str, list[str]] = defaultdict(list)
    for export in exports:
        for entity, model in export.feeds.items():
            feeds[entity].append(model)
    columns = {export.slug: column_types(export) for export in exports}
    return "\n".join(
        [
            "{# " + _NOTE + " #}",
            _lookup("feeds", "entity", {k: sorted(v) for k, v in sorted(feeds.items())}),
            _lookup("export_columns", "slug", {slug: list(types) for slug, types in columns.items()}),
            _lookup("export_key", "slug", {export.slug: list(export.key) for export in exports}),
            _list("exports_of_orders", sorted(export.slug for export in exports if shows_orders(export))),
        ]
    )


def _lookup(macro: str, argument: str, table: Mapping[str, list[str]]) -> str:
    lines = [f"    '{name}': {values!r}," for name, values in table.items()]
    return "\n".join(
        [
            f"{{% macro {macro}({argument}) %}}",
            "{% set known = {",
            *lines,
            "} %}",
            f"{{{{ return(known.get({argument}, [])) }}}}",
            "{% endmacro %}",
            "",
        ]
    )


def _list(macro: str, names: list[str]) -> str:
    return f"{{% macro {macro}() %}}\n{{{{ return({names!r}) }}}}\n{{% endmacro %}}\n"


def shows_orders(export: Export) -> bool:
    """Whether each row is of one order and names it; only then do its changes touch no other order."""
    return bool(ORDER_ENTITIES & set(export.feeds)) and "order_id" in column_types(export)


def column_types(export: Export) -> dict[str, str]:
    """Canonical column names of an export's bronze files and their SQL types, in order."""
    types = {column.name: SQL_TYPES[type(column.type)] for column in export.columns}
    return types | ({export.ordinal.name: "BIGINT"} if export.ordinal else {})


def _described(export: Export) -> list[Column | Ordinal]:
    return [*export.columns, *([export.ordinal] if export.ordinal else [])]


def _columns_described(export: Export) -> list[dict[str, Any]]:
    return [
        {"name": c.name, "description": c.meaning, "config": {"meta": {"label_zh": c.label}}}
        for c in _described(export)
    ]


def _versions_name(export: Export) -> str:
    return f"stg_{export.slug}_versions"


def _versions(export: Export) -> str:
    return f"{{# {_NOTE} #}}\n{{{{ versions('{export.slug}') }}}}\n"


_VERSION_KEY = ("load_id", "row_number")
_VERSION_COLUMNS = {
    "row_key": "The key of the row and its source; one for all versions of it.",
    "load_id": "Name of the load it came by.",
    "row_number": "Its place in the file; with load_id the key of the model.",
    "source_id": "The configured source it came from.",
    "exported_at": "When this version was made; the newest one holds.",
    "contract_version": "Version of the contract it was read under.",
}


def _versions_described(exports: Iterable[Export]) -> str:
    models = [
        {
            "name": _versions_name(export),
            "description": f"One row per accepted row of every effective load of {export.label}, "
            f"which has {export.grain}.",
            "data_tests": [
                {
                    "unique_combination_of_columns": {
                        "name": f"{_versions_name(export)}_key",
                        "arguments": {"columns": list(_VERSION_KEY)},
                    }
                }
            ],
            "columns": [_version_column(*column) for column in _VERSION_COLUMNS.items()]
            + _columns_described(export),
        }
        for export in exports
    ]
    return _yaml({"version": 2, "models": models})


def _version_column(name: str, meaning: str) -> dict[str, Any]:
    column: dict[str, Any] = {"name": name, "description": meaning}
    return column | {"data_tests": ["not_null"]} if name in _VERSION_KEY else column


def _sources(platform: Platform) -> str:
    tables = [
        {
            "name": export.slug,
            "description": f"{export.grain[0].upper()}{export.grain[1:]} ({export.label}). "
            f"Tells: {export.signals}. Cannot tell: {export.cannot_tell}.",
            "columns": _columns_described(export),
        }
        for export in platform.exports
    ]
    document = {
        "version": 2,
        "sources": [
            {
                "name": platform.name,
                "schema": "bronze",
                "description": f"Effective loads of {platform.label} not yet applied.",
                "tables": tables,
            }
        ],
    }
    return _yaml(document)


def _yaml(document: Mapping[str, Any]) -> str:
    return f"# {_NOTE}\n" + yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=110)

"""What dbt needs to know of the declarations, written as files that are committed and reviewed.

``macros/generated/declarations.sql`` holds the feeds of each entity and the columns and key of each
export; ``models/staging/<platform>/_<platform>__sources.yml`` declares the bronze views.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import yaml

from followthrough.cast import SQL_TYPES
from followthrough.contract import Column, Export, Ordinal, Platform
from followthrough.paths import PROJECT
from followthrough.platforms import platforms as of_the_package
from followthrough.settings import Settings

DBT_PROJECT = PROJECT / "dbt_project"
_NOTE = "written by `followthrough generate` from followthrough/platforms: do not edit"


def generated(platforms: Iterable[Platform], own: Iterable[str]) -> dict[str, str]:
    """Content by path relative to the dbt project; sources are written for the platforms in ``own`` only."""
    platforms, own = list(platforms), set(own)
    files = {"macros/generated/declarations.sql": _macros([e for p in platforms for e in p.exports])}
    for platform in platforms:
        if platform.name in own:
            name = platform.name
            files[f"models/staging/{name}/_{name}__sources.yml"] = _sources(platform)
    return files


def write_project(settings: Settings, project: Path = DBT_PROJECT) -> list[Path]:
    """Bring the committed files up to date with the package's own platforms; returns what changed."""
    inside = {n: p for n, p in settings.platforms.items() if n not in _outside_names(settings)}
    return _write(project, generated(inside.values(), inside))


def write_outside(settings: Settings) -> list[Path]:
    """Write what platform folders outside the package need into the home; returns what changed."""
    files = generated(settings.platforms.values(), _outside_names(settings))
    return _write(settings.home.generated, files)


def _outside_names(settings: Settings) -> set[str]:
    return set(settings.platforms) - set(of_the_package())


def _write(root: Path, files: Mapping[str, str]) -> list[Path]:
    changed = []
    for name, text in files.items():
        path = root / name
        if not path.exists() or path.read_text("utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
            changed.append(path)
    return changed


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
        ]
    )


def _lookup(macro: str, argument: str, table: Mapping[str, list[str]]) -> str:
    lines = [f"    '{name}': {values!r}," for name, values in table.items()]
    return "\n".join(
        [f"{{% macro {macro}({argument}) %}}", "{% set known = {", *lines, "} %}",
         f"{{{{ return(known.get({argument}, [])) }}}}", "{% endmacro %}", ""]
    )  # fmt: skip


def column_types(export: Export) -> dict[str, str]:
    """Canonical column names of an export's bronze files and their SQL types, in order."""
    types = {column.name: SQL_TYPES[type(column.type)] for column in export.columns}
    return types | ({export.ordinal.name: "BIGINT"} if export.ordinal else {})


def _described(export: Export) -> list[Column | Ordinal]:
    return [*export.columns, *([export.ordinal] if export.ordinal else [])]


def _sources(platform: Platform) -> str:
    tables = [
        {
            "name": export.slug,
            "description": f"{export.grain[0].upper()}{export.grain[1:]} ({export.label}). "
            f"Tells: {export.signals}. Cannot tell: {export.silent}.",
            "columns": [
                {"name": c.name, "description": c.meaning, "config": {"meta": {"label_zh": c.label}}}
                for c in _described(export)
            ],
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
    return f"# {_NOTE}\n" + yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=110)

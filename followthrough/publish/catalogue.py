"""Descriptions of the published tables in two languages, read from the YAML files.

Those of the marts are beside their SQL, those of ``trust`` in ``trust.yml``; both use dbt's format.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from followthrough.paths import DBT_PROJECT

_TRUST = Path(__file__).with_name("trust.yml")


@dataclass(frozen=True)
class PublishedColumn:
    """One column: its labels are unique within the table and at most 20 characters."""

    name: str
    type: str
    description: str
    description_zh: str
    label_zh: str
    label_en: str


@dataclass(frozen=True)
class PublishedTable:
    """One table. ``business_date`` is the column whose months split its Parquet files, empty for small ones;
    ``key`` are the columns no two rows share.

    The descriptions start with the grain and say what adds up.
    """

    schema: str
    name: str
    description: str
    description_zh: str
    label_zh: str
    label_en: str
    business_date: str
    columns: tuple[PublishedColumn, ...]
    key: tuple[str, ...] = ()

    @property
    def full_name(self) -> str:
        """Its name in the manifest."""
        return f"{self.schema}.{self.name}"


def published() -> dict[str, PublishedTable]:
    """Every published table by its full name."""
    return {table.full_name: table for table in (*marts().values(), *trust().values())}


def marts(project: Path = DBT_PROJECT) -> dict[str, PublishedTable]:
    """Every mart by its name, in the order of the files."""
    files = sorted((project / "models" / "marts").rglob("_*__models.yml"))
    return {table.name: table for file in files for table in _tables("marts", file)}


def trust() -> dict[str, PublishedTable]:
    """Every table of ``trust`` by its name."""
    return {table.name: table for table in _tables("trust", _TRUST)}


def _tables(schema: str, file: Path) -> Iterator[PublishedTable]:
    for entry in yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader)["models"]:
        meta = _meta(entry)
        yield PublishedTable(
            schema=schema,
            name=entry["name"],
            description=entry["description"].strip(),
            description_zh=meta["description_zh"].strip(),
            label_zh=meta["label_zh"],
            label_en=meta["label_en"],
            business_date=meta.get("business_date", ""),
            columns=tuple(_column(column) for column in entry["columns"]),
            key=_key(entry),
        )


def _key(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """The first column tested to be unique, or else the columns tested to be unique together."""
    for column in entry["columns"]:
        if "unique" in column.get("data_tests", ()):
            return (column["name"],)
    name = "unique_combination_of_columns"
    together = (test[name] for test in entry.get("data_tests", ()) if name in test)
    return next((tuple(test["arguments"]["columns"]) for test in together), ())


def _column(entry: Mapping[str, Any]) -> PublishedColumn:
    meta = _meta(entry)
    return PublishedColumn(
        name=entry["name"],
        type=entry["data_type"],
        description=entry["description"],
        description_zh=meta["description_zh"],
        label_zh=meta["label_zh"],
        label_en=meta["label_en"],
    )


def _meta(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    meta: Mapping[str, Any] = entry.get("config", {}).get("meta", {})
    return meta

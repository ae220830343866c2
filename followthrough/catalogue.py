"""What the published tables are and mean, in two languages, read off the YAML beside their SQL."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from followthrough.generate import DBT_PROJECT


@dataclass(frozen=True)
class PublishedColumn:
    """One column: its labels are unique within the table and at most 20 characters."""

    name: str
    type: str
    description: str
    label_zh: str
    label_en: str


@dataclass(frozen=True)
class PublishedTable:
    """One mart. ``business_date`` is the column whose months split its Parquet files, empty for small tables;
    ``key`` are the columns no two rows share.

    The description starts with the grain and says what adds up.
    """

    name: str
    description: str
    business_date: str
    columns: tuple[PublishedColumn, ...]
    key: tuple[str, ...] = ()


def marts(project: Path = DBT_PROJECT) -> dict[str, PublishedTable]:
    """Every mart by its name, in the order of the files."""
    found = {}
    for path in sorted((project / "models" / "marts").rglob("_*__models.yml")):
        for entry in yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)["models"]:
            found[entry["name"]] = _table(entry)
    return found


def _table(entry: Mapping[str, Any]) -> PublishedTable:
    return PublishedTable(
        name=entry["name"],
        description=entry["description"],
        business_date=_meta(entry).get("business_date", ""),
        columns=tuple(_column(column) for column in entry["columns"]),
        key=_key(entry),
    )


def _key(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """The first column tested to be unique, or else the columns tested to be so together."""
    for column in entry["columns"]:
        if "unique" in column.get("data_tests", ()):
            return (column["name"],)
    together = (test["unique_together"] for test in entry.get("data_tests", ()) if "unique_together" in test)
    return next((tuple(test["arguments"]["columns"]) for test in together), ())


def _column(entry: Mapping[str, Any]) -> PublishedColumn:
    meta = _meta(entry)
    return PublishedColumn(
        name=entry["name"],
        type=entry["data_type"],
        description=entry["description"],
        label_zh=meta["label_zh"],
        label_en=meta["label_en"],
    )


def _meta(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    meta: Mapping[str, Any] = entry.get("config", {}).get("meta", {})
    return meta

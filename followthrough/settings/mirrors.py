"""Mirrors: the tables ``[mirrors.<id>]`` of the sources file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from followthrough.errors import ConfigError

KINDS = ("postgres", "mysql", "mariadb")


@dataclass(frozen=True)
class Mirror:
    """A database that holds a copy of the published version."""

    id: str
    connection: str
    reader: str = ""


def mirrors(file: object, document: Mapping[str, Any]) -> tuple[Mirror, ...]:
    """The mirrors ``document`` declares; ConfigError names ``file`` and the wrong table."""
    tables = document.get("mirrors", {})
    if not isinstance(tables, dict):
        raise ConfigError(f"{file}: mirrors is not a table", "write [mirrors.<id>]")
    for name, entry in tables.items():
        where = f"{file}: [mirrors.{name}]"
        if not isinstance(entry, dict) or set(entry) - {"connection", "reader"}:
            raise ConfigError(f"{where} is not understood", "a mirror has connection and reader")
        if not entry.get("connection"):
            raise ConfigError(f"{where} names no connection", 'add connection = "…", as Airflow knows it')
    return tuple(Mirror(name, **entry) for name, entry in tables.items())

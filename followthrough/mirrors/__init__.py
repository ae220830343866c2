"""Mirrors: the published version again in PostgreSQL, MySQL or MariaDB, for tools that open no DuckDB file.

A table ``[mirrors.<id>]`` of the sources file names an Airflow ``connection``, whose type says which server,
and as ``reader`` the account that may read. A mirror holds the views of ``bi`` under their names, and
``publication``, one row saying which version it is. What changed is loaded beside what readers see and takes
its place at once. A mirror that cannot be reached is told and tried again by the next run; nothing is
unpublished.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from followthrough.errors import ConfigError, Unavailable
from followthrough.history import manifest_from
from followthrough.paths import Home

KINDS = ("postgres", "mysql", "mariadb")


@dataclass(frozen=True)
class Mirror:
    """One database that repeats the published version."""

    id: str
    connection: str
    reader: str = ""


class Connection(Protocol):
    """The part of an Airflow connection that says where a database is."""

    conn_type: str
    host: str | None
    port: int | None
    login: str | None
    password: str | None
    schema: str | None


def mirrors(file: object, document: Mapping[str, Any]) -> tuple[Mirror, ...]:
    """The mirrors ``document`` declares; ConfigError naming ``file`` and the table for what cannot be."""
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


@dataclass(frozen=True)
class Brought:
    """How many tables each mirror took, none where it had the version; why others could not be brought."""

    taken: Mapping[str, int] = field(default_factory=dict)
    failed: Mapping[str, str] = field(default_factory=dict)

    def raise_failures(self) -> None:
        """Raise Unavailable naming every mirror that is behind, without anything secret."""
        if self.failed:
            told = "; ".join(f"{name}: {why}" for name, why in self.failed.items())
            raise Unavailable(told, "check the connection and the account; the next run tries again")


def mirror(home: Home, wanted: tuple[Mirror, ...], connection: Callable[[str], Connection]) -> Brought:
    """Bring every mirror to the published version; one that fails holds up no other."""
    if not wanted or not home.current.is_symlink():
        return Brought()
    folder = home.published / home.current.readlink()
    manifest = manifest_from((folder / "manifest.json").read_text("utf-8"))
    from followthrough.mirrors import tables

    taken: dict[str, int] = {}
    failed: dict[str, str] = {}
    for one in wanted:
        try:
            with tables.opened(folder, manifest) as publication:
                taken[one.id] = _bring(one, connection(one.connection), publication)
        except Exception as error:  # drivers and Airflow raise what they like; none holds up the rest
            failed[one.id] = _told(error)
    return Brought(taken, failed)


def _bring(one: Mirror, place: Connection, publication: Any) -> int:
    if place.conn_type not in KINDS:
        raise ConfigError(f"its connection is of type '{place.conn_type}'", f"use one of: {', '.join(KINDS)}")
    if place.conn_type == "postgres":
        from followthrough.mirrors import postgres

        return postgres.bring(place, one.reader, publication)
    from followthrough.mirrors import mysql

    return mysql.bring(place, one.reader, publication)


def _told(error: Exception) -> str:
    """The error's first line; servers put the rest, and values, on further ones."""
    return f"{type(error).__name__}: {str(error).splitlines()[0][:200] if str(error) else ''}".rstrip(": ")

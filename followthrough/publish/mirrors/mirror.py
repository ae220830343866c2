"""Update every mirror to the published version."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from followthrough.errors import ConfigError, Unavailable
from followthrough.paths import Home
from followthrough.publish.mirrors.connection import Connection
from followthrough.settings.mirrors import KINDS, Mirror
from followthrough.versions.history import manifest_from


@dataclass(frozen=True)
class Brought:
    """Tables loaded per mirror, 0 where it was up to date; and why other mirrors could not be updated."""

    taken: Mapping[str, int] = field(default_factory=dict)
    failed: Mapping[str, str] = field(default_factory=dict)

    def raise_failures(self) -> None:
        """Raise Unavailable naming every mirror that is behind; the message holds no secret."""
        if self.failed:
            reasons = "; ".join(f"{name}: {why}" for name, why in self.failed.items())
            raise Unavailable(reasons, "check the connection and the account; the next run tries again")


def update_mirrors(
    home: Home, wanted: tuple[Mirror, ...], connection: Callable[[str], Connection]
) -> Brought:
    """Update every mirror to the published version; a failing mirror does not stop the others."""
    if not wanted or not home.current.is_symlink():
        return Brought()
    folder = home.published / home.current.readlink()
    manifest = manifest_from((folder / "manifest.json").read_text("utf-8"))
    from followthrough.publish.mirrors import tables

    taken: dict[str, int] = {}
    failed: dict[str, str] = {}
    for one in wanted:
        try:
            with tables.opened(folder, manifest) as publication:
                taken[one.id] = _bring(one, connection(one.connection), publication)
        except Exception as error:  # drivers and Airflow raise many types; none may stop the other mirrors
            failed[one.id] = _first_line(error)
    return Brought(taken, failed)


def _bring(one: Mirror, place: Connection, publication: Any) -> int:
    if place.conn_type not in KINDS:
        raise ConfigError(f"its connection is of type '{place.conn_type}'", f"use one of: {', '.join(KINDS)}")
    if place.conn_type == "postgres":
        from followthrough.publish.mirrors import postgres

        return postgres.bring(place, one.reader, publication)
    from followthrough.publish.mirrors import mysql

    return mysql.bring(place, one.reader, publication)


def _first_line(error: Exception) -> str:
    """The error's first line."""
    # Servers put details, values among them, on the following lines.
    return f"{type(error).__name__}: {str(error).splitlines()[0][:200] if str(error) else ''}".rstrip(": ")

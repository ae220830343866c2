"""Servers and their credentials: kept by Airflow or the environment, read when needed, as plain values."""

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from followthrough.errors import ConfigError


@dataclass(frozen=True)
class Connection:
    """One connection as Airflow keeps it; what may be secret stays out of its ``repr``."""

    id: str
    host: str = ""
    port: int | None = None
    login: str = ""
    password: str = field(default="", repr=False)
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no log and no message may show."""
        return tuple(str(value) for value in (self.password, *self.extra.values()) if value)


Lookup = Callable[[str], Any]
"""Gives the connection of an id, with the attributes of Airflow's."""


def look_up(lookup: Lookup, name: str) -> Connection:
    """Read the connection called so; ConfigError where it cannot be had."""
    try:
        found = lookup(name)
    except Exception as error:  # the lookup is Airflow's, and so are its errors
        raise ConfigError(
            f"the connection '{name}' cannot be read ({type(error).__name__})",
            f"create it in Airflow, or set AIRFLOW_CONN_{name.upper()}",
        ) from None
    return Connection(
        id=name,
        host=found.host or "",
        port=found.port,
        login=found.login or "",
        password=found.password or "",
        extra=dict(found.extra_dejson),
    )


def base_url(connection: Connection, usual: str) -> str:
    """Where to send requests: the host of the connection, or else ``usual``.

    Raises ConfigError for plain http to another machine: what is sent there can be read on the way.
    """
    host = connection.host or usual
    url = (host if "://" in host else f"https://{host}").rstrip("/")
    url = f"{url}:{connection.port}" if connection.host and connection.port else url
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname or "")):
        return url
    raise ConfigError(
        f"the connection '{connection.id}' would send its credentials in the clear", "use an https address"
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

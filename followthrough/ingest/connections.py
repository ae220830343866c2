"""Connections to servers with their credentials, read from Airflow or the environment when needed."""

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from followthrough.errors import ConfigError


@dataclass(frozen=True)
class Connection:
    """One connection with the fields Airflow stores; secret fields are not part of the ``repr``."""

    id: str
    host: str = ""
    port: int | None = None
    login: str = ""
    password: str = field(default="", repr=False)
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Values that no log or message may show."""
        return tuple(str(value) for value in (self.password, *self.extra.values()) if value)


Lookup = Callable[[str], Any]
"""Returns the connection with an id; it has the attributes of Airflow's ``Connection``."""


def look_up(lookup: Lookup, name: str) -> Connection:
    """The connection with this id; ConfigError if it cannot be read."""
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
    """The URL for requests: the host of the connection, or else ``usual``, without a slash at the end.

    Raises ConfigError for plain http to another machine, which would send credentials unencrypted.
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

"""Channels for messages: the tables ``[channels.<id>]`` of the sources file.

``kind`` is wecom, dingtalk, feishu, webhook or email. ``url`` and ``secret`` name environment variables
(``env:NAME``), because a webhook's address is a password and must not be in a file. An e-mail channel has
the recipients in ``to`` and uses Airflow's connection ``smtp_default``. A channel with ``owners`` gets only
messages that ask one of them to do something.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from followthrough.errors import ConfigError

WEBHOOKS = ("wecom", "dingtalk", "feishu", "webhook")
KINDS = (*WEBHOOKS, "email")


@dataclass(frozen=True)
class Channel:
    """One destination of messages; its address is not part of the ``repr``."""

    id: str
    kind: str
    url: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    to: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()


def channels(
    file: object, document: Mapping[str, Any], environment: Mapping[str, str]
) -> tuple[Channel, ...]:
    """The channels ``document`` declares; ConfigError names ``file`` and the wrong table."""
    tables = document.get("channels", {})
    if not isinstance(tables, dict):
        raise ConfigError(f"{file}: channels is not a table", "write [channels.<id>]")
    return tuple(_channel(f"{file}: [channels.{name}]", name, tables[name], environment) for name in tables)


def _channel(where: str, name: str, entry: Mapping[str, Any], environment: Mapping[str, str]) -> Channel:
    wrong = sorted(set(entry) - {"kind", "url", "secret", "to", "owners"})
    if wrong:
        raise ConfigError(f"{where} {', '.join(wrong)}", "a channel has kind, url, secret, to, owners")
    kind = entry.get("kind")
    if kind not in KINDS:
        raise ConfigError(f"{where} kind is {kind!r}", f"write one of {', '.join(KINDS)}")
    needed = "to" if kind == "email" else "url"
    if not entry.get(needed):
        raise ConfigError(f"{where} has no {needed}", f"add {needed}")
    return Channel(
        id=name,
        kind=kind,
        url=_secret(where, "url", entry, environment),
        secret=_secret(where, "secret", entry, environment),
        to=tuple(entry.get("to", ())),
        owners=tuple(entry.get("owners", ())),
    )


def _secret(where: str, name: str, entry: Mapping[str, Any], environment: Mapping[str, str]) -> str:
    reference = entry.get(name, "")
    if not reference:
        return ""
    scheme, _, variable = str(reference).partition(":")
    if scheme != "env" or not environment.get(variable):
        raise ConfigError(
            f"{where} {name} names no environment variable that is set",
            f'write {name} = "env:NAME" and set NAME in the environment',
        )
    return environment[variable]

"""Settings of a team: a few environment variables and ``sources.toml``.

================================= =================================================================
FOLLOWTHROUGH_HOME       data home, ``./data`` by default
FOLLOWTHROUGH_SOURCES    the sources file, ``sources.toml`` of the project by default
FOLLOWTHROUGH_PLATFORMS  folders with platform declarations of your own, separated as in ``PATH``
FOLLOWTHROUGH_HMAC_KEY   the HMAC key as 64 hex digits, instead of ``keys/hmac`` in the home
FOLLOWTHROUGH_LOCK_WAIT_SECONDS  how long a run waits for another one, 30 by default
FOLLOWTHROUGH_SETTLE_SECONDS     how long an inbox file must be unchanged, 30 by default
FOLLOWTHROUGH_RETRY_DELAY_SECONDS  how long Airflow waits before a retry, 60 by default
FOLLOWTHROUGH_NIGHT_AT   when Airflow runs the night on the day after it, 07:30 (Shanghai) by default
FOLLOWTHROUGH_BROWSER    the Chromium that draws the page's picture, the one on the PATH by default
================================= =================================================================
"""

import hashlib
import os
import tomllib
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import Any

from followthrough.contracts.export import Export, Platform
from followthrough.errors import ConfigError
from followthrough.paths import PROJECT, Home
from followthrough.platforms import exports, platforms
from followthrough.settings.channels import Channel, channels
from followthrough.settings.forms import complaint
from followthrough.settings.mirrors import Mirror, mirrors
from followthrough.settings.schedule import Plan, changed


@dataclass(frozen=True)
class Source:
    """One account or shop of a platform, as declared in a table ``[sources.<id>]``."""

    id: str
    platform: str
    label: str
    transport: str = "inbox"
    connection: str = ""
    folder: str = ""
    since: date | None = None
    shop_id: str | None = None
    brand_id: str | None = None
    owner: str = ""
    usual: Plan = field(default_factory=Plan)
    plans: Mapping[str, Plan] = field(default_factory=dict)
    issuers: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)

    def plan(self, export: Export) -> Plan:
        """When the export is expected from this source; by default on demand if ``optional_when_empty``."""
        made_on_demand = replace(self.usual, cadence="on_demand")
        return self.plans.get(export.name, made_on_demand if export.optional_when_empty else self.usual)

    @property
    def reading(self) -> str:
        """A hash of the settings its files are read with: issuers of identifiers, and fields of a form."""
        parts = (sorted(self.issuers.items()), sorted(self.form.items()))
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:8]

    @property
    def is_sample(self) -> bool:
        """Whether its files come from the built-in sample."""
        return self.transport == "sample:"


@dataclass(frozen=True)
class SampleSettings:
    """Which sample the transport ``sample:`` delivers."""

    seed: int = 7
    people: int = 300
    nights: int = 120
    first_night: date = date(2026, 9, 1)


@dataclass(frozen=True)
class Settings:
    """Everything a step needs besides its run."""

    home: Home
    sources: tuple[Source, ...]
    shops: Mapping[str, str]
    brands: Mapping[str, str]
    sample: SampleSettings
    outside: tuple[Path, ...] = ()
    channels: tuple[Channel, ...] = ()
    mirrors: tuple[Mirror, ...] = ()
    on_call: tuple[str, ...] = ()
    lock_wait_seconds: float = 30
    settle_seconds: float = 30
    retry_delay_seconds: float = 60
    night_at: time = time(7, 30)
    browser: str = ""

    @cached_property
    def platforms(self) -> dict[str, Platform]:
        """Declared platforms by name."""
        return platforms(self.outside)

    @cached_property
    def exports(self) -> dict[str, Export]:
        """Declared exports by slug."""
        return exports(self.outside)

    @cached_property
    def used_platforms(self) -> list[str]:
        """Names of the platforms that have sources, sorted."""
        return sorted({source.platform for source in self.sources})

    def sources_of(self, platform: str) -> list[Source]:
        """The sources of one platform, sorted by id."""
        return sorted((s for s in self.sources if s.platform == platform), key=lambda s: s.id)

    def source(self, source_id: str) -> Source:
        """The source with this id; KeyError if there is none."""
        return {s.id: s for s in self.sources}[source_id]


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of the environment and the sources file; ConfigError names the wrong entry."""
    folders = environment.get("FOLLOWTHROUGH_PLATFORMS", "")
    outside = tuple(Path(p).resolve() for p in folders.split(os.pathsep) if p)
    file = Path(environment.get("FOLLOWTHROUGH_SOURCES") or PROJECT / "sources.toml").resolve()
    document = _read(file)
    settings = Settings(
        home=Home(Path(environment.get("FOLLOWTHROUGH_HOME") or PROJECT / "data").resolve()),
        sources=tuple(_source(file, name, entry) for name, entry in document["sources"].items()),
        shops=document.get("shops", {}),
        brands=document.get("brands", {}),
        sample=_sample(file, document.get("sample", {})),
        outside=outside,
        channels=channels(file, document, environment),
        mirrors=mirrors(file, document),
        on_call=_on_call(file, document),
        lock_wait_seconds=_seconds(environment, "FOLLOWTHROUGH_LOCK_WAIT_SECONDS", 30),
        settle_seconds=_seconds(environment, "FOLLOWTHROUGH_SETTLE_SECONDS", 30),
        retry_delay_seconds=_seconds(environment, "FOLLOWTHROUGH_RETRY_DELAY_SECONDS", 60),
        night_at=_hour(environment, "FOLLOWTHROUGH_NIGHT_AT", "07:30"),
        browser=environment.get("FOLLOWTHROUGH_BROWSER", ""),
    )
    for source in settings.sources:
        _check(file, settings, source)
    return settings


def _read(file: Path) -> dict[str, Any]:
    try:
        document = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{file}: no such file", "set FOLLOWTHROUGH_SOURCES to your sources file") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file}: {error}", "mend the TOML at the line named") from None
    for name in ("sources", "shops", "brands", "sample"):
        if not isinstance(document.get(name, {}), dict):
            raise ConfigError(f"{file}: {name} is not a table", f"write it as [{name}]")
    if not document.get("sources"):
        raise ConfigError(f"{file}: no [sources.<id>] table", "declare at least one source")
    return document


def _seconds(environment: Mapping[str, str], name: str, default: float) -> float:
    try:
        return float(environment.get(name) or default)
    except ValueError:
        raise ConfigError(f"{name} is not a number", "give it in seconds, such as 30") from None


def _hour(environment: Mapping[str, str], name: str, default: str) -> time:
    try:
        return datetime.strptime(environment.get(name) or default, "%H:%M").time()
    except ValueError:
        raise ConfigError(f"{name} is no time of day", f"write it like {default}") from None


def _sample(file: Path, entry: Mapping[str, Any]) -> SampleSettings:
    default = SampleSettings()
    for name, value in entry.items():
        if type(value) is not type(getattr(default, name, None)):
            raise ConfigError(
                f"{file}: [sample] {name} = {value!r}", "see sources.toml for the known entries"
            )
    return SampleSettings(**entry)


def _on_call(file: Path, document: Mapping[str, Any]) -> tuple[str, ...]:
    if "keepers" in document:  # its name until version 0.2
        warnings.warn(f"{file}: keepers is called on_call now", FutureWarning, stacklevel=2)
    name = "on_call" if "on_call" in document else "keepers"
    names = document.get(name, [])
    if not isinstance(names, list) or not all(isinstance(person, str) and person for person in names):
        raise ConfigError(f"{file}: {name} = {names!r}", 'write a list of names: on_call = ["…", "…"]')
    return tuple(names)


_PLANNING = ("cadence", "due", "due_day", "menu")
_KNOWN = {entry.name for entry in fields(Source)} - {"id", "usual", "plans"} | {*_PLANNING, "exports"}


def _source(file: Path, name: str, entry: Mapping[str, Any]) -> Source:
    if not isinstance(entry, dict):
        raise ConfigError(f"{file}: [sources.{name}] is no table", "see sources.toml for the known entries")
    if not name.replace("_", "").isalnum() or not name.isascii() or name != name.lower():
        raise ConfigError(f"{file}: source '{name}'", "name sources with a-z, 0-9 and _ only")
    unknown = sorted(set(entry) - _KNOWN)
    if unknown:
        raise ConfigError(
            f"{file}: [sources.{name}] {unknown[0]} is unknown", f"use one of: {', '.join(sorted(_KNOWN))}"
        )
    for needed in ("platform", "label"):
        if not entry.get(needed):
            raise ConfigError(f"{file}: [sources.{name}] has no {needed}", f'add {needed} = "…"')
    rest = {key: value for key, value in entry.items() if key not in (*_PLANNING, "exports")}
    try:
        usual = changed(Plan(), entry)
        plans = {export: changed(usual, table) for export, table in entry.get("exports", {}).items()}
        return Source(id=name, usual=usual, plans=plans, **rest)
    except (TypeError, ValueError, AttributeError) as error:
        raise ConfigError(
            f"{file}: [sources.{name}] {error}", "see sources.toml for the known entries"
        ) from None


TRANSPORTS: Mapping[str, tuple[str, ...]] = {
    "inbox": (),
    "sample:": (),
    "sftp:": ("connection", "folder"),
    "s3:": ("connection", "folder"),
    "api:": ("connection",),
}
"""Settings a source must have, by transport."""


def _check_transport(where: str, source: Source, declared: Platform) -> None:
    if source.transport not in TRANSPORTS:
        raise ConfigError(
            f"{where} transport '{source.transport}' is unknown", f"use one of: {', '.join(TRANSPORTS)}"
        )
    if source.transport == "api:" and declared.interface is None:
        raise ConfigError(f"{where} platform '{declared.name}' has no interface we know", 'use "inbox"')
    if source.since is not None and (source.transport != "api:" or type(source.since) is not date):
        raise ConfigError(
            f"{where} since = {source.since!r}", "give a day like 2026-09-01, of an interface only"
        )
    for name in ("connection", "folder"):
        if bool(getattr(source, name)) != (name in TRANSPORTS[source.transport]):
            missing = name in TRANSPORTS[source.transport]
            raise ConfigError(
                f"{where} transport '{source.transport}' {'needs' if missing else 'has no'} {name}",
                f'add {name} = "…"' if missing else f"remove {name}",
            )


def _check(file: Path, settings: Settings, source: Source) -> None:
    where = f"{file}: [sources.{source.id}]"
    declared = settings.platforms.get(source.platform)
    if declared is None:
        known = ", ".join(settings.platforms)
        raise ConfigError(f"{where} platform '{source.platform}' is not declared", f"use one of: {known}")
    _check_transport(where, source, declared)
    unknown = sorted(set(source.plans) - {export.name for export in declared.exports})
    if unknown:
        raise ConfigError(
            f"{where} exports.{unknown[0]} is no export of {source.platform}",
            f"use one of: {', '.join(export.name for export in declared.exports)}",
        )
    for needed in declared.settings:
        if not isinstance(source.issuers, Mapping) or not source.issuers.get(needed):
            raise ConfigError(
                f"{where} does not say who issued its identifiers", f'add issuers.{needed} = "…"'
            )
    wrong = complaint(declared.forms, source.form)
    if wrong:
        raise ConfigError(f"{where} {wrong[0]}", wrong[1])
    for kind, known_ids, value in (
        ("shop", settings.shops, source.shop_id),
        ("brand", settings.brands, source.brand_id),
    ):
        if value is not None and value not in known_ids:
            raise ConfigError(f"{where} {kind}_id '{value}' has no name", f"add it under [{kind}s]")

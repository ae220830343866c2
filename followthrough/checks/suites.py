"""Reads expectation suites: one YAML file per export or mart.

Reading does not import Great Expectations, so it is fast enough for DAG parsing and linters.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

from followthrough.errors import ConfigError
from followthrough.paths import PROJECT

EXPECTATIONS = PROJECT / "expectations"

SEVERITIES = ("critical", "warning", "info")
"""``critical`` stops the night's publication; the other two are reported."""

_SUITE_KEYS = {"suite", "table", "expectations"}
_ENTRY_KEYS = {"type", "kwargs", "severity", "reason", "reason_zh", "waivable"}


@dataclass(frozen=True)
class Expectation:
    """One expectation of a table: a Great Expectations type with its arguments, and the reason for it.

    ``reason`` is for the operator of the run, ``reason_zh`` for the person who delivers the file. A failure
    of a ``waivable`` expectation can be waived, unless it was not evaluated.
    """

    type: str
    kwargs: Mapping[str, Any]
    severity: str
    reason: str
    reason_zh: str
    waivable: bool = False


@dataclass(frozen=True)
class Suite:
    """The expectations of one export or mart, in the order of the file."""

    name: str
    table: str
    expectations: tuple[Expectation, ...]


def load_suite(path: Path) -> Suite:
    """The suite a file declares; its table is ``rows``, or ``marts.<suite>`` in a folder named ``marts``.

    Raises ConfigError, naming file and entry, for anything unknown, missing or of the wrong type.
    """
    document = _mapping(path)
    _refuse_unknown(path.name, document, _SUITE_KEYS)
    if document.get("suite") != path.stem:
        raise ConfigError(f"{path.name}: suite is {document.get('suite')!r}", f"write suite: {path.stem}")
    entries = document.get("expectations")
    if not isinstance(entries, list) or not entries:
        raise ConfigError(f"{path.name}: no list of expectations", "an empty suite would pass on any data")
    table = f"marts.{path.stem}" if path.parent.name == "marts" else "rows"
    return Suite(
        name=path.stem,
        table=document.get("table", table),
        expectations=tuple(_expectation(f"{path.name}, entry {n}", e) for n, e in enumerate(entries, 1)),
    )


@cache
def known_types() -> frozenset[str]:
    """Return the names of the expectation types of the installed Great Expectations."""
    # They are parsed from its source, as importing it takes six seconds.
    package = find_spec("great_expectations")
    if package is None or package.origin is None:
        raise ConfigError("Great Expectations is not installed", "install the project's requirements")
    listing = Path(package.origin).parent / "expectations" / "core" / "__init__.py"
    return frozenset(re.findall(r"^from \.(\w+) import", listing.read_text(encoding="utf-8"), re.MULTILINE))


def _mapping(path: Path) -> dict[str, Any]:
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(f"{path.name}: {error}", "a suite is a UTF-8 YAML file") from error
    if not isinstance(document, dict):
        raise ConfigError(f"{path.name}: not a mapping", "start the file with suite:")
    return document


def _expectation(where: str, entry: object) -> Expectation:
    if not isinstance(entry, dict):
        raise ConfigError(f"{where}: not a mapping", "start the entry with type:")
    _refuse_unknown(where, entry, _ENTRY_KEYS)
    expectation = Expectation(
        type=entry.get("type", ""),
        kwargs=entry.get("kwargs", {}),
        severity=entry.get("severity", ""),
        reason=entry.get("reason", ""),
        reason_zh=entry.get("reason_zh", ""),
        waivable=entry.get("waivable", False),
    )
    for broken, message, remedy in _faults(expectation):
        if broken:
            raise ConfigError(f"{where} ({expectation.type}): {message}", remedy)
    return expectation


def _faults(entry: Expectation) -> tuple[tuple[bool, str, str], ...]:
    """Return the rules for an entry as (is broken, message, remedy)."""
    query = entry.kwargs.get("unexpected_rows_query", "{batch}") if isinstance(entry.kwargs, dict) else ""
    return (
        (
            entry.type not in known_types(),
            f"unknown expectation type {entry.type!r}",
            "Great Expectations would drop it silently; check the spelling",
        ),
        (not isinstance(entry.kwargs, dict), "kwargs is not a mapping", "write kwargs: {column: ...}"),
        (
            entry.severity not in SEVERITIES,
            f"unknown severity {entry.severity!r}",
            f"write one of {', '.join(SEVERITIES)}",
        ),
        (
            not isinstance(entry.reason, str) or not entry.reason.strip(),
            "no reason",
            "say in one sentence which real event this guards against",
        ),
        (
            not isinstance(entry.reason_zh, str) or not re.search("[\u4e00-\u9fff]", entry.reason_zh),
            "no reason_zh",
            "say the same in Chinese, for those who bring the files",
        ),
        (not isinstance(entry.waivable, bool), "waivable is not true or false", "write waivable: true"),
        ("{batch}" not in query, "the query does not read {batch}", "write ... from {batch}"),
    )


def _refuse_unknown(where: str, entry: Mapping[str, Any], known: set[str]) -> None:
    unknown = sorted(str(key) for key in entry if key not in known)
    if unknown:
        raise ConfigError(
            f"{where}: unknown key {', '.join(unknown)}", f"allowed are {', '.join(sorted(known))}"
        )

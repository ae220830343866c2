"""The steps of the night, each under its journal entry; the DAG puts them in order."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import Any

from followthrough import build as building
from followthrough import gates, journal, mail, messages
from followthrough import load as loading
from followthrough import mirrors as mirroring
from followthrough import publish as publishing
from followthrough import pull as pulling
from followthrough.connections import Lookup
from followthrough.errors import ConfigError
from followthrough.history import head
from followthrough.journal import Run, step
from followthrough.lock import held
from followthrough.mail import Connection
from followthrough.notify import is_owed, send
from followthrough.reports import dictionary, excel
from followthrough.reports import refresh as reporting
from followthrough.settings import Settings
from followthrough.summary import summary

FIRST_SAMPLE_NIGHT = 30


def pull(settings: Settings, run: Run, platform: str, lookup: Lookup) -> dict[str, int]:
    """Land what has arrived for a platform, by the connections ``lookup`` gives; files seen by source."""
    settings.home.create()
    with step(settings.home, run, f"pull_{platform}") as result:
        pulled = pulling.pull(settings, platform, run.night, run.run_at, lookup)
        result["files"], result["pending"] = dict(pulled.files), dict(pulled.pending)
        pulled.raise_troubles()
    return dict(result["files"])


def load(settings: Settings, run: Run, platform: str) -> dict[str, int]:
    """Read what was landed for a platform; the balance of its rows."""
    with step(settings.home, run, f"load_{platform}") as result:
        result["loaded"] = asdict(loading.load(settings, platform))
    return dict(result["loaded"])


def check_loads(settings: Settings, run: Run) -> dict[str, Any]:
    """Gate 1: a verdict for every new load."""
    with step(settings.home, run, "check_loads") as result, held(settings, run.run_id):
        result["judged"] = asdict(gates.check_loads(settings, run))
    return dict(result["judged"])


def build(settings: Settings, run: Run) -> bool:
    """Build the candidate; False where the published version already says it all."""
    with step(settings.home, run, "build") as result, held(settings, run.run_id):
        built = building.build(settings, run)
        result["built"] = built is not None
        result["parent"] = built.parent if built else None
    return bool(result["built"])


def check_marts(settings: Settings, run: Run) -> int:
    """Gate 2: the number of checks the candidate passed."""
    with step(settings.home, run, "check_marts") as result, held(settings, run.run_id):
        checks = gates.check_marts(settings, run)
        result["passed"] = sum(check.passed for check in checks)
        result["warned"] = sum(not check.passed for check in checks)
    return int(result["passed"])


def publish(settings: Settings, run: Run) -> str:
    """The one switch; the version readers see now."""
    with step(settings.home, run, "publish") as result, held(settings, run.run_id):
        manifest = publishing.publish(settings, run)
        result["version"], result["checks"] = manifest.version, dict(manifest.checks)
    return str(result["version"])


def refresh(settings: Settings, run: Run) -> str:
    """Make pages and workbook of the published version; the night's page."""
    with step(settings.home, run, "refresh") as result:
        result["page"] = ""
        if settings.home.current.exists():
            made = reporting.refresh(settings)
            result["page"], result["no_picture"] = str(made.page), made.no_picture
            dictionary.refresh(settings.home)
            result["workbook"] = str(excel.refresh(settings.home))
    return str(result["page"])


def mirror(settings: Settings, run: Run, lookup: Lookup) -> dict[str, int]:
    """Bring the mirrors to the published version; how many tables each of them took."""
    if not settings.mirrors:
        return {}
    with step(settings.home, run, "mirror") as result:
        brought = mirroring.mirror(settings.home, settings.mirrors, lookup)
        result["mirrored"], result["behind"] = dict(brought.taken), list(brought.failed)
        brought.raise_failures()
    return dict(result["mirrored"])


def notify(settings: Settings, run: Run, connection: Callable[[str], Connection]) -> list[str]:
    """Tell the channels what this run came to; what could not be delivered, which fails nothing."""
    senders = {"email": mail.sender(connection)}
    with step(settings.home, run, "notify") as result:
        told = messages.after_run(settings, run) if settings.channels else []
        result["undelivered"] = send(settings.home, settings.channels, told, run.run_at, senders)
    return list(result["undelivered"])


def remind(settings: Settings, run: Run, connection: Callable[[str], Connection]) -> list[str]:
    """Ask for what is late by now, and tell what the last night still owes; what could not be delivered."""
    home, at = settings.home, run.run_at
    if not settings.channels:
        return []
    last = journal.last(home, at) if is_owed(home, at) else None
    told = messages.after_run(settings, last) if last else messages.gaps(settings, at)
    return send(home, settings.channels, told, at, {"email": mail.sender(connection)})


def told(settings: Settings, run: Run) -> str:
    """What the run has come to so far, as `make night` prints it."""
    return summary(settings.home, journal.read(settings.home, run.run_id))


def choose(settings: Settings, wanted: str, today: date) -> date:
    """The night to run: a date, a sample index, or the one that comes next.

    With the sample that is night 30 first, then the night after the published one, or that one again
    when something waits in an inbox. With real sources it is the day before ``today``.
    """
    sampled = all(source.is_sample for source in settings.sources)
    if wanted:
        return _named(settings, wanted, sampled, today)
    if not sampled:
        return date.fromordinal(today.toordinal() - 1)
    published = head(settings.home) if settings.home.history.exists() else None
    if published is None:
        return _sample_night(settings, FIRST_SAMPLE_NIGHT)
    current = date.fromisoformat(published.night)
    if pulling.waiting(settings):
        return current
    return _sample_night(settings, current.toordinal() - settings.sample.first_night.toordinal() + 2)


def _named(settings: Settings, wanted: str, sampled: bool, today: date) -> date:
    if wanted.isdecimal() and sampled:
        return _sample_night(settings, int(wanted))
    try:
        named = date.fromisoformat(wanted)
    except ValueError:
        hint = "a date like 2026-09-30" + (" or a sample night like 30" if sampled else "")
        raise ConfigError(f"'{wanted}' is no night", f"give {hint}") from None
    if sampled:
        return _sample_night(settings, named.toordinal() - settings.sample.first_night.toordinal() + 1)
    if named >= today:
        raise ConfigError(f"the night {named} is not over yet", "give one before today")
    return named


def _sample_night(settings: Settings, index: int) -> date:
    if not 1 <= index <= settings.sample.nights:
        raise ConfigError(
            f"the sample has no night {index}",
            f"choose 1 to {settings.sample.nights}, or set [sample] nights",
        )
    return date.fromordinal(settings.sample.first_night.toordinal() + index - 1)

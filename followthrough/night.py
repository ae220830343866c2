"""The steps of the night, each recorded in the journal; the DAG defines their order."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import Any

from followthrough.checks import load_gate, mart_gate
from followthrough.errors import ConfigError
from followthrough.ingest.connections import Lookup
from followthrough.ingest.pull import pull_platform, waiting
from followthrough.load.load import load_platform
from followthrough.messages import mail, run_messages
from followthrough.messages.delivery import has_undelivered, send
from followthrough.messages.mail import Connection
from followthrough.publish.mirrors.mirror import update_mirrors
from followthrough.publish.publish import publish_candidate
from followthrough.reports import dictionary, excel
from followthrough.reports.refresh import refresh_pages
from followthrough.runs import journal
from followthrough.runs.journal import Run, step
from followthrough.runs.lock import held
from followthrough.runs.summary import summary
from followthrough.settings import Settings
from followthrough.versions.earlier_results import is_earlier
from followthrough.versions.history import head
from followthrough.warehouse.build import build_candidate

FIRST_SAMPLE_NIGHT = 30


def pull_and_load(settings: Settings, run: Run, platform: str, lookup: Lookup) -> dict[str, Any]:
    """Pull a platform's files, then load what has landed; a pull that failed fails after the load."""
    try:
        files = pull(settings, run, platform, lookup)
    finally:
        loaded = load(settings, run, platform)
    return {"files": files, "loaded": loaded}


def pull(settings: Settings, run: Run, platform: str, lookup: Lookup) -> dict[str, int]:
    """Land what has arrived for a platform; the number of files by source. ``lookup`` finds connections."""
    settings.home.create()
    with step(settings.home, run, f"pull_{platform}") as result:
        pulled = pull_platform(settings, platform, run.night, run.run_at, lookup)
        result["files"], result["pending"] = dict(pulled.files), dict(pulled.pending)
        pulled.raise_failures()
    return dict(result["files"])


def load(settings: Settings, run: Run, platform: str) -> dict[str, int]:
    """Load a platform's landed files into typed rows; the counts of files and rows."""
    with step(settings.home, run, f"load_{platform}") as result:
        result["loaded"] = asdict(load_platform(settings, platform))
    return dict(result["loaded"])


def check_loads(settings: Settings, run: Run) -> dict[str, Any]:
    """Run gate 1 on every new load; the counts by verdict and the refusals."""
    with step(settings.home, run, "check_loads") as result, held(settings, run.run_id):
        result["judged"] = asdict(load_gate.check_loads(settings, run))
    return dict(result["judged"])


def build(settings: Settings, run: Run) -> bool:
    """Build the candidate; False if the published version is already up to date."""
    with step(settings.home, run, "build") as result, held(settings, run.run_id):
        built = build_candidate(settings, run)
        result["built"] = built is not None
        result["parent"] = built.parent if built else None
        result["anew"] = built.anew if built else ""
    return bool(result["built"])


def check_marts(settings: Settings, run: Run) -> int:
    """Run gate 2 on the candidate; the number of checks it passed."""
    with step(settings.home, run, "check_marts") as result, held(settings, run.run_id):
        checks = mart_gate.check_marts(settings, run)
        result["passed"] = sum(check.passed for check in checks)
        result["warned"] = sum(not check.passed for check in checks)
        result["earlier"] = sum(is_earlier(check.observed) for check in checks)
    return int(result["passed"])


def publish(settings: Settings, run: Run) -> str:
    """Switch readers to the candidate; the name of the version they see now."""
    with step(settings.home, run, "publish") as result, held(settings, run.run_id):
        manifest = publish_candidate(settings, run)
        result["version"], result["checks"] = manifest.version, dict(manifest.checks)
    return str(result["version"])


def refresh(settings: Settings, run: Run) -> str:
    """Write pages, picture and dictionary of the published version; the path of the night's page."""
    with step(settings.home, run, "refresh") as result:
        result["page"] = ""
        if settings.home.current.exists():
            made = refresh_pages(settings)
            result["page"], result["no_picture"] = str(made.page), made.no_picture
            dictionary.refresh(settings.home)
    return str(result["page"])


def workbook(settings: Settings, run: Run) -> str:
    """Write the workbook of the published version; its path."""
    with step(settings.home, run, "workbook") as result:
        published = settings.home.current.exists()
        result["workbook"] = str(excel.refresh(settings.home)) if published else ""
    return str(result["workbook"])


def mirror(settings: Settings, run: Run, lookup: Lookup) -> dict[str, int]:
    """Update the mirrors to the published version; the number of tables written, by mirror."""
    if not settings.mirrors:
        return {}
    with step(settings.home, run, "mirror") as result:
        brought = update_mirrors(settings.home, settings.mirrors, lookup)
        result["mirrored"], result["behind"] = dict(brought.taken), list(brought.failed)
        brought.raise_failures()
    return dict(result["mirrored"])


def notify(settings: Settings, run: Run, connection: Callable[[str], Connection]) -> list[str]:
    """Send messages about this run; the deliveries that failed, which do not fail the step."""
    senders = {"email": mail.sender(connection)}
    with step(settings.home, run, "notify") as result:
        to_send = run_messages.after_run(settings, run) if settings.channels else []
        result["undelivered"] = send(settings.home, settings.channels, to_send, run.run_at, senders)
    return list(result["undelivered"])


def remind(settings: Settings, run: Run, connection: Callable[[str], Connection]) -> list[str]:
    """Send reminders of late files and the last run's undelivered messages; the deliveries that failed."""
    home, at = settings.home, run.run_at
    if not settings.channels:
        return []
    last = journal.last(home, at) if has_undelivered(home, at) else None
    to_send = run_messages.after_run(settings, last) if last else run_messages.gaps(settings, at)
    return send(home, settings.channels, to_send, at, {"email": mail.sender(connection)})


def run_summary(settings: Settings, run: Run) -> str:
    """Plain text summary of the run so far, as `make night` prints it."""
    return summary(settings.home, journal.read(settings.home, run.run_id))


def choose(settings: Settings, wanted: str, today: date) -> date:
    """The night to run: the date or sample index in ``wanted``, or else the next one.

    With real sources the next night is the day before ``today``. With the sample it is night 30 first, then
    the night after the published one, or the published one again while files wait in an inbox.
    Raises ConfigError for a night that does not exist or is not over.
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
    if waiting(settings):
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

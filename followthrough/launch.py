"""Run the night's DAG in this process, through Airflow, with an embedded database and nothing to set up."""

import os
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from importlib.metadata import version
from typing import Any, NoReturn

from followthrough import airflow_home, journal
from followthrough.clock import now
from followthrough.errors import FollowthroughError
from followthrough.journal import Run
from followthrough.lock import held
from followthrough.settings import Settings, from_environment
from followthrough.space import refuse_full_disk, refuse_read_only
from followthrough.summary import line, summary

PUBLISHED, FAILED, WRONG_USE, REFUSED = 0, 1, 2, 3
_CHUNK = 1 << 16
_LAST_WORDS_SECONDS = 5
"""A program that a step started may live on, and with it the pipe it speaks to."""

_DAG = airflow_home.DAGS / "nightly.py"


def start(settings: Settings, night: date, full: bool) -> NoReturn:
    """Become the DAG file run as a program, in an environment made for it; its status is ours.

    Raises FollowthroughError where the disk would stop it anyway: Airflow has no words for that.
    """
    refuse_read_only(settings.home)
    settings.home.create()
    refuse_full_disk(settings.home, (), ())
    environment = {**os.environ, **night_environment(settings)}
    prepared = settings.home.airflow / f"night-{version('apache-airflow')}.prepared"
    if not prepared.exists():
        print("preparing Airflow's embedded database", flush=True)
        with held(settings, "preparing Airflow"):
            airflow_home.prepare(environment)
        prepared.touch()
    arguments = [night.isoformat(), *(["full"] if full else [])]
    os.execve(sys.executable, [sys.executable, str(_DAG), *arguments], environment)  # noqa: S606


def night_environment(settings: Settings) -> dict[str, str]:
    """Settings of the Airflow that runs one night in this process: it says little and retries at once.

    Its metadata are its own: the scheduler of a served Airflow would take this night's tasks for its work.
    """
    return {
        **airflow_home.environment(settings, settings.home.airflow / "night.db"),
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
        "FOLLOWTHROUGH_RETRY_DELAY_SECONDS": "0",
        "PYTHONWARNINGS": "ignore",
    }


def run(dag: Any, arguments: Sequence[str]) -> NoReturn:
    """Run ``dag`` for the night in ``arguments``, with a line per step, and exit with the night's status."""
    settings = from_environment()
    night, full = date.fromisoformat(arguments[0]), "full" in arguments[1:]
    started = Run(f"night__{night}__{now().isoformat()}__{os.getpid()}", night, now(), full)
    print(f"night {night} in {settings.home.root}", flush=True)
    try:
        with held(settings, started.run_id), _progress(settings, started):
            dag.test(run_conf={"night": night.isoformat(), "full": full, "journal": started.run_id})
    except FollowthroughError as error:
        print(f"followthrough: {error}", file=sys.stderr)
        sys.exit(FAILED)
    steps = journal.read(settings.home, started.run_id)
    print(summary(settings.home, steps))
    sys.exit(status(steps))


def status(steps: Sequence[Mapping[str, Any]]) -> int:
    """The exit status a run's steps come to."""
    last = {step["step"]: step for step in steps}
    if last.get("check_marts", {}).get("error") == "GateRefused":
        return REFUSED
    published = (
        "error" not in last.get("publish", {"error": ""}) or last.get("build", {}).get("built") is False
    )
    finished = all("error" not in last.get(name, {}) for name in ("refresh", "mirror"))
    return PUBLISHED if published and finished else FAILED


@contextmanager
def _progress(settings: Settings, run: Run) -> Iterator[None]:
    """Print each step as it ends; Airflow's own output goes to a log beside the journal."""
    log = os.open(settings.home.runs / "airflow.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    out, saved = os.dup(1), os.dup(2)
    said, saying = os.pipe()
    ended = threading.Event()
    follower = threading.Thread(target=_follow, args=(settings, run, out, ended), daemon=True)
    keeper = threading.Thread(target=_keep, args=(said, log), daemon=True)
    for descriptor in (1, 2):
        os.dup2(saying, descriptor)
    os.close(saying)
    follower.start()
    keeper.start()
    try:
        yield
    finally:
        ended.set()
        follower.join()
        sys.stdout.flush()
        sys.stderr.flush()
        os.dup2(out, 1)
        os.dup2(saved, 2)
        keeper.join(_LAST_WORDS_SECONDS)
        os.close(out)
        os.close(saved)


def _keep(said: int, log: int) -> None:
    """Write what is said to a log; what a full disk does not take is lost, and whoever said it goes on."""
    while text := os.read(said, _CHUNK):
        with suppress(OSError):
            os.write(log, text)
    os.close(said)
    os.close(log)


def _follow(settings: Settings, run: Run, out: int, ended: threading.Event) -> None:
    told = 0
    while True:
        last_look = ended.wait(0.1)
        for entry in journal.read(settings.home, run.run_id)[told:]:
            os.write(out, f"{line(entry)}\n".encode())
            told += 1
        if last_look:
            return

"""Run the night's DAG in this process, through Airflow, with an embedded database and no set-up."""

import gc
import os
import runpy
import sys
import threading
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from importlib.metadata import version
from select import select
from typing import Any, NoReturn

from followthrough.clock import now
from followthrough.errors import FollowthroughError
from followthrough.operate import airflow_home
from followthrough.runs import journal
from followthrough.runs.disk_space import refuse_full_disk, refuse_read_only
from followthrough.runs.journal import Run
from followthrough.runs.lock import held
from followthrough.runs.summary import line, summary
from followthrough.settings import Settings, from_environment

PUBLISHED, FAILED, WRONG_USE, REFUSED = 0, 1, 2, 3
_CHUNK = 1 << 16
_LOOK_SECONDS = 0.1
_OBJECTS_BETWEEN_COLLECTIONS = 200_000
"""Libraries make millions of objects that stay; by Python's 700, looking through them costs seconds."""

_DAG = airflow_home.DAGS / "nightly.py"


def start(settings: Settings, night: date, full: bool) -> NoReturn:
    """Run the night's DAG in this process and exit with the night's status.

    Raises FollowthroughError if the disk is read-only or too full.
    """
    # Airflow reports neither in understandable words.
    refuse_read_only(settings.home)
    settings.home.create()
    refuse_full_disk(settings.home, (), ())
    os.environ.update(night_environment(settings))
    prepared = settings.home.airflow / f"night-{version('apache-airflow')}.prepared"
    if not prepared.exists():
        print("preparing Airflow's embedded database", flush=True)
        with held(settings, "preparing Airflow"):
            airflow_home.prepare()
        prepared.touch()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    warnings.simplefilter("ignore")
    sys.path.insert(0, str(_DAG.parent))
    # Airflow reads the environment when it is imported, and this file is the first to import it.
    run(runpy.run_path(str(_DAG))["night_dag"], night, full)


def night_environment(settings: Settings) -> dict[str, str]:
    """Settings of the Airflow that runs one night in this process: little output, immediate retries."""
    # It has its own metadata, or the scheduler of a served Airflow would take over this night's tasks.
    return {
        **airflow_home.environment(settings, settings.home.airflow / "night.db"),
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
        "FOLLOWTHROUGH_RETRY_DELAY_SECONDS": "0",
        "PYTHONWARNINGS": "ignore",
    }


def run(dag: Any, night: date, full: bool) -> NoReturn:
    """Run ``dag`` for the night, print a line per step, and exit with the night's status."""
    settings = from_environment()
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
    """The exit status for a run's steps."""
    last = {step["step"]: step for step in steps}
    if last.get("check_marts", {}).get("error") == "GateRefused":
        return REFUSED
    published = (
        "error" not in last.get("publish", {"error": ""}) or last.get("build", {}).get("built") is False
    )
    finished = all("error" not in last.get(name, {}) for name in ("refresh", "workbook", "mirror"))
    return PUBLISHED if published and finished else FAILED


@contextmanager
def _progress(settings: Settings, run: Run) -> Iterator[None]:
    """Print each step as it ends; Airflow's own output goes to a log beside the journal."""
    log = os.open(settings.home.runs / "airflow.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    out, saved = os.dup(1), os.dup(2)
    pipe_end, pipe_start = os.pipe()
    ended, written = threading.Event(), threading.Event()
    follower = threading.Thread(target=_follow, args=(settings, run, out, ended), daemon=True)
    log_writer = threading.Thread(target=_write_log, args=(pipe_end, log, written), daemon=True)
    for descriptor in (1, 2):
        os.dup2(pipe_start, descriptor)
    os.close(pipe_start)
    follower.start()
    log_writer.start()
    try:
        yield
    finally:
        ended.set()
        follower.join()
        sys.stdout.flush()
        sys.stderr.flush()
        os.dup2(out, 1)
        os.dup2(saved, 2)
        written.set()
        log_writer.join()
        os.close(out)
        os.close(saved)


def _write_log(pipe_end: int, log: int, written: threading.Event) -> None:
    """Copy the pipe to a log."""
    # What a full disk rejects is dropped, so that the writing process never blocks.
    while text := _next_output(pipe_end, written):
        with suppress(OSError):
            os.write(log, text)
    os.close(pipe_end)
    os.close(log)


def _next_output(pipe_end: int, written: threading.Event) -> bytes:
    """What the pipe holds next; empty once all is ``written`` and read."""
    # A program that a step started, as multiprocessing's resource tracker, may hold the pipe open for ever.
    while True:
        last_look = written.is_set()
        if select([pipe_end], [], [], _LOOK_SECONDS)[0]:
            return os.read(pipe_end, _CHUNK)
        if last_look:
            return b""


def _follow(settings: Settings, run: Run, out: int, ended: threading.Event) -> None:
    printed = 0
    while True:
        last_look = ended.wait(_LOOK_SECONDS)
        for entry in journal.read(settings.home, run.run_id)[printed:]:
            os.write(out, f"{line(entry)}\n".encode())
            printed += 1
        if last_look:
            return

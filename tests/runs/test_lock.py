"""One run at a time works on a home, and a dead one holds nothing."""

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from followthrough.errors import LockedOut
from followthrough.runs.lock import held

HOLDER = """
import sys
from followthrough.runs.lock import held
from followthrough.settings import from_environment
with held(from_environment({"FOLLOWTHROUGH_HOME": sys.argv[1]}), "the other run"):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def holder(settings) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock until it is told to end."""
    command = [sys.executable, "-c", HOLDER, str(settings.home.root)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_who_waits_in_vain_is_told_who_holds_the_home(settings, holder):
    started = time.monotonic()
    with (
        pytest.raises(LockedOut, match=f'"the other run", "pid": {holder.pid}'),
        held(replace(settings, lock_wait_seconds=0.5), "ours"),
    ):
        pass
    assert time.monotonic() - started >= 0.5


def test_the_second_run_goes_on_when_the_first_ends(settings, holder):
    holder.stdin.write("\n")
    holder.stdin.flush()
    with held(replace(settings, lock_wait_seconds=20), "ours"):
        assert holder.wait(timeout=20) == 0


def test_a_killed_holder_holds_nothing(settings, holder):
    holder.kill()
    holder.wait()
    with held(replace(settings, lock_wait_seconds=0), "ours"):
        pass


def test_a_run_may_take_its_lock_again(settings):
    with held(settings, "ours"):
        with held(settings, "ours"):
            pass
        assert '"ours"' in (settings.home.root / "lock").read_text()


def test_an_error_gives_the_lock_back(settings):
    with pytest.raises(ZeroDivisionError), held(settings, "ours"):
        _ = 1 / 0
    with held(replace(settings, lock_wait_seconds=0), "ours"):
        pass


def test_two_homes_do_not_wait_for_each_other(settings, holder, tmp_path):
    from followthrough.paths import Home

    elsewhere = Home(tmp_path / "elsewhere").create()
    with held(replace(settings, home=elsewhere, lock_wait_seconds=0), "ours"):
        pass

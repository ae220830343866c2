"""A disk that is full, or cannot be written to, is told by name, and readers keep what they have."""

import errno
import os
import shutil
import subprocess
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime

import pytest
from click.testing import CliRunner

from followthrough import cli, night
from followthrough.errors import FollowthroughError
from followthrough.operate import run_dag as launch
from followthrough.paths import Home
from followthrough.publish.publish import publish_candidate
from followthrough.publish.summaries import summarise
from followthrough.runs.disk_space import disk_error, refuse_full_disk, refuse_read_only
from followthrough.runs.journal import Run


@pytest.fixture
def small_disk(tmp_path):
    """A home on a disk of 80 MB."""
    if os.geteuid():
        pytest.skip("only root can mount a small disk")
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=80m", "tmpfs", folder], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"cannot mount a small disk: {mounted.stderr.decode()}")
    yield Home(folder)
    subprocess.run(["umount", "--lazy", folder], check=True)  # dbt keeps its log open


def file_of(folder, name, megabytes):
    path = folder / name
    path.write_bytes(bytes(megabytes << 20))
    return path


def test_there_is_room_for_a_small_night(small_disk):
    refuse_full_disk(small_disk, (), ())


def test_a_parent_that_cannot_be_copied_is_told_before_the_build(small_disk):
    parent = file_of(small_disk.root, "private.duckdb", 6)
    with pytest.raises(FollowthroughError, match=r"74 MB free, the build may take 82 MB") as refused:
        refuse_full_disk(small_disk, (parent,), ())
    assert "readers keep the version they have" in refused.value.remedy


def test_what_came_new_needs_room_as_well(small_disk, tmp_path):
    new = file_of(tmp_path, "new.parquet", 2)
    with pytest.raises(FollowthroughError, match="80 MB free, the build may take 84 MB"):
        refuse_full_disk(small_disk, (), (new, tmp_path / "never came"))


@pytest.fixture
def home(small_disk):
    """The home of this test is on the small disk."""
    return small_disk.create()


RUN = Run("run", date(2026, 9, 1), datetime(2026, 9, 2, 9))


def fill(home):
    free = shutil.disk_usage(home.root).free
    with suppress(OSError):
        file_of(home.root, "filling", free // (1 << 20) + 1)


def drop(home, megabytes):
    (home.inbox / "youzan_moss").mkdir(exist_ok=True)
    file_of(home.inbox / "youzan_moss", "订单.csv", megabytes)


@pytest.fixture
def by_hand(settings):
    return replace(settings, sources=tuple(replace(s, transport="inbox") for s in settings.sources))


def test_a_full_disk_in_landing_is_told_and_the_file_waits(by_hand, home):
    drop(home, 30)
    file_of(home.root, "filling", 30)
    with pytest.raises(FollowthroughError, match=r"the disk of .* is full -> free some space"):
        night.pull(by_hand, RUN, "youzan", {}.__getitem__)
    assert (home.inbox / "youzan_moss" / "订单.csv").exists()
    (home.root / "filling").unlink()
    assert night.pull(by_hand, RUN, "youzan", {}.__getitem__)["youzan_moss"] == 1


def test_a_full_disk_in_build_is_told_as_such_and_not_as_an_error_of_dbt(home, build_model):
    file_of(home.root, "filling", 70)
    with pytest.raises(FollowthroughError, match=r"the disk of .* is full -> free some space"):
        build_model("select md5(cast(i as varchar)) as a from range(1500000) as t(i)")
    (home.root / "filling").unlink()
    assert build_model("select 1 as a") == [(1,)]


def test_a_full_disk_in_publish_leaves_the_version_readers_have(settings, home, built):
    publish_candidate(settings, built(1))
    wanted = built(2)
    fill(home)
    with pytest.raises(FollowthroughError, match="is full"):
        night.publish(settings, wanted)
    assert os.readlink(home.current) == "000001-2026-09-01"
    assert summarise(home.current / "followthrough.duckdb", {})["marts.t"]["rows"] == 1
    (home.root / "filling").unlink()
    assert night.publish(settings, built(2)) == "000002-2026-09-02"


@pytest.fixture
def read_only(home):
    """The home, mounted for reading only."""
    drop(home, 1)
    subprocess.run(["mount", "-o", "remount,ro", home.root], check=True)
    yield home
    subprocess.run(["mount", "-o", "remount,rw", home.root], check=True)


def test_a_home_that_cannot_be_written_to_is_told(by_hand, read_only):
    with pytest.raises(FollowthroughError, match="cannot be written to -> mount it"):
        night.pull(by_hand, RUN, "youzan", {}.__getitem__)


@pytest.mark.parametrize("place", [".", "not/yet/made"])
def test_a_read_only_disk_is_told_before_anything_is_tried(read_only, place):
    with pytest.raises(FollowthroughError, match="cannot be written to -> mount it"):
        refuse_read_only(Home(read_only.root / place))


def test_a_disk_that_can_be_written_to_is_not_refused(home):
    refuse_read_only(Home(home.root / "not" / "yet" / "made"))


def test_every_command_says_what_is_the_matter_with_the_disk(read_only, monkeypatch):
    monkeypatch.setenv("FOLLOWTHROUGH_HOME", str(read_only.root))
    told = CliRunner().invoke(cli.main, ["resume"])
    assert told.exit_code == launch.FAILED
    assert told.output == f"followthrough: {read_only.root} cannot be written to -> mount it for writing\n"


def test_another_error_is_no_trouble_of_the_disk(home):
    inner = OSError(errno.ENOSPC, "No space left on device")
    assert disk_error(OSError(errno.ENOENT, "no such file"), home) is None
    assert "is full" in disk_error(ExceptionGroup("files", [ValueError(), inner]), home).message

"""A build that would fill the disk is not begun."""

import os
import subprocess

import pytest

from followthrough.errors import FollowthroughError
from followthrough.paths import Home
from followthrough.space import refuse_full_disk


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
    subprocess.run(["umount", folder], check=True)


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

"""Zones others may not read are closed to them, and a file is never half written."""

import errno
import fcntl
import hashlib
import os
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from followthrough.paths import Home, copy_file, sha256_of, write_atomically

CLOSED = {
    "landing",
    "pulls",
    "history",
    "index",
    "keys",
    "archives",
    "bronze",
    "quarantine",
    "loads",
    "warehouse",
    "runs",
    "drawings",
    "dbt",
    "airflow",
}
OPEN = {"inbox", "published", "reports"}


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_private_zones_are_closed_to_everybody_else(tmp_path):
    home = Home(tmp_path / "deep" / "home").create()
    assert {p.name for p in home.root.iterdir()} == CLOSED | OPEN
    assert {name: mode(home.root / name) for name in CLOSED} == dict.fromkeys(CLOSED, 0o700)


def test_a_file_is_shared_where_the_file_system_can_and_copied_elsewhere(tmp_path, monkeypatch):
    """Asked as Linux has it: the copy, FICLONE, the file it is to share blocks with."""
    (tmp_path / "source").write_bytes(b"content")
    asked = []

    def shares(copy, request, source):
        asked.append((copy.name, request, os.readlink(f"/proc/self/fd/{source}")))
        copy.write(b"shared")

    monkeypatch.setattr(fcntl, "ioctl", shares)
    copy_file(tmp_path / "source", tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == b"shared"
    assert asked == [(str(tmp_path / "copy"), 0x40049409, str(tmp_path / "source"))]

    def cannot(*_):
        raise OSError(errno.EOPNOTSUPP, "Operation not supported")

    monkeypatch.setattr(fcntl, "ioctl", cannot)
    copy_file(tmp_path / "source", tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == b"content"


def test_a_copy_has_the_content_and_is_a_file_of_its_own(tmp_path):
    (tmp_path / "source").write_bytes(b"content")
    copy_file(tmp_path / "source", tmp_path / "copy")
    (tmp_path / "copy").write_bytes(b"changed")
    assert (tmp_path / "source").read_bytes() == b"content"
    assert sha256_of(tmp_path / "source") == hashlib.sha256(b"content").hexdigest()


def test_creating_a_home_again_keeps_what_is_in_it(home):
    home.key.write_bytes(b"key")
    assert home.create().key.read_bytes() == b"key"


def test_a_file_is_replaced_whole_and_for_its_owner_only(tmp_path):
    path = tmp_path / "new folder" / "file"
    for content in (b"first", b"second"):
        write_atomically(path, content)
        assert (path.read_bytes(), mode(path)) == (content, 0o600)
    write_atomically(path, b"third", 0o644)
    assert mode(path) == 0o644 & ~_umask()
    assert list(path.parent.iterdir()) == [path]


def test_two_threads_may_write_the_same_file(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        for written in [pool.submit(write_atomically, tmp_path / "file", b"same") for _ in range(200)]:
            written.result()
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def _umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_write_that_fails_leaves_the_old_file(tmp_path, monkeypatch, call):
    def fail(*_):
        raise OSError("disk full")

    write_atomically(tmp_path / "file", b"old")
    with monkeypatch.context() as patch:
        patch.setattr(os, call, fail)
        with pytest.raises(OSError, match="disk full"):
            write_atomically(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"old"
    write_atomically(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"new"

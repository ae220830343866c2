"""A folder on a server is landed once and whole, and a server in trouble is named and waited for."""

import os
import signal
import subprocess
import threading
import time
from dataclasses import replace
from datetime import datetime

import pytest

from followthrough.clock import SHANGHAI
from followthrough.errors import ConfigError, Unavailable
from followthrough.ingest.landing import landed
from followthrough.ingest.transports import sftp_s3
from followthrough.ingest.transports.sftp_s3 import pull_folder

RUN_AT = datetime(2026, 9, 2, 9)
SOURCE = "shop"
OLD = datetime(2026, 9, 1, 10, 30).timestamp()


@pytest.fixture
def served(source_of, sftp):
    """Settings whose source is the folder of the SFTP server."""
    return source_of(transport="sftp:", folder=str(sftp.folder))


@pytest.fixture
def stored(source_of, s3):
    """Settings whose source is a prefix in the store."""
    return source_of(transport="s3:", folder="exports/shop")


def put(folder, name, content=b"rows", at=OLD):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (at, at))
    return path


def pulled(settings, connection, run_at=RUN_AT):
    (source,) = settings.sources
    return pull_folder(settings, source, run_at, lambda name: connection)


def arrivals(settings):
    return {s.name: file for file in landed(settings.home, SOURCE) for s in file.sightings}


def leftovers(settings):
    folder = settings.home.landing / SOURCE
    return [p.name for p in folder.iterdir() if p.name.startswith(".")] if folder.exists() else []


def test_everything_below_an_sftp_folder_is_landed_once(served, sftp):
    put(sftp.folder, "订单 (1).csv", b"rows")
    put(sftp.folder, "2026/09/01/退款.csv", b"more rows")
    assert pulled(served, sftp.connection()) == 2
    found = arrivals(served)
    assert {name: file.path.read_bytes() for name, file in found.items()} == {
        "订单 (1).csv": b"rows",
        "退款.csv": b"more rows",
    }
    assert found["退款.csv"].exported_at == datetime.fromtimestamp(OLD, SHANGHAI).replace(tzinfo=None)
    assert pulled(served, sftp.connection()) == 0
    assert sorted(p.name for p in sftp.folder.rglob("*.csv")) == ["订单 (1).csv", "退款.csv"]


def test_everything_below_a_prefix_of_a_store_is_landed_once(stored, s3):
    s3.files.pipe("exports/shop/订单.csv", b"rows")
    s3.files.pipe("exports/shop/2026/退款.csv", b"more rows")
    s3.files.pipe("exports/shopping/other.csv", b"of somebody else")
    assert pulled(stored, s3.connection()) == 2
    assert {name: file.path.read_bytes() for name, file in arrivals(stored).items()} == {
        "订单.csv": b"rows",
        "退款.csv": b"more rows",
    }
    assert pulled(stored, s3.connection()) == 0


def test_what_is_landed_is_not_fetched_again(served, sftp, monkeypatch):
    put(sftp.folder, "a.csv")
    pulled(served, sftp.connection())
    monkeypatch.setattr(sftp_s3, "Download", lambda *a: pytest.fail("it was fetched again"))
    assert pulled(served, sftp.connection()) == 0


def test_a_file_written_again_is_another_file(served, sftp):
    for content in (b"first", b"other"):
        put(sftp.folder, "a.csv", content, at=OLD + len(content) + content[0])
        assert pulled(served, sftp.connection()) == 1
    assert sorted(file.path.read_bytes() for file in landed(served.home, SOURCE)) == [b"first", b"other"]


def test_an_object_put_again_is_another_object(stored, s3):
    for content in (b"first", b"other"):
        s3.files.pipe("exports/shop/a.csv", content)
        assert pulled(stored, s3.connection()) == 1
    assert len(list(landed(stored.home, SOURCE))) == 2


@pytest.mark.parametrize("name", [".hidden.csv", "~$a.csv", "a.csv.part", "a.csv.tmp", ".done/a.csv"])
def test_a_file_whose_name_says_it_is_unfinished_waits(served, sftp, name):
    put(sftp.folder, name)
    assert pulled(served, sftp.connection()) == 0


def test_links_and_folders_are_left_alone(served, sftp, tmp_path):
    (sftp.folder / "folder.csv").mkdir()
    (sftp.folder / "link.csv").symlink_to(put(tmp_path, "elsewhere"))
    (sftp.folder / "loop").symlink_to(sftp.folder)
    assert pulled(served, sftp.connection()) == 0


def test_a_file_still_being_written_is_left_for_the_next_run(served, sftp):
    put(sftp.folder, "done.csv", at=time.time())
    growing, ended = sftp.folder / "growing.csv", threading.Event()

    def write():
        with growing.open("ab", buffering=0) as file:
            while not ended.wait(0.01):
                file.write(b"row\n")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert pulled(replace(served, settle_seconds=1.2), sftp.connection()) == 1
    finally:
        ended.set()
        writer.join()
    assert list(arrivals(served)) == ["done.csv"]


def test_a_large_file_comes_whole(served, sftp):
    content = os.urandom(20 << 20)
    put(sftp.folder, "large.zip", content)
    pulled(served, sftp.connection())
    assert arrivals(served)["large.zip"].path.read_bytes() == content


def test_a_large_object_comes_whole(stored, s3):
    content = os.urandom(20 << 20)
    s3.files.pipe("exports/shop/large.zip", content)
    pulled(stored, s3.connection())
    assert arrivals(stored)["large.zip"].path.read_bytes() == content


class Cut:
    """A file whose server goes away after the first bytes."""

    def __init__(self, content, kill):
        self._content, self._kill = content, kill

    def read(self, size):
        chunk = self._content.read(min(size, 100_000))
        self._kill()
        return chunk

    def close(self):
        self._content.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_download_cut_short_lands_nothing_and_the_next_run_all(served, sftp, monkeypatch):
    put(sftp.folder, "large.zip", os.urandom(8 << 20))
    ahead = sftp_s3._ahead

    def cut(files):
        opened = ahead(files)
        peers = lambda: [os.kill(pid, signal.SIGKILL) for pid in children(sftp.process.pid)]  # noqa: E731
        return lambda file: Cut(opened(file), peers)

    with monkeypatch.context() as patch:
        patch.setattr(sftp_s3, "_ahead", cut)
        with pytest.raises(Unavailable, match=r"1 of 1 files could not be read, first .*large.zip"):
            pulled(served, sftp.connection())
    assert (arrivals(served), leftovers(served)) == ({}, [])
    assert pulled(served, sftp.connection()) == 1


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as listed:
        return [int(child) for child in listed.read().split()]


def test_a_file_that_shrinks_or_grows_while_it_is_read_is_not_landed(served, sftp, monkeypatch):
    put(sftp.folder, "a.csv", b"12345")
    for size in (4, 6):
        described = sftp_s3.Store.describe
        with monkeypatch.context() as patch:
            patch.setattr(sftp_s3.Store, "describe", lambda s: [replace(f, size=size) for f in described(s)])  # noqa: B023
            with pytest.raises(Unavailable, match=r"it changed, or the connection was cut"):
                pulled(served, sftp.connection())
    assert (arrivals(served), leftovers(served)) == ({}, [])


def test_a_file_that_cannot_be_read_holds_up_no_other(stored, s3, monkeypatch):
    for name in ("a.csv", "b.csv"):
        s3.files.pipe(f"exports/shop/{name}", name.encode())
    describe = sftp_s3.Store.describe

    def and_a_ghost(store):
        return [replace(describe(store)[0], path="exports/shop/gone.csv"), *describe(store)]

    monkeypatch.setattr(sftp_s3.Store, "describe", and_a_ghost)
    with pytest.raises(Unavailable, match=r"1 of 3 files could not be read, first .*gone.csv \(FileNotFound"):
        pulled(stored, s3.connection())
    assert sorted(arrivals(stored)) == ["a.csv", "b.csv"]


def test_a_full_disk_of_ours_is_no_trouble_of_theirs(served, sftp, monkeypatch):
    put(sftp.folder, "a.csv")

    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("followthrough.ingest.landing._copy", full)
    with pytest.raises(OSError, match="No space left"):
        pulled(served, sftp.connection())


def test_a_server_nobody_knows_is_never_trusted(served, sftp, keypair, tmp_path):
    put(sftp.folder, "a.csv")
    other = keypair(tmp_path / "other")
    with pytest.raises(ConfigError, match="somebody may be in between"):
        pulled(served, sftp.connection(extra={"host_key": other}))
    with pytest.raises(ConfigError, match="does not say which host key") as told:
        pulled(served, sftp.connection(extra={"host_key": ""}))
    assert "ssh-keyscan" in told.value.remedy
    assert arrivals(served) == {}


def test_an_encrypted_key_of_the_classic_kind_works(served, sftp, keypair, tmp_path):
    public = keypair(tmp_path / "rsa", "rsa")
    subprocess.run(["ssh-keygen", "-q", "-p", "-N", "phrase", "-f", str(tmp_path / "rsa")], check=True)
    with (sftp.folder.parent / "sshd" / "authorized").open("a") as authorized:
        authorized.write(public)
    put(sftp.folder, "a.csv")
    extra = {"private_key": (tmp_path / "rsa").read_text(), "private_key_passphrase": "phrase"}
    assert pulled(served, sftp.connection(extra=extra)) == 1
    with pytest.raises(ConfigError, match="private_key of the connection 'server' is no key"):
        pulled(served, sftp.connection(extra=extra | {"private_key_passphrase": "canary-wrong"}))


def test_a_login_that_is_refused_is_for_a_person_to_mend(served, sftp):
    with pytest.raises(ConfigError, match="does not accept 'nobody-here'") as told:
        pulled(served, sftp.connection(login="nobody-here"))
    assert "connection 'server'" in told.value.remedy


def test_a_folder_that_is_not_there_is_named(served, stored, sftp, s3):
    (source,) = served.sources
    gone = replace(served, sources=(replace(source, folder="/no/such"),))
    with pytest.raises(ConfigError, match="has no folder '/no/such'"):
        pulled(gone, sftp.connection())
    (source,) = stored.sources
    gone = replace(stored, sources=(replace(source, folder="no-such-bucket/x"),))
    with pytest.raises(ConfigError, match="has no folder 'no-such-bucket/x'"):
        pulled(gone, s3.connection())


def test_a_server_that_is_not_there_makes_the_source_late(served, stored, sftp, s3):
    with pytest.raises(Unavailable, match=r"SFTP server 127.0.0.1 cannot be reached") as told:
        pulled(served, sftp.connection(port=9))
    assert "connection 'server'" in told.value.remedy
    with pytest.raises(Unavailable, match=r"store http://127.0.0.1:9 cannot be reached"):
        pulled(stored, s3.connection(extra_dejson={"endpoint_url": "http://127.0.0.1:9"}))


def test_names_that_are_not_utf_8_are_named(served, sftp):
    put(sftp.folder, "a.csv")
    os.rename(sftp.folder / "a.csv", os.fsencode(sftp.folder) + "/订单.csv".encode("gbk"))
    with pytest.raises(ConfigError, match=r"has file names in .* that are not UTF-8"):
        pulled(served, sftp.connection())


def test_a_store_is_never_asked_in_the_clear(stored, s3):
    with pytest.raises(ConfigError, match="in the clear"):
        pulled(stored, s3.connection(extra_dejson={"endpoint_url": "http://store.example"}))

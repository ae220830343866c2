"""An archive gives its members, each a file, or is refused whole and nothing of it is left anywhere."""

import gzip
import hashlib
import zipfile
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from followthrough.parse import archives as unpacking
from followthrough.parse.archives import is_archive, is_workbook, unpack
from followthrough.parse.file_errors import FileRefused
from tests.builders.archives import ROW, encrypted, linked, zipped


def old_named(name, content=ROW):
    """A zip whose member's name is GBK and says nothing of it, as Windows and the wallets write it."""
    placeholder = "x" * len(name.encode("gbk"))
    return zipped((placeholder, content)).replace(placeholder.encode(), name.encode("gbk"))


@pytest.fixture
def opened(tmp_path):
    def opened(content, name="导出.zip"):
        (tmp_path / "file").write_bytes(content)
        (tmp_path / "out").mkdir(exist_ok=True)
        return unpack(tmp_path / "file", name, tmp_path / "out")

    return opened


def test_each_member_is_a_file_of_its_own(opened):
    entry = zipfile.ZipInfo("业务明细.csv", (2026, 9, 2, 10, 4, 6))
    first, second = opened(zipped((entry, ROW), ("子/汇总.csv", b"b")))
    assert (first.name, first.written_at) == ("导出.zip/业务明细.csv", datetime(2026, 9, 2, 10, 4, 6))
    assert (first.path.read_bytes(), first.sha256) == (ROW, hashlib.sha256(ROW).hexdigest())
    assert (second.name, second.path.read_bytes()) == ("导出.zip/子/汇总.csv", b"b")


@pytest.mark.parametrize("name", ["业务明细.csv", "20881234_业务明细(汇总).csv"])
def test_names_of_old_are_gbk(opened, name):
    (member,) = opened(old_named(name))
    assert member.name == f"导出.zip/{name}"


def test_a_name_that_is_no_gbk_is_a_name_all_the_same(opened):
    (member,) = opened(zipped(("xx", ROW)).replace(b"xx", b"\xff\x81"))
    assert member.path.read_bytes() == ROW


def test_gzip_holds_one_file(opened):
    (member,) = opened(gzip.compress(ROW), "bill.csv.gz")
    assert (member.name, member.path.read_bytes()) == ("bill.csv.gz/bill.csv", ROW)


def test_what_file_managers_add_is_no_member(opened):
    noise = [("__MACOSX/._a.csv", b"?"), (".DS_Store", b"?"), ("folder/", b""), ("folder/Thumbs.db", b"?")]
    assert [m.name for m in opened(zipped(*noise, ("a.csv", ROW)))] == ["导出.zip/a.csv"]


def misnamed():
    """A zip that calls a member's name UTF-8, and it is not."""
    return zipped(("订单.csv", ROW)).replace("订".encode(), b"\xb6\xff\xff")


@pytest.mark.parametrize(
    ("content", "code", "message"),
    [
        (zipped(("../a.csv", ROW)), "hostile_archive", "the archive holds ../a.csv, which points out of it"),
        (zipped(("a/../../b.csv", ROW)), "hostile_archive", "points out of it"),
        (zipped(("/etc/cron.d/a", ROW)), "hostile_archive", "points out of it"),
        (zipped(("..\\a.csv", ROW)), "hostile_archive", "points out of it"),
        (zipped(("C:\\a.csv", ROW)), "hostile_archive", "points out of it"),
        (linked(), "hostile_archive", "the archive holds link.csv, which is a link"),
        (encrypted(), "encrypted_archive", "asks for a password"),
        (zipped(("a.csv", ROW))[:-30], "broken_archive", "cannot be opened"),
        (zipped(("a.csv", bytes(5000)))[:40], "broken_archive", "cannot be opened"),
        (
            zipped(("a.csv", ROW), compression=zipfile.ZIP_STORED).replace(b"1,2", b"1,3"),
            "broken_archive",
            "CRC",
        ),
        (misnamed(), "broken_archive", "cannot be opened"),
        (gzip.compress(ROW, mtime=0)[:-6], "broken_archive", "cannot be opened"),
        (zipped(), "empty_archive", "holds no file"),
        (zipped(("folder/", b"")), "empty_archive", "holds no file"),
        (zipped(*((f"{n}.csv", b"") for n in range(1001))), "oversized_archive", "more than 1000 files"),
        (zipped(("bomb.csv", bytes(64 << 20))), "oversized_archive", "more than 16 MB"),
        (gzip.compress(bytes(64 << 20), mtime=0), "oversized_archive", "more than 16 MB"),
    ],
)
def test_an_archive_not_to_be_trusted_is_refused(opened, tmp_path, content, code, message):
    with pytest.raises(FileRefused) as refused:
        opened(content)
    assert refused.value.code == code
    assert message in refused.value.message
    assert all(refused.value.words.values())
    assert {path.name for path in tmp_path.iterdir()} == {"file", "out"}
    assert not any(path.is_symlink() for path in (tmp_path / "out").iterdir())


def test_the_sum_of_the_members_has_a_limit_too(opened, monkeypatch):
    monkeypatch.setattr(unpacking, "MAX_BYTES", 3 << 20)
    content = zipped(*((f"{n}.csv", bytes(1 << 20)) for n in range(4)), compression=zipfile.ZIP_STORED)
    with pytest.raises(FileRefused, match="unpacks to more than"):
        opened(content)


def test_what_cannot_be_opened_as_a_zip_is_no_workbook(tmp_path):
    """Its first bytes are damaged too, so nobody looks at it as an archive."""
    (tmp_path / "file").write_bytes(b"\xaf" + misnamed()[1:])
    assert not is_workbook(tmp_path / "file")
    assert not is_archive(tmp_path / "file")


def test_an_error_of_the_disk_is_not_taken_for_a_broken_archive(tmp_path):
    with pytest.raises(IsADirectoryError):
        is_workbook(tmp_path)


def test_a_workbook_is_no_archive(tmp_path):
    for name, members, expected in (
        ("book", [("xl/workbook.xml", b"")], False),
        ("zip", [("a.csv", ROW)], True),
    ):
        (tmp_path / name).write_bytes(zipped(*members))
        assert is_archive(tmp_path / name) is expected


@limits(max_examples=40, deadline=None)
@given(
    garbage=st.binary(max_size=200), start=st.sampled_from([b"PK\x03\x04", b"\x1f\x8b\x08", b"PK\x05\x06"])
)
def test_garbage_is_refused_and_nothing_else(tmp_path_factory, garbage, start):
    folder = tmp_path_factory.mktemp("garbage")
    (folder / "file").write_bytes(start + garbage)
    (folder / "out").mkdir()
    with pytest.raises(FileRefused):
        unpack(folder / "file", "a.zip", folder / "out")

"""Bytes of any export become UTF-8 text with plain line ends, or are refused by name."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followthrough.parse.decode import decode
from followthrough.parse.file_errors import FileRefused

CHUNK = 1 << 20


@pytest.fixture
def decoded(tmp_path):
    def decoded(content):
        (tmp_path / "file").write_bytes(content)
        (found,) = decode(tmp_path / "file", tmp_path / "text")
        return found, found.path.read_bytes().decode("utf-8")

    return decoded


@pytest.mark.parametrize(
    ("content", "encoding", "text"),
    [
        ("订单号\n".encode(), "utf-8", "订单号\n"),
        ("订单号\n".encode("utf-8-sig"), "utf-8", "订单号\n"),
        ("订单号\n".encode("gb18030"), "gb18030", "订单号\n"),
        ("订单号,𠮷野\n".encode("gb18030"), "gb18030", "订单号,𠮷野\n"),
        ("订单号,€\n".encode("gb18030"), "gb18030", "订单号,€\n"),
        (b"plain\n", "utf-8", "plain\n"),
        (b"a\r\nb\r\n", "utf-8", "a\nb\n"),
        (b"a\rb\r", "utf-8", "a\nb\n"),
        (b"a\r\nb\rc\nd", "utf-8", "a\nb\nc\nd\n"),
        ("a\u2028b\x0bc\x85\n".encode(), "utf-8", "a\u2028b\x0bc\x85\n"),
        (b"\xef\xbb\xbf", "utf-8", ""),
        ("订单号\r\n苔".encode("utf-16"), "utf-16", "订单号\n苔\n"),
        ("\ufeff订单号\n".encode("utf-16-be"), "utf-16", "订单号\n"),
    ],
)
def test_every_encoding_and_line_end_becomes_one(decoded, content, encoding, text):
    found, written = decoded(content)
    assert (found.encoding, written, found.lines) == (encoding, text, text.count("\n"))


@pytest.mark.parametrize("character", ["号", "𠮷"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("before", [1, 2, 3])
def test_a_character_across_a_chunk_boundary_stays_whole(decoded, character, encoding, before):
    text = "号" + "x" * (CHUNK - before - len("号".encode(encoding))) + character * 3 + "\n"
    assert decoded(text.encode(encoding))[1] == text


@pytest.mark.parametrize("at", range(CHUNK - 2, CHUNK + 2))
def test_line_ends_across_a_chunk_boundary_are_counted_once(decoded, at):
    found, written = decoded(b"x" * at + b"\r\n\r\ny")
    assert (found.lines, found.blank) == (3, 1)
    assert written == "x" * at + "\n\ny\n"


@given(
    lines=st.lists(st.sampled_from(["", "", " ", "a", "苔原", '"', "𠮷"])),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    closed=st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_lines_and_blank_lines_are_counted_as_they_stand(tmp_path_factory, lines, end, closed):
    folder = tmp_path_factory.mktemp("text")
    lines = ["订单号", *lines, "last"]
    (folder / "file").write_bytes((end.join(lines) + (end if closed else "")).encode("gb18030"))
    (found,) = decode(folder / "file", folder / "text")
    assert (found.lines, found.blank) == (len(lines), lines.count(""))
    assert found.path.read_text("utf-8").split("\n") == [*lines, ""]


@pytest.mark.parametrize(
    ("content", "code", "message"),
    [
        (b"", "empty", "the file is empty"),
        (b"PK\x03\x04rest", "nested_archive", "an archive within an archive -> put the files themselves"),
        (b"PK\x05\x06", "nested_archive", "an archive within an archive"),
        (b"\x1f\x8b\x08\x00", "nested_archive", "an archive within an archive"),
        (b"Rar!\x1a\x07", "nested_archive", "an archive within an archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "broken_workbook", "the workbook cannot be read"),
        (b"%PDF-1.7", "unreadable_format", "a PDF -> export it as CSV"),
        ("order".encode("utf-16-le"), "nul_bytes", "NUL byte after line 0"),
        (b"a\nb\0\n", "nul_bytes", "NUL byte"),
        ("订单号\n苔".encode("utf-8-sig")[:-1], "undecodable", "line 2 is neither UTF-8 nor GB18030"),
        ("订单号\n单".encode("gb18030")[:-1], "undecodable", "neither UTF-8 nor GB18030"),
        (b"\xff\xff\n", "undecodable", "line 1 is neither UTF-8 nor GB18030"),
    ],
)
def test_what_is_no_text_is_refused_by_name(decoded, content, code, message):
    with pytest.raises(FileRefused) as refused:
        decoded(content)
    assert refused.value.code == code
    assert message in str(refused.value)
    assert refused.value.remedy


def test_the_line_where_the_text_breaks_is_named(decoded):
    good = "订单号\n".encode("gb18030") * 400_000
    with pytest.raises(FileRefused, match="line 400001 is neither") as refused:
        decoded(good + b"\xff\xff\n" + good)
    assert refused.value.words["message_zh"] == "第 400001 行既不是 UTF-8 也不是 GB18030"

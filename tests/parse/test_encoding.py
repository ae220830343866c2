"""A text comes out the same from one process and from several."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from followthrough.parse import encoding as module
from followthrough.parse.decode import decode
from followthrough.parse.encoding import Found, main, transcode
from followthrough.parse.file_errors import FileRefused

ROW = "订单号,苔原🌱,1 317.01\n"


@pytest.fixture
def in_parts(monkeypatch, tmp_path):
    """Transcode some bytes in as many parts as are told."""

    def in_parts(content, parts, encoding="gb18030"):
        monkeypatch.setattr(module, "_PART", max(1, len(content) // parts))
        monkeypatch.setattr(module.os, "cpu_count", lambda: parts)
        (tmp_path / "file").write_bytes(content)
        found = transcode(tmp_path / "file", tmp_path / "text", encoding)
        return found, (tmp_path / "text").read_bytes(), sorted(p.name for p in tmp_path.iterdir())

    return in_parts


@given(
    lines=st.lists(st.sampled_from(["", "a", "\0", ROW.strip() * 3, '"苔\r原"', "𠮷" * 40]), min_size=1),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    closed=st.booleans(),
    parts=st.integers(2, 4),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_parts_add_up_to_the_whole(in_parts, lines, end, closed, parts):
    content = ("订单号" + end + end.join(lines) + (end if closed else "")).encode("gb18030")
    assert in_parts(content, parts) == in_parts(content, 1)


def test_a_long_text_is_cut_between_lines_and_leaves_nothing_beside_it(in_parts):
    found, text, files = in_parts((ROW * 1000).encode("gb18030"), 3)
    assert (found, text.decode(), files) == (Found(1000), ROW * 1000, ["file", "text"])


@pytest.mark.parametrize("at", [10, 900])
def test_bytes_of_another_encoding_are_told_whichever_part_they_are_in(in_parts, at):
    lines = [ROW.encode("gb18030")] * 1000
    lines[at] = b"\x81\x20\n"
    with pytest.raises(UnicodeError):
        in_parts(b"".join(lines), 2)


def test_a_refused_line_is_numbered_in_the_whole_file(in_parts, tmp_path):
    lines = [ROW] * 1000
    lines[900] = "\0\n"
    assert in_parts("".join(lines).encode("gb18030"), 2)[0].nul == 900
    with pytest.raises(FileRefused, match="after line 900"):
        decode(tmp_path / "file", tmp_path / "text")


def test_a_part_that_cannot_be_written_is_an_error_of_ours(in_parts, monkeypatch, tmp_path):
    (tmp_path / "text.from_10000").mkdir()
    monkeypatch.setattr(module, "_cuts", lambda *_: [0, 10000, 20000])
    with pytest.raises(module.subprocess.CalledProcessError):
        in_parts((ROW * 1000).encode("gb18030"), 2)


def test_the_program_says_what_it_found(tmp_path, capsys):
    (tmp_path / "file").write_bytes(ROW.encode("gb18030") * 2)
    half = str(len(ROW.encode("gb18030")))
    main(str(tmp_path / "file"), half, str(2 * int(half)), "gb18030", str(tmp_path / "text"))
    assert json.loads(capsys.readouterr().out) == [1, 0, None]
    assert (tmp_path / "text").read_text("utf-8") == ROW
    main(str(tmp_path / "file"), half, str(2 * int(half) - 4), "ascii", str(tmp_path / "text"))
    assert json.loads(capsys.readouterr().out) is None

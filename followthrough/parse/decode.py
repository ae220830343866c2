"""Converts an exported file to UTF-8 text with ``\\n`` line ends, streamed.

Delimited text and JSON give one text, a workbook one per visible sheet.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from followthrough.parse import workbooks
from followthrough.parse.archives import is_workbook, refuse_bomb
from followthrough.parse.encoding import transcode
from followthrough.parse.file_errors import FileRefused

_LINES_SAMPLED = 2_000
_CJK = "\u2e80"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
_HTML = ("<html", "<table", "<!doctype html", "<meta", "<?xml")
_FOREIGN = {
    b"%PDF": ("a PDF", " PDF"),
    b"\x89PNG": ("a picture", "图片"),
    b"\xff\xd8\xff": ("a picture", "图片"),
}
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf")


@dataclass(frozen=True)
class Decoded:
    """UTF-8 text at ``path`` with ``lines`` physical lines, of which at most ``blank`` are empty.

    ``sheet`` names the sheet of a workbook; a line break within its cells is a CR.
    """

    path: Path
    encoding: str
    lines: int
    blank: int
    sheet: str = ""


def decode(source: Path, target: Path) -> list[Decoded]:
    """Write the texts of ``source`` as UTF-8 to ``target``, or ``target`` with a number for each sheet.

    Text is read by its BOM, else as strict UTF-8, else as GB18030; line ends become ``\\n`` and the last line
    is closed. Raises FileRefused for empty and foreign files, NUL bytes, and text that is neither encoding
    (naming the line).
    """
    with source.open("rb") as file:
        head = file.read(4)
    if not head:
        raise FileRefused("empty")
    for magic, (what, what_zh) in _FOREIGN.items():
        if head.startswith(magic):
            raise FileRefused("unreadable_format", what=what, what_zh=what_zh)
    if is_workbook(source):
        refuse_bomb(source)
        return list(_sheets(workbooks.sheets_of_xlsx(source), "xlsx", target))
    if head == _OLD_WORKBOOK:
        return list(_sheets(workbooks.sheets_of_xls(source), "xls", target))
    if head.startswith(_ARCHIVES):
        raise FileRefused("nested_archive")
    text = _decode_text(source, target, head)
    if _is_html(text.path):
        return list(_sheets(workbooks.sheets_of_html(text.path), "html", target.with_suffix(".html")))
    return [text]


def _sheets(
    sheets: Iterable[tuple[str, Iterable[list[str]]]], encoding: str, target: Path
) -> Iterator[Decoded]:
    for place, (name, rows) in enumerate(sheets):
        if not name.lower().startswith(workbooks.EXAMPLES):
            path = target.with_suffix(f".{place}")
            lines, blank = workbooks.write_text(rows, path)
            yield Decoded(path, encoding, lines, blank, name)


def _is_html(text: Path) -> bool:
    with text.open(encoding="utf-8") as file:
        return file.read(4096).lstrip().lower().startswith(_HTML)


def _decode_text(source: Path, target: Path, head: bytes) -> Decoded:
    encodings = ["utf-8", "gb18030"]
    if head.startswith(b"\xef\xbb\xbf"):
        encodings = ["utf-8-sig"]
    elif head.startswith(_UTF_16):
        encodings = ["utf-16"]
    for encoding in encodings:
        if encoding == "gb18030" and _is_damaged_utf_8(source):
            raise FileRefused("undecodable", line=_first_bad_line(source, "utf-8"))
        try:
            return _copy(source, target, encoding)
        except UnicodeError:
            continue
    raise FileRefused("undecodable", line=max(_first_bad_line(source, encoding) for encoding in encodings))


def _is_damaged_utf_8(source: Path) -> bool:
    """Whether more lines contain Chinese characters in UTF-8 than are invalid UTF-8."""
    # Nearly any bytes are valid GB18030, so one damaged character in UTF-8 would garble the whole file. Two
    # bytes of GBK may be a letter in UTF-8, but hardly ever a Chinese character.
    good = bad = 0
    with source.open("rb") as file:
        for line in file:
            if line.isascii():
                continue
            try:
                good += any(character >= _CJK for character in line.decode("utf-8"))
            except UnicodeError:
                bad += 1
            if good + bad >= _LINES_SAMPLED:
                break
    return good > bad


def _first_bad_line(source: Path, encoding: str) -> int:
    """Number of the first line that cannot be decoded, 1 if every line can."""
    # Neither encoding uses line ends inside a character, so each line can be tried by itself.
    with source.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode(encoding)
            except UnicodeError:
                return number
    return 1


def _copy(source: Path, target: Path, encoding: str) -> Decoded:
    found = transcode(source, target, encoding)
    if found.nul is not None:
        raise FileRefused("nul_bytes", line=found.nul)
    return Decoded(target, encoding.removesuffix("-sig"), found.lines, found.blank)

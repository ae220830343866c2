"""From the bytes of an export to UTF-8 text with plain line ends, streamed."""

import re
from dataclasses import dataclass
from pathlib import Path

from followthrough.errors import FileRefused

_CHUNK = 1 << 20
_BLANK = re.compile("\n(?=\n)")
_BINARY = {
    b"PK\x03\x04": ("a zip archive or xlsx workbook", "unpack it, or export it as CSV"),
    b"PK\x05\x06": ("an empty zip archive", "export it again"),
    b"\xd0\xcf\x11\xe0": ("an old Excel workbook", "export it as CSV"),
    b"\x1f\x8b": ("a gzip archive", "unpack it and drop the file it holds"),
    b"\xff\xfe": ("UTF-16 text", "save it as UTF-8"),
    b"\xfe\xff": ("UTF-16 text", "save it as UTF-8"),
    b"%PDF": ("a PDF", "export it as CSV"),
}


@dataclass(frozen=True)
class Decoded:
    """UTF-8 text at ``path``: ``lines`` physical lines, of which at most ``blank`` are empty."""

    path: Path
    encoding: str
    lines: int
    blank: int


def decode(source: Path, target: Path) -> Decoded:
    """Write the text of ``source`` to ``target`` as UTF-8: BOM, then strict UTF-8, then GB18030.

    Line ends become ``\\n`` and the last line is closed. Raises FileRefused for empty and binary
    files, NUL bytes, and text that is neither encoding (the remedy names the line).
    """
    with source.open("rb") as file:
        head = file.read(4)
    if not head:
        raise FileRefused("empty", "the file is empty", "export it again")
    for magic, (what, remedy) in _BINARY.items():
        if head.startswith(magic):
            raise FileRefused("unreadable_format", f"the file is {what}", remedy)
    encodings = ["utf-8-sig"] if head.startswith(b"\xef\xbb\xbf") else ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            return _copy(source, target, encoding)
        except UnicodeDecodeError:
            failed_at = _lines(target)
    raise FileRefused(
        "undecodable",
        f"the file is neither UTF-8 nor GB18030 after line {failed_at}",
        "export it again; do not edit it with a tool that changes its encoding",
    )


def _copy(source: Path, target: Path, encoding: str) -> Decoded:
    lines = blank = 0
    last = "\n"
    with (
        source.open(encoding=encoding, errors="strict", newline=None) as text,
        target.open("w", encoding="utf-8", newline="\n") as out,
    ):
        while chunk := text.read(_CHUNK):
            if "\0" in chunk:
                raise FileRefused("nul_bytes", f"NUL byte after line {lines}", "export the file again")
            lines += chunk.count("\n")
            blank += len(_BLANK.findall(last + chunk))
            last = chunk[-1]
            out.write(chunk)
        if last != "\n":
            out.write("\n")
            lines += 1
    return Decoded(target, encoding.removesuffix("-sig"), lines, blank)


def _lines(path: Path) -> int:
    return path.read_bytes().count(b"\n")

"""Writes workbooks whose text cells Excel and WPS do not run as formulas."""

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from followthrough.database import literal

if TYPE_CHECKING:
    from openpyxl import Workbook

# Read alike by Python and DuckDB, to which \s and \d mean different characters.
_BLANK = " \t\r\n\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_FORMULA = rf"^([\t\r\n]|[{_BLANK}]*[=+\-@|%＝＋－＠])"
_NUMBER = r"[+-]?[0-9]+(\.[0-9]+)?%?"
_NOT_IN_XML = "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\ufffe\uffff]"
_MARKUP = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_NOT_PLAIN = "[" + "".join(_MARKUP) + _NOT_IN_XML.removeprefix("[")
_MADE_AT = datetime(2026, 1, 1)


@dataclass(frozen=True)
class SheetRows:
    """Rows to stand below a sheet's header: how many, and their XML in parts, to be read once."""

    count: int
    xml: Iterable[bytes]


def safe(text: str) -> str:
    """The text as a safe spreadsheet cell: text that would run as a formula gets an apostrophe in front.

    Plain numbers are unchanged; characters that a workbook cannot contain become U+FFFD.
    """
    kept = re.sub(_NOT_IN_XML, "\ufffd", text)
    return f"'{kept}" if re.match(_FORMULA, kept) and not re.fullmatch(_NUMBER, kept) else kept


def safe_xml(text: str) -> str:
    """SQL for what ``safe`` makes of the SQL expression ``text``, as the content of an XML element."""
    kept = f"regexp_replace({text}, {literal(_NOT_IN_XML)}, '\ufffd', 'g')"
    for character, entity in _MARKUP.items():
        kept = f"replace({kept}, {literal(character)}, {literal(entity)})"
    is_formula = f"regexp_matches({text}, {literal(_FORMULA)})"
    is_number = f"regexp_full_match({text}, {literal(_NUMBER)})"
    apostrophe = f"if({is_formula} AND NOT {is_number}, {literal(chr(39))}, '')"
    return f"{apostrophe} || if(regexp_matches({text}, {literal(_NOT_PLAIN)}), {kept}, {text})"


def write(fill: "Callable[[Workbook], Mapping[str, SheetRows]]") -> bytes:
    """The bytes of a workbook filled by ``fill``; equal content gives equal bytes at any time.

    ``fill`` returns what is too large for openpyxl: further rows, by the title of their sheet.
    """
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    further = fill(workbook)
    written = io.BytesIO()
    workbook.save(written)
    files = {f"xl/worksheets/sheet{n}.xml": title for n, title in enumerate(workbook.sheetnames, start=1)}
    return _packed(written, {file: further[title] for file, title in files.items() if title in further})


def _packed(written: io.BytesIO, further: Mapping[str, SheetRows]) -> bytes:
    """The archive with further rows in its sheets, and a fixed time in place of every time of writing."""
    steady, moment = io.BytesIO(), f"{_MADE_AT:%Y-%m-%dT%H:%M:%SZ}".encode()
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(steady, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", moment, content)
            named = zipfile.ZipInfo(entry.filename, _MADE_AT.timetuple()[:6])
            named.compress_type = zipfile.ZIP_DEFLATED
            with new.open(named, "w", force_zip64=entry.filename in further) as file:
                for part in _parts(content, further.get(entry.filename)):
                    file.write(part)
    return steady.getvalue()


def _parts(content: bytes, rows: SheetRows | None) -> Iterable[bytes]:
    """What an archive's file is to hold; a sheet with further rows has them below its header."""
    if rows is None:
        yield content
        return
    above, end, below = content.partition(b"</sheetData>")
    last = rb"\g<1>%d" % (rows.count + 1)
    yield re.sub(rb'(<dimension ref="A1:[A-Z]+)1(?=")', last, above, count=1)
    yield from rows.xml
    yield end + below

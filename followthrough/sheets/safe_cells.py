"""Writes workbooks whose text cells Excel and WPS do not run as formulas."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl import Workbook

_FORMULA = re.compile(r"[\t\r\n]|\s*[=+\-@|%＝＋－＠]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?%?")
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_MADE_AT = datetime(2026, 1, 1)


def safe(text: str) -> str:
    """The text as a safe spreadsheet cell: text that would run as a formula gets an apostrophe in front.

    Plain numbers are unchanged; characters that a workbook cannot contain become U+FFFD.
    """
    kept = _ILLEGAL.sub("\ufffd", text)
    return f"'{kept}" if _FORMULA.match(kept) and not _NUMBER.fullmatch(kept) else kept


def write(fill: "Callable[[Workbook], object]") -> bytes:
    """The bytes of a workbook filled by ``fill``; equal content gives equal bytes at any time."""
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    fill(workbook)
    written = io.BytesIO()
    workbook.save(written)
    return _without_clock(written)


def _without_clock(written: io.BytesIO) -> bytes:
    """The archive with a fixed time in place of every time of writing."""
    steady, moment = io.BytesIO(), f"{_MADE_AT:%Y-%m-%dT%H:%M:%SZ}".encode()
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(steady, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", moment, content)
            named = zipfile.ZipInfo(entry.filename, _MADE_AT.timetuple()[:6])
            new.writestr(named, content, zipfile.ZIP_DEFLATED)
    return steady.getvalue()

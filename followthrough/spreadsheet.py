"""Workbooks and cells of ours that somebody opens in Excel or WPS: text stays text there, never a formula."""

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
    """The text as a spreadsheet may hold it: what it would run gets an apostrophe in front.

    Plain numbers stay as they are; characters no workbook can hold become U+FFFD.
    """
    kept = _ILLEGAL.sub("\ufffd", text)
    return f"'{kept}" if _FORMULA.match(kept) and not _NUMBER.fullmatch(kept) else kept


def write(fill: "Callable[[Workbook], object]") -> bytes:
    """A workbook that ``fill`` put pages into; the same pages give the same bytes, whenever written."""
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    fill(workbook)
    written = io.BytesIO()
    workbook.save(written)
    return _without_clock(written)


def _without_clock(written: io.BytesIO) -> bytes:
    """The same archive with one time in place of every time of writing."""
    steady, moment = io.BytesIO(), f"{_MADE_AT:%Y-%m-%dT%H:%M:%SZ}".encode()
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(steady, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", moment, content)
            named = zipfile.ZipInfo(entry.filename, _MADE_AT.timetuple()[:6])
            new.writestr(named, content, zipfile.ZIP_DEFLATED)
    return steady.getvalue()

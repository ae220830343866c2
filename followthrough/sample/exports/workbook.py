"""A sheet of text cells as the bytes of a workbook; the same cells give the same bytes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from openpyxl import Workbook

_MADE_AT = datetime(2026, 1, 1)


def workbook(rows: Sequence[Sequence[str]], merged: str = "") -> bytes:
    """Write one sheet; `merged` is a range of cells merged into one, with its text in the first."""
    from openpyxl import Workbook

    book = Workbook()
    book.properties.created = book.properties.modified = _MADE_AT
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    if merged:
        sheet.merge_cells(merged)
    return _undated(book)


def _undated(book: Workbook) -> bytes:
    """The workbook's bytes without the current time."""
    # Saving writes the time into the properties and every zip member, so the members are written here.
    from openpyxl.writer.excel import ExcelWriter

    stamped, undated = io.BytesIO(), io.BytesIO()
    ExcelWriter(book, ZipFile(stamped, "w")).save()
    with ZipFile(stamped) as members, ZipFile(undated, "w", ZIP_DEFLATED) as archive:
        for name in members.namelist():
            archive.writestr(ZipInfo(name), members.read(name), ZIP_DEFLATED)
    return undated.getvalue()

"""Writes operator sheets as workbooks from their declarations: empty templates and filled-in examples."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from followthrough.contracts.export import (
    Column,
    Date,
    Decimal,
    Export,
    Id,
    Identifier,
    Integer,
    Money,
    Rate,
    Timestamp,
    Vocabulary,
)
from followthrough.sheets import safe_cells

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_ROWS = 5000
_WIDTH = 22
_TO_FILL, _EXPLAINED = "填写", "口径"
_FORMATS: dict[type, str] = {
    Id: "@",
    Identifier: "@",
    Date: "yyyy-mm-dd",
    Timestamp: "yyyy-mm-dd hh:mm",
    Money: "0.00",
    Integer: "0",
}
_KINDS: dict[type, str] = {
    Id: "文本 text",
    Identifier: "文本 text",
    Date: "日期 date",
    Timestamp: "日期时间 date and time",
    Money: "金额 amount",
    Integer: "整数 whole number",
    Decimal: "数字 number",
    Rate: "比例 share",
    Vocabulary: "下拉选择 choice",
}


def write_templates(sheets: Sequence[Export], directory: Path) -> list[Path]:
    """Write an empty ``<label>.xlsx`` per sheet and, under ``examples``, a filled-in one; their paths."""
    written = []
    for sheet in sheets:
        for folder, rows in ((directory, ()), (directory / "examples", sheet.examples)):
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / f"{sheet.label}.xlsx"
            path.write_bytes(workbook(sheet, rows))
            written.append(path)
    return written


def workbook(sheet: Export, rows: Sequence[Sequence[str]]) -> bytes:
    """The bytes of a workbook: the sheet with these rows under its header, and a page about its columns."""
    # The second page lists column names downwards, so that it cannot be detected as data.

    def fill(book: "Workbook") -> dict[str, safe_cells.SheetRows]:
        _page_to_fill(book.create_sheet(_TO_FILL), sheet, rows)
        _page_of_meanings(book.create_sheet(_EXPLAINED), sheet)
        return {}

    return safe_cells.write(fill)


def _page_to_fill(page: "Worksheet", sheet: Export, rows: Sequence[Sequence[str]]) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    page.append(list(sheet.header))
    page.freeze_panes = "A2"
    for number, column in enumerate(sheet.columns, 1):
        head, letter = page.cell(1, number), get_column_letter(number)
        head.font = Font(bold=True, color="C00000" if column.required else "000000")
        page.column_dimensions[letter].width = _WIDTH
        page.column_dimensions[letter].number_format = _format(column)
        if isinstance(column.type, Vocabulary):
            _offer(page, f"{letter}2:{letter}{_ROWS}", _choices(column.type))
        for line, row in enumerate(rows, 2):
            cell = page.cell(line, number, _value(column, row[number - 1]))
            cell.number_format = _format(column)


def _offer(page: "Worksheet", cells: str, choices: Sequence[str]) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    offered = DataValidation("list", formula1=f'"{",".join(choices)}"', allow_blank=True)
    offered.add(cells)
    page.add_data_validation(offered)


def _choices(kind: Vocabulary) -> list[str]:
    """The first spelling of each word, which is the Chinese one."""
    first: dict[str, str] = {}
    for spelling, word in kind.words.items():
        first.setdefault(word, spelling)
    return list(first.values())


def _format(column: Column) -> str:
    return _FORMATS.get(type(column.type), "General")


def _value(column: Column, text: str) -> str | int | float | datetime | None:
    """The cell as a person would enter it: real dates and numbers, everything else as text."""
    kind = column.type
    if not text:
        return None
    if isinstance(kind, Date | Timestamp):
        return _moment(kind, text)
    if isinstance(kind, Integer):
        return int(text)
    if isinstance(kind, Money):
        return float(text.replace(",", ""))
    return safe_cells.safe(text)


def _moment(kind: Date | Timestamp, text: str) -> datetime:
    for shape in kind.formats:
        try:
            return datetime.strptime(text, shape)
        except ValueError:
            continue
    raise ValueError(f"{text} is in none of {kind.formats}")


def _page_of_meanings(page: "Worksheet", sheet: Export) -> None:
    from openpyxl.styles import Alignment, Font

    page.append(["列名", "必填 required", "格式 type", "怎么填", "Meaning", "可选 choices", "示例 example"])
    for column, example in zip(sheet.columns, sheet.examples[0], strict=True):
        page.append([safe_cells.safe(text) for text in _explained(column, example)])
    for letter, width in zip("ABCDEFG", (18, 14, 22, 44, 44, 44, 24), strict=True):
        page.column_dimensions[letter].width = width
    for cell in page[1]:
        cell.font = Font(bold=True)
    for cell in (cell for row in page.iter_rows(min_row=2) for cell in row):
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    page.freeze_panes = "B2"


def _explained(column: Column, example: str) -> list[str]:
    kind = column.type
    choices = [f"{c} ({kind.words[c]})" for c in _choices(kind)] if isinstance(kind, Vocabulary) else []
    return [
        column.source[0],
        "是 yes" if column.required else "",
        _KINDS.get(type(kind), "文本 text"),
        column.meaning_zh,
        column.meaning,
        "、".join(choices),
        example,
    ]

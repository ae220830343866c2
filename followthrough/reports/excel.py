"""The day's workbook, for people who work on with the figures in Excel or WPS.

Amounts are in yuan, days are dates, ids are text, headers are frozen, and the last sheet explains each
column. Everything comes from the published version.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from followthrough.database import quoted
from followthrough.paths import Home, write_atomically
from followthrough.publish import bi_views
from followthrough.publish.catalogue import PublishedTable, marts
from followthrough.reports.figures import published
from followthrough.sheets.safe_cells import SheetRows, safe, write
from followthrough.sheets.sheet_rows import Column, sheet_rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

MAX_ROWS = 50_000
"""Rows per sheet; of larger tables the newest rows are kept, and the last sheet says so."""

_FORMATS = {
    "DATE": "yyyy-mm-dd",
    "TIMESTAMP": "yyyy-mm-dd hh:mm:ss",
    "DECIMAL(18,2)": "#,##0.00",
    "DECIMAL(18,6)": "0.0%",
    "BIGINT": "#,##0",
    "VARCHAR": "@",
}


@dataclass(frozen=True)
class _Page:
    title: str
    table: str
    order: str
    since: str = "true"


_LAST_DAY = "(SELECT max(date_day) FROM bi.dates)"
_PAGES = (
    _Page(
        "日报", "daily_summary", "business_date DESC, shop_id, currency", f"business_date > {_LAST_DAY} - 62"
    ),
    _Page("客户阶段", "stage_daily", "stage_date DESC, substage", f"stage_date > {_LAST_DAY} - 31"),
    _Page("订单", "orders_wide", "ordered_at DESC, source_id, order_id", f"ordered_date > {_LAST_DAY} - 31"),
    _Page("内容", "content_wide", "published_date DESC, content_id"),
)


def refresh(home: Home) -> Path:
    """Write the workbook of the published version, beside the page of its night."""
    with published(home) as (manifest, connection):
        path = home.reports / f"{manifest.night}.xlsx"
        write_atomically(path, workbook(connection, manifest.version), mode=0o644)
    return path


def workbook(connection: "DuckDBPyConnection", version: str) -> bytes:
    """The workbook of the version ``connection`` is open on; the same version gives the same bytes."""
    described = marts()
    views = connection.execute("SELECT view_name FROM duckdb_views() WHERE schema_name = 'bi'").fetchall()
    pages = [page for page in _PAGES if (page.table,) in views]  # an older version may lack a view

    def fill(book: "Workbook") -> dict[str, SheetRows]:
        rows, cut = {}, []
        for page in pages:
            rows[page.title], is_whole = _fill(book, connection, page, described[page.table])
            cut += [] if is_whole else [page.title]
        _explain(book, version, [(page.title, described[page.table]) for page in pages], cut)
        return rows

    return write(fill)


def _fill(
    book: "Workbook", connection: "DuckDBPyConnection", page: _Page, table: PublishedTable
) -> tuple[SheetRows, bool]:
    """Make the sheet of one table with its header; its rows, and whether all of them fit."""
    found = f"FROM bi.{quoted(page.table)} WHERE {page.since}"
    kinds = {name: str(kind) for name, kind, *_ in connection.execute(f"SELECT * {found}").description or ()}
    ((count,),) = connection.execute(f"SELECT count(*) {found}").fetchall()
    labels = {bi_views.shown_name(column): bi_views.label(column) for column in table.columns}
    sheet = _sheet(book, page.title, [labels.get(name, name) for name in kinds])
    columns = [Column(name, kind, _style(sheet, kind)) for name, kind in kinds.items()]
    newest_first = f"SELECT * {found} ORDER BY {page.order}"
    return sheet_rows(connection, newest_first, columns, min(count, MAX_ROWS)), count <= MAX_ROWS


def _style(sheet: "Worksheet", kind: str) -> int:
    """The number of the style of a column's cells in the workbook."""
    from openpyxl.cell import Cell

    specimen = Cell(sheet, row=2, column=1)
    specimen.number_format = _FORMATS.get(kind, "General")
    return int(specimen.style_id)


def _sheet(book: "Workbook", title: str, header: Sequence[str]) -> "Worksheet":
    """A sheet with a frozen header and a filter."""
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet: Worksheet = book.create_sheet(title)
    sheet.append(list(header))
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(header))}1"
    for number, label in enumerate(header, start=1):
        sheet.cell(1, number).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(number)].width = max(12, 2 * len(label) + 2)
    return sheet


def _explain(
    book: "Workbook", version: str, pages: Sequence[tuple[str, PublishedTable]], cut: Sequence[str]
) -> None:
    """The sheet 口径: the version, what is not included, and what every column means."""
    sheet = _sheet(book, "口径", ("页", "列", "英文列名", "说明"))
    sheet.append(("全部", "版本", "version", version))
    for title in cut:
        sheet.append((title, "行数", "rows", f"只放了最近的 {MAX_ROWS} 行,其余请用 BI 工具"))
    for row in _meanings(pages):
        sheet.append(row)
    sheet.column_dimensions["D"].width = 100


def _meanings(pages: Sequence[tuple[str, PublishedTable]]) -> Iterator[tuple[str, ...]]:
    for title, table in pages:
        yield (title, "整张表", table.name, safe(table.description_zh))
        for column in table.columns:
            yield (title, bi_views.label(column), bi_views.shown_name(column), safe(column.description_zh))

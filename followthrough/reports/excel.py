"""The day's workbook, for people who work on with the figures in Excel or WPS.

Amounts are in yuan, days are dates, ids are text, headers are frozen, and the last sheet explains each
column. Everything comes from the published version.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from followthrough.database import quoted
from followthrough.paths import Home, write_atomically
from followthrough.publish import bi_views
from followthrough.publish.catalogue import PublishedTable, marts
from followthrough.reports.figures import published
from followthrough.sheets.safe_cells import safe, write

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
_YES_NO = {True: "是", False: "否"}


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

    def fill(book: "Workbook") -> None:
        cut = [page.title for page in pages if not _fill(book, connection, page, described[page.table])]
        _explain(book, version, [(page.title, described[page.table]) for page in pages], cut)

    return write(fill)


def _fill(book: "Workbook", connection: "DuckDBPyConnection", page: _Page, table: PublishedTable) -> bool:
    """Write one table; whether all its rows fitted."""
    found = connection.execute(
        f"SELECT * FROM bi.{quoted(page.table)} WHERE {page.since} ORDER BY {page.order} LIMIT {MAX_ROWS + 1}"
    )
    kinds = {name: str(kind) for name, kind, *_ in found.description or ()}
    rows = found.fetchall()
    labels = {bi_views.shown_name(column): bi_views.label(column) for column in table.columns}
    sheet = _sheet(book, page.title, [labels.get(name, name) for name in kinds])
    formats = [_FORMATS.get(kind.upper(), "General") for kind in kinds.values()]
    for row in rows[:MAX_ROWS]:
        sheet.append([_cell(value) for value in row])
    for column, number_format in zip(sheet.iter_cols(min_row=2), formats, strict=True):
        for cell in column:
            cell.number_format = number_format
    return len(rows) <= MAX_ROWS


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


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return _YES_NO[value]
    return safe(value) if isinstance(value, str) else value


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

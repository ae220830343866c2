"""Converts the visible sheets of workbooks to delimited text, one line per row.

Reads xlsx with openpyxl, old xls with xlrd, and HTML tables named xls with the standard parser. A line break
within a cell is written as CR, so that a row stays one line. Numbers are written with all their digits; a
float too large for exact digits is written in exponent form, which a column of ids refuses.
"""

import mmap
from array import array
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from followthrough.parse.file_errors import FileRefused

MAX_COLUMNS = 5_000
MAX_CELLS = 100_000_000
EXAMPLES = ("示例", "example")
"""A sheet whose name starts like this is an example and has no data."""

_EXACT = 10**15


def sheets_of_xlsx(path: Path) -> Iterator[tuple[str, Iterable[list[str]]]]:
    """Name and rows of every visible sheet of an xlsx workbook; FileRefused if it cannot be read."""
    import openpyxl

    with path.open("rb") as file:
        try:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        except Exception as error:  # a hostile workbook can fail anywhere in the library
            raise _broken(error) from None
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible":
                sheet.reset_dimensions()
                yield sheet.title, _texts(_guarded(sheet.iter_rows(values_only=True)))


def sheets_of_xls(path: Path) -> Iterator[tuple[str, Iterable[list[str]]]]:
    """Name and rows of every visible sheet of an xls workbook (BIFF); FileRefused if it cannot be read."""
    import xlrd

    try:
        book = xlrd.open_workbook(path, logfile=open("/dev/null", "w"), on_demand=True)  # noqa: SIM115
    except Exception as error:
        if "encrypted" in str(error) or _is_locked(path):
            raise FileRefused("encrypted_workbook") from None
        raise _broken(error) from None
    for sheet in book.sheets():
        if sheet.visibility == 0:
            rows = ([_of_xls(cell, book.datemode) for cell in sheet.row(n)] for n in range(sheet.nrows))
            yield sheet.name, _texts(_guarded(rows))


def _is_locked(path: Path) -> bool:
    """Whether the file is an xlsx with a password."""
    # That is a stream within the container format of old workbooks.
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content.find("EncryptedPackage".encode("utf-16-le")) >= 0


def sheets_of_html(path: Path) -> Iterator[tuple[str, Iterable[list[str]]]]:
    """The rows of all tables of an HTML file, as one sheet."""
    parser = _Rows()
    with path.open(encoding="utf-8") as file:
        while chunk := file.read(1 << 20):
            parser.feed(chunk)
    yield "table", _texts(parser.rows)


def write_text(rows: Iterable[list[str]], target: Path) -> tuple[int, int]:
    """Write rows to ``target``, padded to equal width; the number of lines, and of blank ones among them.

    Blank rows at the end, which only have a format, are left out.
    """
    width = cells = lines = blank = waiting = 0
    widths = array("I")
    ragged = target.with_suffix(".ragged")
    with ragged.open("w", encoding="utf-8", newline="") as out:
        for row in rows:
            while row and not row[-1]:
                row.pop()
            cells += len(row)
            _refuse_oversized(len(row), cells)
            if not row:
                waiting += 1
                continue
            out.write("\n" * waiting + _line(row))
            widths.extend([0] * waiting + [len(row)])
            lines, blank, waiting = lines + waiting + 1, blank + waiting, 0
            width = max(width, len(row))
    with ragged.open(encoding="utf-8", newline="\n") as narrow, target.open("w", encoding="utf-8") as out:
        for line, filled in zip(narrow, widths, strict=True):
            out.write(line[:-1] + "," * (width - filled if filled else 0) + "\n")
    ragged.unlink()
    return lines, blank


def _refuse_oversized(columns: int, cells: int) -> None:
    if columns > MAX_COLUMNS:
        raise FileRefused("oversized_workbook", limit=f"{MAX_COLUMNS:,} columns")
    if cells > MAX_CELLS:
        raise FileRefused("oversized_workbook", limit=f"{MAX_CELLS:,} cells")


def _line(row: list[str]) -> str:
    return (
        ",".join('"' + c.replace('"', '""') + '"' if any(s in c for s in ',"\r') else c for c in row) + "\n"
    )


def _guarded(rows: Iterable[Any]) -> Iterator[Any]:
    """The rows; FileRefused if reading one fails."""
    # The libraries read a workbook while it is iterated.
    try:
        yield from rows
    except Exception as error:
        raise _broken(error) from None


def _broken(error: BaseException) -> FileRefused:
    """The refusal of a broken workbook, with the type of the original error."""
    # The libraries' messages quote the file.
    while cause := error.__cause__ or error.__context__:
        error = cause
    return FileRefused("broken_workbook", why=type(error).__name__)


def _texts(rows: Iterable[Iterable[Any]]) -> Iterator[list[str]]:
    for row in rows:
        yield [_text(value) for value in row]


def _text(value: Any) -> str:
    """The value of a cell as text, without loss."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if abs(value) >= _EXACT:
            return f"{value:.14E}"
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return (value + timedelta(microseconds=500_000)).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).replace("\r\n", "\r").replace("\n", "\r").replace("\0", "")


def _of_xls(cell: Any, datemode: int) -> Any:
    import xlrd

    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return xlrd.xldate_as_datetime(cell.value, datemode)
        except (ValueError, OverflowError):
            return cell.value
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(cell.value, "#ERROR")
    return cell.value if cell.ctype in (xlrd.XL_CELL_TEXT, xlrd.XL_CELL_NUMBER) else None


class _Rows(HTMLParser):
    """Collects the cells of every table row; a cell that spans columns is put in the first of them."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Start a row or a cell."""
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self._close()
            self._cell = []
            span = str(dict(attributes).get("colspan") or "1")
            self._beside = min(int(span), MAX_COLUMNS) - 1 if span.isdecimal() else 0

    def handle_endtag(self, tag: str) -> None:
        """End the cell, also at the end of a row or table."""
        if tag in ("td", "th", "tr", "table"):
            self._close()

    def handle_data(self, data: str) -> None:
        """Add text to the cell."""
        if self._cell is not None:
            self._cell.append(data)

    def _close(self) -> None:
        if self._cell is not None:
            self.rows[-1] += ["".join(self._cell).strip(), *[""] * max(self._beside, 0)]
            self._cell = None

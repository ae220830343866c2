"""Bytes of the operator sheets, saved as CSV the way Excel does: UTF-8 with a byte order mark, CRLF."""

from __future__ import annotations

import csv
import io

from followthrough.platforms import export
from followthrough.sample.arrivals import Arrival, SheetRow


def file_name(arrival: Arrival) -> str:
    """The name of the template it was filled into."""
    return f"{_sheet(arrival)}_{arrival.night}.csv"


def render(arrival: Arrival) -> bytes:
    """Write the header of the template and the rows filled in."""
    written = io.StringIO()
    rows = [row.cells for row in arrival.records if isinstance(row, SheetRow)]
    csv.writer(written, lineterminator="\r\n").writerows([export(f"sheets__{_sheet(arrival)}").header, *rows])
    return written.getvalue().encode("utf-8-sig")


def _sheet(arrival: Arrival) -> str:
    return arrival.feed.kind.removeprefix("sheet_")

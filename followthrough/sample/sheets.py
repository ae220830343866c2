"""Bytes of the operator sheets: the templates, filled in."""

from __future__ import annotations

from followthrough.contract import Export
from followthrough.platforms import export
from followthrough.sample.arrivals import Arrival, SheetRow
from followthrough.sheets import workbook


def file_name(arrival: Arrival) -> str:
    """The name of the template with the day, as people save it."""
    return f"{_sheet(arrival).label}_{arrival.night}.xlsx"


def render(arrival: Arrival) -> bytes:
    """Write the rows under the header of the template."""
    rows = [row.cells for row in arrival.records if isinstance(row, SheetRow)]
    return workbook(_sheet(arrival), rows)


def _sheet(arrival: Arrival) -> Export:
    return export(f"sheets__{arrival.feed.kind.removeprefix('sheet_')}")

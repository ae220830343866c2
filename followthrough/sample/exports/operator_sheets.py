"""Bytes of the operator sheets: the filled-in templates."""

from __future__ import annotations

from followthrough.contracts.export import Export
from followthrough.platforms import export
from followthrough.sample.deliveries.records import Arrival, SheetRow
from followthrough.sheets.templates import workbook


def file_name(arrival: Arrival) -> str:
    """The template's name with the day, as people save it."""
    return f"{_sheet(arrival).label}_{arrival.night}.xlsx"


def render(arrival: Arrival) -> bytes:
    """Write the rows under the header of the template."""
    rows = [row.cells for row in arrival.records if isinstance(row, SheetRow)]
    return workbook(_sheet(arrival), rows)


def _sheet(arrival: Arrival) -> Export:
    return export(f"sheets__{arrival.feed.kind.removeprefix('sheet_')}")

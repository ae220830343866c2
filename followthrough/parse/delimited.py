"""Reads the rows of delimited text, with their line numbers, broken rows, blank lines and footer."""

import csv
import os
import re
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from followthrough.contracts.export import Table, Total
from followthrough.database import literal
from followthrough.parse.decode import Decoded
from followthrough.parse.detect import Recognised
from followthrough.parse.file_errors import FileRefused
from followthrough.parse.stored_rows import (
    Rows,
    Shape,
    count_rows,
    number_in_order,
    put_in_places,
    store_rows,
)

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_TAIL_BYTES = 1 << 16
_MAX_CELL_BYTES = 16 << 20
_BROKEN = {
    "MISSING COLUMNS": "too_few_cells",
    "TOO MANY COLUMNS": "too_many_cells",
    "LINE SIZE OVER MAXIMUM": "oversized_row",
}


def read_delimited(
    connection: "DuckDBPyConnection", text: Decoded, found: Recognised, layout: Table, shape: Shape
) -> Rows:
    """Fill ``cells`` and ``broken`` from delimited text; FileRefused if lines and rows do not add up."""
    footer = _cut_footer(text, layout, found.header_line)
    declared = _find_declared_totals(
        found.export.totals, _read_preamble(text, found.header_line), footer, layout
    )
    _unquote_preamble(text, found.header_line)
    _take_off_suffix(text, layout)
    shown = _with_line_breaks(len(found.names)) if text.sheet else "*"
    store_rows(connection, text, f"SELECT {shown} FROM {_scan(text, found, layout, 'refused')}", shape)
    _note_refused_rows(connection, found.header_line)
    rows, refused = (count_rows(connection, table) for table in ("kept", "refused_rows"))
    below = text.lines - found.header_line - len(footer)
    if refused == 0 and rows == below:
        number_in_order(connection, found.header_line)
        connection.execute("CREATE TEMP TABLE broken (record BIGINT, line BIGINT, reason VARCHAR)")
        blank = 0
    else:
        _number(connection, text, found, layout)
        blank = _blank(connection, text, below)
    outside = {rule: n for rule, n in (("blank_line", blank), ("footer", len(footer))) if n}
    total = count_rows(connection, "cells") + count_rows(connection, "broken")
    return Rows(total + sum(outside.values()), outside, declared)


def _scan(text: Decoded, found: Recognised, layout: Table, refused: str) -> str:
    quote = "''" if layout.cell_prefix else "'\"'"
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(found.names)))
    return f"""read_csv({literal(text.path)}, header = false, auto_detect = false,
        skip = {found.header_line}, delim = {literal("," + layout.cell_prefix)},
        quote = {quote}, escape = {quote}, columns = {{{columns}}}, new_line = '\\n',
        max_line_size = {_MAX_CELL_BYTES}, buffer_size = {2 * _MAX_CELL_BYTES},
        store_rejects = true, rejects_limit = 0,
        rejects_table = '{refused}', rejects_scan = '{refused}_scan')"""


def _read_preamble(text: Decoded, header_line: int) -> list[str]:
    with text.path.open(encoding="utf-8") as file:
        return list(islice(file, header_line - 1))


def _unquote_preamble(text: Decoded, header_line: int) -> None:
    """Replace quotes above the rows by blanks."""
    # An unclosed quote there would make the parser read all rows as one cell.
    with text.path.open("rb+") as file:
        above = b"".join(file.readline() for _ in range(header_line))
        if b'"' in above:
            file.seek(0)
            file.write(above.replace(b'"', b" "))


def _take_off_suffix(text: Decoded, layout: Table) -> None:
    """Remove the cell suffix after closing quotes, where it would break the row."""
    # After an unquoted cell it is trimmed later.
    if not layout.cell_suffix:
        return
    plain = text.path.with_suffix(".plain")
    with text.path.open("rb") as file, plain.open("wb") as out:
        for line in file:
            out.write(line.replace(b'"' + layout.cell_suffix.encode() + b",", b'",'))
    plain.replace(text.path)


def _note_refused_rows(connection: "DuckDBPyConnection", header_line: int) -> None:
    reasons = " ".join(f"WHEN {literal(k)} THEN {literal(v)}" for k, v in _BROKEN.items())
    connection.execute(
        f"""
        CREATE TEMP TABLE refused_rows AS
        SELECT CAST(line AS BIGINT) - {header_line} AS place,
            CASE max(error_type) {reasons} ELSE 'broken_quoting' END AS reason,
            {_inner_lines("max(trim(csv_line, chr(10)))")} AS inner_lines
        FROM refused GROUP BY line
        """
    )


def _number(connection: "DuckDBPyConnection", text: Decoded, found: Recognised, layout: Table) -> None:
    """Fill ``cells`` and ``broken`` with record and line numbers, counting refused rows and blank lines.

    A row may span several lines. Lines after an unclosed quote are refused one by one, each as a row.
    """
    header_line, width = found.header_line, len(found.names)
    blanks = _blank_lines(text, header_line, layout) if width > 1 else []
    connection.execute(
        f"""
        CREATE TEMP TABLE blank_lines AS SELECT unnest({blanks}::BIGINT[]) AS place;
        CREATE TEMP TABLE heights AS
        SELECT {_inner_lines(_joined(width))} AS inner_lines
        FROM {_scan(text, found, layout, "refused_again")};
        CREATE TEMP TABLE places AS
        WITH others AS (
            SELECT place, inner_lines, if(reason = 'broken_quoting', inner_lines, 0) + 1 AS rows
            FROM refused_rows
            UNION ALL SELECT place, 0, 0 FROM blank_lines
        ), numbered AS (
            SELECT place, row_number() OVER (ORDER BY place) AS accepted
            FROM range(1, (SELECT count(*) FROM kept) + (SELECT count(*) FROM others) + 1) AS r(place)
            WHERE place NOT IN (SELECT place FROM others)
        ), every AS (
            SELECT place, accepted, heights.inner_lines, 1 AS rows
            FROM heights JOIN numbered ON accepted = heights.rowid + 1
            UNION ALL SELECT place, NULL, inner_lines, rows FROM others
        )
        SELECT place, accepted, rows, CAST(sum(rows) OVER (ORDER BY place) AS BIGINT) AS record,
            CAST({header_line} + place + coalesce(sum(inner_lines) OVER (
                ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS BIGINT) AS line
        FROM every;
        CREATE TEMP VIEW broken AS
        SELECT record - rows + 1 + step AS record, line + step AS line, reason
        FROM (SELECT *, unnest(range(rows)) AS step FROM refused_rows JOIN places USING (place))
        """
    )
    put_in_places(connection)


def _blank_lines(text: Decoded, header_line: int, layout: Table) -> list[int]:
    """Places of the blank lines among the rows, except those inside a quoted cell."""
    if not text.blank:
        return []
    with text.path.open(encoding="utf-8") as file:
        for _ in range(header_line):
            file.readline()
        plain = csv.reader(file, quoting=csv.QUOTE_NONE) if layout.cell_prefix else csv.reader(file)
        try:
            return [place for place, row in enumerate(plain, 1) if not row]
        except csv.Error:
            return []


def _blank(connection: "DuckDBPyConnection", text: Decoded, below: int) -> int:
    """The number of lines ``below`` the header that are in no row: blank lines, which DuckDB skips."""
    row = connection.execute(
        """
        SELECT (SELECT count(*) + coalesce(sum(inner_lines), 0) FROM heights)
             + (SELECT count(*) + coalesce(sum(inner_lines), 0) FROM refused_rows)
        """
    ).fetchone()
    blank = below - (int(row[0]) if row else 0)
    if not 0 <= blank <= text.blank:
        raise FileRefused("lines_lost", lines=text.lines, lost=abs(blank))
    return blank


def _cut_footer(text: Decoded, layout: Table, header_line: int) -> list[str]:
    """Cut the summary block off the end of the file; the removed lines, in order."""
    if not layout.footer:
        return []
    size = text.path.stat().st_size
    with text.path.open("rb") as file:
        file.seek(max(0, size - _TAIL_BYTES))
        tail = file.read()
    start = tail.rfind(b"\n" + layout.footer.encode())
    footer = tail[start + 1 :].decode("utf-8").splitlines()
    if start < 0 or text.lines - len(footer) < header_line:
        raise FileRefused("footer_missing", footer=layout.footer)
    os.truncate(text.path, size - len(tail) + start + 1)
    return footer


def _find_declared_totals(
    totals: Iterable[Total], above: Sequence[str], footer: Sequence[str], layout: Table
) -> dict[str, str]:
    """The control totals in the lines outside the table, as text by name."""
    named = _totals_by_column(footer, layout)
    found = {total.name: named.get(total.path) or _find_total(total, (*above, *footer)) for total in totals}
    return {name: value for name, value in found.items() if value}


def _totals_by_column(footer: Sequence[str], layout: Table) -> dict[str, str]:
    if len(footer) < 2:
        return {}
    names = next(csv.reader(footer[:1]))
    values = [v.strip("` ") for v in footer[1].split("," + layout.cell_prefix)]
    return dict(zip(names, values, strict=False))


def _find_total(total: Total, lines: Iterable[str]) -> str | None:
    if not total.pattern:
        return None
    found = (re.search(total.pattern, line) for line in lines)
    return next((match[1] for match in found if match), None)


def _with_line_breaks(width: int) -> str:
    """SQL of the cells of a sheet, with line breaks in place of the CR they are stored as."""
    return ", ".join(f"replace(c{i}, chr(13), chr(10)) AS c{i}" for i in range(width))


def _joined(width: int) -> str:
    return f"concat_ws('', {', '.join(f'c{i}' for i in range(width))})"


def _inner_lines(text: str) -> str:
    return f"length({text}) - length(replace({text}, chr(10), ''))"

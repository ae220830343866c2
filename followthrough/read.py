"""The rows of a recognised file in DuckDB, with their place in the file.

Leaves a table ``cells``: ``record`` (1-based place among the file's rows), ``line`` (physical line in
delimited text, the record's number in JSON), then ``c0``, ``c1``, … (every cell as text) or ``row``
(a JSON record), or what is asked for instead of these. Its rows are in file order. Leaves a table
``broken``: rows the format itself refuses (``record``, ``line``, ``reason``).
"""

import csv
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from followthrough.contract import Export, Json, Table, Total
from followthrough.decode import Decoded
from followthrough.engine import literal
from followthrough.recognise import Recognised
from followthrough.refusals import FileRefused

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Shape = Callable[[str], str]
_TAIL_BYTES = 1 << 16
_MAX_CELL_BYTES = 16 << 20
_BROKEN = {
    "MISSING COLUMNS": "too_few_cells",
    "TOO MANY COLUMNS": "too_many_cells",
    "LINE SIZE OVER MAXIMUM": "oversized_row",
}

_JSON_LINE = r"(?<=Malformed JSON)(.* in (?:line|record/value) )(\d+)"
"""Where DuckDB says broken JSON is; it calls the first line 2."""


@dataclass(frozen=True)
class Rows:
    """``total`` rows in the file, of which ``outside`` (by rule) are not in ``cells`` nor ``broken``.

    ``declared`` are the file's own control totals as text, by name.
    """

    total: int
    outside: Mapping[str, int] = field(default_factory=dict)
    declared: Mapping[str, str] = field(default_factory=dict)


def read(
    connection: "DuckDBPyConnection",
    text: Decoded,
    found: Recognised,
    shape: Shape = "SELECT * FROM {}".format,
) -> Rows:
    """Fill ``cells`` and ``broken`` from the decoded file; FileRefused if the format as a whole is broken.

    ``shape`` makes of a relation of the raw cells a query with one row for each of its rows, in their order;
    ``cells`` holds what that gives. The file is gone through once, its text is kept nowhere.
    """
    if isinstance(found.export.format, Table):
        return _read_table(connection, text, found, found.export.format, shape)
    return _read_json(connection, text, found.export, found.export.format, shape)


def _read_table(
    connection: "DuckDBPyConnection", text: Decoded, found: Recognised, layout: Table, shape: Shape
) -> Rows:
    footer = _cut_footer(text, layout, found.header_line)
    declared = _declared(found.export.totals, _above(text, found.header_line), footer, layout)
    _unquote_preamble(text, found.header_line)
    _take_off_suffix(text, layout)
    shown = _with_line_breaks(len(found.names)) if text.sheet else "*"
    _keep(connection, text, f"SELECT {shown} FROM {_scan(text, found, layout, 'refused')}", shape)
    _note_refused_rows(connection, found.header_line)
    rows, refused = (_count(connection, table) for table in ("kept", "refused_rows"))
    below = text.lines - found.header_line - len(footer)
    if refused == 0 and rows == below:
        _number_in_order(connection, found.header_line)
        connection.execute("CREATE TEMP TABLE broken (record BIGINT, line BIGINT, reason VARCHAR)")
        blank = 0
    else:
        _number(connection, text, found, layout)
        blank = _blank(connection, text, below)
    outside = {rule: n for rule, n in (("blank_line", blank), ("footer", len(footer))) if n}
    total = _count(connection, "cells") + _count(connection, "broken")
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


def _keep(connection: "DuckDBPyConnection", text: Decoded, raw: str, shape: Shape) -> None:
    """Rows are numbered by where they come to stand: counting them on the way would need one thread."""
    import duckdb

    try:
        connection.execute(f"CREATE TEMP TABLE kept AS {shape(f'({raw})')}")
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        raise _unreadable(error, text) from None


def _number_in_order(connection: "DuckDBPyConnection", lines_before: int) -> None:
    """Every row is one line of the file, with nothing between them."""
    connection.execute(
        f"""CREATE TEMP VIEW cells AS
        SELECT rowid + 1 AS record, {lines_before} + rowid + 1 AS line, * FROM kept"""
    )


def _above(text: Decoded, header_line: int) -> list[str]:
    with text.path.open(encoding="utf-8") as file:
        return list(islice(file, header_line - 1))


def _unquote_preamble(text: Decoded, header_line: int) -> None:
    """A quote left open above the rows would hide them all from the reader."""
    with text.path.open("rb+") as file:
        above = b"".join(file.readline() for _ in range(header_line))
        if b'"' in above:
            file.seek(0)
            file.write(above.replace(b'"', b" "))


def _take_off_suffix(text: Decoded, layout: Table) -> None:
    """What follows a closing quote would make the row unreadable; behind a bare cell it is trimmed anyway."""
    if not layout.cell_suffix:
        return
    plain = text.path.with_suffix(".plain")
    with text.path.open("rb") as file, plain.open("wb") as out:
        for line in file:
            out.write(line.replace(b'"' + layout.cell_suffix.encode() + b",", b'",'))
    plain.replace(text.path)


def _unreadable(error: Exception, text: Decoded) -> FileRefused:
    first = str(error).replace(f'"{text.path}"', "it").splitlines()[0].split("Original Line")[0][:160]
    counted_from_one = re.sub(_JSON_LINE, lambda told: f"{told[1]}{int(told[2]) - 1}", first)
    return FileRefused("unreadable_rows", why=counted_from_one)


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
    """Give every row its place: refused rows and blank lines stand between others, a row may span lines.

    What an unclosed quote has swallowed is refused line by line, each a row of its own, so that its extent
    can be seen.
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
    _put_in_places(connection)


def _put_in_places(connection: "DuckDBPyConnection") -> None:
    connection.execute(
        """
        CREATE TEMP TABLE cells AS
        SELECT places.record, places.line, kept.* FROM kept JOIN places ON places.accepted = kept.rowid + 1
        ORDER BY record;
        DROP TABLE kept
        """
    )


def _blank_lines(text: Decoded, header_line: int, layout: Table) -> list[int]:
    """Places of the blank lines among the rows; one inside a quoted cell is none."""
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
    """How many lines ``below`` the header belong to no row: the reader passes over blank ones silently."""
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
    """Take the summary block off the end of the file; the lines that were cut, in order."""
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


def _declared(
    totals: Iterable[Total], above: Sequence[str], footer: Sequence[str], layout: Table
) -> dict[str, str]:
    """What the lines outside the table say, by the name of the total."""
    named = _of_columns(footer, layout)
    said = {total.name: named.get(total.path) or _said(total, (*above, *footer)) for total in totals}
    return {name: value for name, value in said.items() if value}


def _of_columns(footer: Sequence[str], layout: Table) -> dict[str, str]:
    if len(footer) < 2:
        return {}
    names = next(csv.reader(footer[:1]))
    values = [v.strip("` ") for v in footer[1].split("," + layout.cell_prefix)]
    return dict(zip(names, values, strict=False))


def _said(total: Total, lines: Iterable[str]) -> str | None:
    if not total.pattern:
        return None
    found = (re.search(total.pattern, line) for line in lines)
    return next((match[1] for match in found if match), None)


def _read_json(
    connection: "DuckDBPyConnection", text: Decoded, export: Export, layout: Json, shape: Shape
) -> Rows:
    import duckdb

    try:
        connection.execute(
            f"""
            CREATE TEMP TABLE documents AS SELECT json AS doc
            FROM read_json_objects({literal(text.path)}, format = 'auto', maximum_object_size = 1000000000)
            """
        )
    except duckdb.Error as error:
        raise _unreadable(error, text) from None
    failed = connection.execute(
        f"SELECT count(*) FROM documents WHERE {layout.failed.format(doc='doc')}"
    ).fetchone()
    if failed and failed[0]:
        raise FileRefused("error_answer", answers=failed[0])
    _refuse_doubled_envelope(connection, layout.records)
    many = "unnest" if "*" in layout.records else ""
    records = f"SELECT {many}(json_extract(doc, {literal(layout.records)})) AS row FROM documents"
    connection.execute(
        f"""
        CREATE TEMP TABLE records AS SELECT row
        FROM ({_by_element(records, layout.each) if layout.each else records})
        WHERE row IS NOT NULL
        """
    )
    _number_records(connection, text, shape)
    declared = {total.name: _json_total(connection, total.path) for total in export.totals}
    strays = _without_records(connection, export, layout)
    outside = {"no_record": strays} if strays else {}
    known = {name: value for name, value in declared.items() if value is not None}
    rows = _count(connection, "cells") + _count(connection, "broken")
    return Rows(rows + strays, outside, known)


def _refuse_doubled_envelope(connection: "DuckDBPyConnection", records: str) -> None:
    """Of two lists of records in one answer only one would be found."""
    steps = records.removesuffix("[*]").split(".")[:-1]
    keys = [f"json_keys(doc, {literal('.'.join(steps[: n + 1]))})" for n in range(len(steps))]
    twice = " OR ".join(f"len(list_distinct({found})) < len({found})" for found in keys)
    row = connection.execute(f"SELECT count(*) FROM documents WHERE {twice}").fetchone()
    if row and row[0]:
        raise FileRefused("doubled_key", answers=row[0])


def _number_records(connection: "DuckDBPyConnection", text: Decoded, shape: Shape) -> None:
    """With the same key twice a record says two things, and nobody knows which is meant.

    A NUL in a text is a character other databases cannot keep.
    """
    connection.execute(
        """
        CREATE TEMP TABLE broken AS
        SELECT record, record AS line, min(reason) AS reason FROM (
            SELECT records.rowid + 1 AS record, 'duplicate_key' AS reason FROM records, json_tree(row)
            GROUP BY record, parent, key HAVING count(*) > 1
            UNION ALL SELECT rowid + 1, 'nul_byte' FROM records WHERE contains(row::VARCHAR, '\\u0000')
        ) GROUP BY record
        """
    )
    if not _count(connection, "broken"):
        _keep(connection, text, "FROM records", shape)
        _number_in_order(connection, 0)
        return
    connection.execute(
        """
        DELETE FROM records WHERE rowid + 1 IN (SELECT record FROM broken);
        CREATE TEMP TABLE places AS
        SELECT row_number() OVER (ORDER BY rowid) AS accepted, rowid + 1 AS record, rowid + 1 AS line
        FROM records
        """
    )
    _keep(connection, text, "FROM records", shape)
    _put_in_places(connection)


def _by_element(records: str, each: str) -> str:
    """One row per element of a record's list; a record whose list is empty, or there twice, stays one row."""
    elements = f"json_extract(row, {literal(f'$.{each}[*]')})"
    lists = f"len(list_filter(json_keys(row), lambda key: key = {literal(each)}))"
    return f"""
        SELECT if(element IS NULL, row, json_merge_patch(row, json_object({literal(each)}, element))) AS row
        FROM (
            SELECT row, unnest(if({lists} = 1 AND len({elements}) > 0, {elements}, [NULL])) AS element
            FROM ({records}))
    """


def _without_records(connection: "DuckDBPyConnection", export: Export, layout: Json) -> int:
    """Documents that hold neither records nor a total: they are no rows, but they were there."""
    paths = [layout.records.removesuffix("[*]"), *(total.path for total in export.totals)]
    none = " AND ".join(f"json_extract(doc, {literal(path)}) IS NULL" for path in paths)
    row = connection.execute(f"SELECT count(*) FROM documents WHERE {none}").fetchone()
    return int(row[0]) if row else 0


def _json_total(connection: "DuckDBPyConnection", path: str) -> str | None:
    row = connection.execute(
        f"SELECT max(json_extract_string(doc, {literal(path)})) FROM documents"
    ).fetchone()
    return row[0] if row else None


def _with_line_breaks(width: int) -> str:
    """The cells of a sheet as they were: its rows are kept in one line each."""
    return ", ".join(f"replace(c{i}, chr(13), chr(10)) AS c{i}" for i in range(width))


def _joined(width: int) -> str:
    return f"concat_ws('', {', '.join(f'c{i}' for i in range(width))})"


def _inner_lines(text: str) -> str:
    return f"length({text}) - length(replace({text}, chr(10), ''))"


def _count(connection: "DuckDBPyConnection", table: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(row[0]) if row else 0

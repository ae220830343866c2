"""Rows DuckDB writes into a sheet, opened again by another program: the same cells, whatever is in them."""

import io
from datetime import date, datetime
from decimal import Decimal

import duckdb
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followthrough.sheets import safe_cells
from followthrough.sheets.sheet_rows import Column, sheet_rows

STARTS = "=+-@|%\t\r\n＝＋－＠ \u3000\xa0\x0b\x1c\x85"
HOSTILE = st.text(max_size=30) | st.builds(str.__add__, st.sampled_from(STARTS), st.text(max_size=10))


@pytest.fixture(scope="module")
def connection():
    with duckdb.connect() as connection:
        yield connection


FORMATS = {"DATE": "yyyy-mm-dd", "TIMESTAMP": "yyyy-mm-dd hh:mm:ss"}


def written(connection, query, count):
    """A workbook whose page has the query's first rows below its header."""
    made = connection.execute(f"DESCRIBE {query}").fetchall()

    def fill(book):
        page = book.create_sheet("page")
        page.append([name for name, *_ in made])
        book.create_sheet("other").append(["nothing below"])
        columns = [Column(name, kind, style(page, FORMATS.get(kind, "General"))) for name, kind, *_ in made]
        return {"page": sheet_rows(connection, query, columns, count)}

    return io.BytesIO(safe_cells.write(fill))


def style(page, number_format):
    cell = openpyxl.cell.Cell(page, row=2, column=1)
    cell.number_format = number_format
    return cell.style_id


def opened(connection, query, count):
    return openpyxl.load_workbook(written(connection, query, count))["page"]


def values(page):
    return list(page.iter_rows(min_row=2, values_only=True))


def test_every_type_is_the_cell_a_spreadsheet_expects(connection):
    query = """
        SELECT 'E1' AS id, true AS yes, false AS no, 12::BIGINT AS many, (-1234.50)::DECIMAL(18, 2) AS yuan,
            0.205::DECIMAL(18, 6) AS share, NULL::VARCHAR AS nothing
    """
    page = opened(connection, query, 1)
    assert values(page) == [("E1", "是", "否", 12, -1234.5, 0.205, None)]
    assert [cell.data_type for cell in page[2]] == ["s", "s", "s", *"nnnn"]


def test_days_and_times_are_those_of_a_spreadsheet(connection):
    query = "SELECT DATE '2026-11-11' AS day, TIMESTAMP '2026-11-11 00:30:01' AS at"
    page = opened(connection, query, 1)
    assert values(page) == [(datetime(2026, 11, 11), datetime(2026, 11, 11, 0, 30, 1))]
    assert date(2026, 11, 11) == page["A2"].value.date()


@pytest.mark.parametrize("day", ["1900-01-01", "1900-02-28", "1900-03-01"])
def test_the_first_days_a_spreadsheet_knows_stay_themselves(connection, day):
    page = opened(connection, f"SELECT DATE '{day}' AS day, TIMESTAMP '{day} 12:00:00' AS at", 1)
    assert values(page) == [(datetime.fromisoformat(day), datetime.fromisoformat(f"{day} 12:00:00"))]


def test_a_text_longer_than_a_cell_is_cut(connection):
    """Excel calls a file with a longer one damaged."""
    page = opened(connection, "SELECT repeat('长', 40000) AS long, '=' || repeat('x', 40000) AS formula", 1)
    ((long, formula),) = values(page)
    assert len(long) == 32_766
    assert len(formula) == 32_767
    assert formula.startswith("'=")


@pytest.mark.parametrize("kind", ["VARCHAR", "BOOLEAN", "BIGINT", "DECIMAL(18, 2)", "DATE", "TIMESTAMP"])
def test_a_cell_without_a_value_is_empty_and_has_its_columns_style(connection, kind):
    (cell,) = opened(connection, f"SELECT NULL::{kind} AS nothing", 1)[2]
    assert (cell.value, cell.number_format) == (None, FORMATS.get(kind, "General"))


@given(st.lists(HOSTILE, max_size=8))
@settings(deadline=None)
def test_text_is_as_safe_as_text_written_by_python(connection, texts):
    connection.execute("CREATE OR REPLACE TEMP TABLE texts (n INTEGER, text VARCHAR)")
    for n, text in enumerate(texts):
        connection.execute("INSERT INTO texts VALUES (?, ?)", [n, text])
    page = opened(connection, "SELECT text FROM texts ORDER BY n", len(texts))
    assert [value or "" for (value,) in values(page)] == [safe_cells.safe(text) for text in texts]
    assert not [cell for row in page for cell in row if cell.data_type == "f"]


def test_markup_in_text_is_text(connection):
    hostile = "</t></is></c></row></sheetData><f>1+1</f>&amp;\r<![CDATA["
    connection.execute("CREATE OR REPLACE TEMP TABLE texts AS SELECT ?::VARCHAR AS text", [hostile])
    assert values(opened(connection, "FROM texts", 1)) == [(hostile,)]


@pytest.mark.parametrize("count", [0, 1, 2048, 2049, 5000])
def test_no_row_is_lost_between_batches_and_the_sheet_says_its_size(connection, count):
    query = "SELECT n, 'E' || n AS id FROM range(6000) AS r(n) ORDER BY n DESC"
    page = openpyxl.load_workbook(written(connection, query, count), read_only=True)["page"]
    assert values(page) == [(n, f"E{n}") for n in range(5999, 5999 - count, -1)]
    assert page.calculate_dimension() == f"A1:B{count + 1}"


def test_numbers_keep_their_digits(connection):
    query = "SELECT 9007199254740991::BIGINT AS most, 9999999999999.99::DECIMAL(18, 2) AS yuan"
    assert values(opened(connection, query, 1)) == [(9007199254740991, float(Decimal("9999999999999.99")))]


def test_a_type_without_a_cell_is_named(connection):
    with pytest.raises(ValueError, match=r"tags is VARCHAR\[\]"):
        opened(connection, "SELECT ['a'] AS tags", 1)

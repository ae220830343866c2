"""Cells of ours in a workbook, opened again by another program: text, never a formula."""

import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from followthrough.sheets import safe_cells as spreadsheet

STARTS = "=+-@|%\t\r\n＝＋－＠"


@pytest.mark.parametrize("start", STARTS)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(start):
    assert spreadsheet.safe(f"{start}1+cmd|' /C calc'!A0").startswith("'")


def test_spaces_in_front_hide_nothing():
    assert spreadsheet.safe(" \u3000 =SUM(A1)").startswith("'")


@pytest.mark.parametrize("text", ["-12.50", "+3", "15%", "E2026", "苔原 = 好", "a@b", ""])
def test_plain_text_and_numbers_stay_as_they_are(text):
    assert spreadsheet.safe(text) == text


@given(st.lists(st.text(max_size=40) | st.builds(str.__add__, st.sampled_from(STARTS), st.text(max_size=20))))
def test_no_text_whatever_becomes_a_formula(texts):
    def fill(book):
        page = book.create_sheet("page")
        for text in texts:
            page.append([spreadsheet.safe(text)])
        return {}

    page = openpyxl.load_workbook(io.BytesIO(spreadsheet.write(fill)))["page"]
    for (cell,) in page.iter_rows(max_row=len(texts), max_col=1) if texts else ():
        assert cell.data_type != "f"
        assert not str(cell.value or "x").lstrip().startswith(tuple("=@|%＝＋－＠"))


def test_the_same_pages_give_the_same_bytes(monkeypatch):
    def fill(book):
        book.create_sheet("page").append(["a", 1])
        return {}

    first = spreadsheet.write(fill)
    monkeypatch.setenv("TZ", "America/New_York")
    monkeypatch.setattr("time.time", lambda: 2_000_000_000)
    assert spreadsheet.write(fill) == first

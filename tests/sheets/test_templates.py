"""Templates as operators get them, filled in and handed in again."""

import io

import openpyxl
import pytest

from followthrough.contracts.export import Vocabulary
from followthrough.platforms import platforms
from followthrough.sheets.templates import workbook, write_templates

SHEETS = platforms()["sheets"].exports


@pytest.fixture(params=SHEETS, ids=lambda sheet: sheet.name)
def sheet(request):
    return request.param


def opened(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def test_every_sheet_is_written_empty_and_filled_in(tmp_path):
    written = write_templates(SHEETS, tmp_path)
    assert {path.name for path in tmp_path.glob("*.xlsx")} == {f"{sheet.label}.xlsx" for sheet in SHEETS}
    assert len({*written}) == 2 * len(SHEETS) == len([*tmp_path.rglob("*.xlsx")])


def test_the_page_to_fill_in_has_the_header_frozen_and_nothing_else(sheet):
    page = opened(workbook(sheet, ())).worksheets[0]
    assert [[cell.value for cell in row] for row in page.iter_rows()] == [[*sheet.header]]
    assert page.freeze_panes == "A2"


def test_choices_are_offered_in_chinese_for_every_vocabulary(sheet):
    page = opened(workbook(sheet, ())).worksheets[0]
    offered = {str(each.sqref).split("2:")[0]: each.formula1 for each in page.data_validations.dataValidation}
    letters = dict(zip((c.coordinate[:-1] for c in page[1]), sheet.columns, strict=True))
    assert {*offered} == {letter for letter, c in letters.items() if isinstance(c.type, Vocabulary)}
    for letter, formula in offered.items():
        kind = letters[letter].type
        assert len(formula) <= 255
        choices = formula.strip('"').split(",")
        assert [kind.words[choice] for choice in choices] == list(dict.fromkeys(kind.words.values()))


def test_ids_are_text_and_days_are_days_in_the_examples(sheet):
    page = opened(workbook(sheet, sheet.examples)).worksheets[0]
    for row in page.iter_rows(min_row=2):
        for cell, column in zip(row, sheet.columns, strict=True):
            kind = type(column.type).__name__
            if kind in ("Id", "Identifier"):
                assert cell.number_format == "@"
                assert isinstance(cell.value, str | None)
            if kind in ("Date", "Timestamp"):
                assert cell.value is None or cell.is_date


def test_a_column_of_ids_is_text_before_anything_is_typed_into_it(sheet):
    page = opened(workbook(sheet, ())).worksheets[0]
    for head, column in zip(page[1], sheet.columns, strict=True):
        is_text = page.column_dimensions[head.column_letter].number_format == "@"
        assert is_text == (type(column.type).__name__ in ("Id", "Identifier"))


def test_the_page_of_meanings_explains_every_column_in_two_languages(sheet):
    page = opened(workbook(sheet, ())).worksheets[1]
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=2)]
    assert [row[0] for row in rows] == [*sheet.header]
    assert all(column.meaning_zh and column.meaning for column in sheet.columns)
    assert [(row[3], row[4]) for row in rows] == [(c.meaning_zh, c.meaning) for c in sheet.columns]
    assert not any({*sheet.recognise} <= {*map(str, row)} for row in rows)


def test_a_template_nobody_filled_in_is_recognised_and_has_no_rows(sheet, load_bytes):
    receipt = load_bytes(workbook(sheet, ()), "sheets_main", "模板.xlsx")
    assert (receipt.slug, receipt.refused, receipt.rows) == (sheet.slug, {}, 0)


def test_the_examples_load_without_a_single_quarantined_row(sheet, load_bytes):
    receipt = load_bytes(workbook(sheet, sheet.examples), "sheets_main", "示例.xlsx")
    assert (receipt.slug, receipt.refused, receipt.reasons) == (sheet.slug, {}, {})
    assert receipt.accepted == receipt.rows == len(sheet.examples)

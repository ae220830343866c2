"""Every kind of workbook becomes the text it shows, row for row, and no workbook does any harm."""

import csv
import io
import re
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
import xlwt
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from followthrough.parse.decode import decode
from followthrough.parse.file_errors import FileRefused
from tests.builders.archives import zipped
from tests.builders.workbooks import EXPANSION


def xlsx(*rows, name="笔记", **sheets):
    """A workbook of these rows, and more sheets by name."""
    book = openpyxl.Workbook()
    book.active.title = name
    for title, content in ((name, rows), *sheets.items()):
        sheet = book[title] if title in book.sheetnames else book.create_sheet(title)
        for row in content:
            sheet.append(row)
    return saved(book)


def saved(book):
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


@pytest.fixture
def texts(tmp_path):
    def texts(content):
        (tmp_path / "file").write_bytes(content)
        found = decode(tmp_path / "file", tmp_path / "text")
        return {one.sheet: one.path.read_bytes().decode() for one in found}

    return texts


def test_cells_are_written_as_they_are(texts):
    row = [
        "笔记",
        7,
        0.1,
        12.0,
        True,
        datetime(2026, 9, 1, 20, 0),
        date(2026, 9, 2),
        None,
        "a,b",
        'c"',
        "一\n二",
    ]
    written = '笔记,7,0.1,12,TRUE,2026-09-01 20:00:00,2026-09-02 00:00:00,,"a,b","c""","一\r二"\n'
    assert texts(xlsx(row)) == {"笔记": written}


def test_an_id_the_workbook_has_rounded_looks_like_it(texts):
    (text,) = texts(xlsx([6.917930000000001e18, 123456789012345678, 123456789012345])).values()
    assert text == "6.91793000000000E+18,1.23456789012346E+17,123456789012345\n"


def test_rows_are_filled_up_and_formatted_emptiness_at_the_end_is_none(texts):
    rows = (["最多导出1000条"], ["a", "b", "c"], [1, None, None], [None], [2, 3], [None], [""])
    (text,) = texts(xlsx(*rows)).values()
    assert text == "最多导出1000条,,\na,b,c\n1,,\n\n2,3,\n"


def test_every_visible_sheet_is_a_text_and_examples_are_not(texts):
    book = openpyxl.load_workbook(
        io.BytesIO(xlsx(["a"], name="说明", 数据=[["b"]], 示例=[["c"]], 隐藏=[["d"]]))
    )
    book["隐藏"].sheet_state = "hidden"
    assert texts(saved(book)) == {"说明": "a\n", "数据": "b\n"}


def test_merged_cells_stand_where_they_begin(texts):
    book = openpyxl.load_workbook(io.BytesIO(xlsx(["横幅", None, None], ["a", "b", "c"])))
    book.active.merge_cells("A1:C1")
    assert [*texts(saved(book)).values()] == ["横幅,,\na,b,c\n"]


def test_a_formula_is_what_the_workbook_last_computed_and_nothing_where_it_never_did(texts):
    computed = xlsx(["=1+1", 5])
    assert [*texts(computed).values()] == [",5\n"]
    with zipfile.ZipFile(io.BytesIO(computed)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = re.sub(b"<v ?/>|<v></v>", b"<v>2</v>", sheet)
    assert [*texts(zipped(*parts.items())).values()] == ["2,5\n"]


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr><th>时间</th><th colspan=2>人数</th></tr>"
        "<tr><td> 2026-09-01<td>1<td>a&amp;b</tr></table>",
        "<!DOCTYPE html><HTML><body><TABLE><TR><TD>时间</TD><TD COLSPAN='2'>人数</TD></TR>\n"
        "<TR><TD>2026-09-01</TD><TD>1</TD><TD>a&amp;b</TD></TR></TABLE></body></HTML>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_table_of_html_that_calls_itself_a_workbook_is_read(texts, html, encoding):
    assert texts(html.encode(encoding)) == {"table": "时间,人数,\n2026-09-01,1,a&b\n"}


def test_an_old_workbook_is_read(texts):
    book = xlwt.Workbook()
    sheet = book.add_sheet("日报")
    for place, value in enumerate(["时间", "人数", "占比", "是否"]):
        sheet.write(0, place, value)
    for place, value in enumerate([datetime(2026, 9, 1), 7, 0.25, True]):
        sheet.write(
            1,
            place,
            value,
            xlwt.easyxf(num_format_str="yyyy-mm-dd") if not place else xlwt.Style.default_style,
        )
    book.add_sheet("藏").visibility = 1
    assert texts(saved(book)) == {"日报": "时间,人数,占比,是否\n2026-09-01 00:00:00,7,0.25,TRUE\n"}


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"])
def test_entities_are_not_expanded(texts, part):
    with zipfile.ZipFile(io.BytesIO(xlsx(["a", "b"]))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = EXPANSION + parts[part].removeprefix(b'<?xml version="1.0"?>').replace(b"<t>a", b"<t>&b;")
    with pytest.raises(FileRefused, match="the workbook cannot be read: EntitiesForbidden"):
        texts(zipped(*parts.items()))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (xlsx(["x"] * 5001), "oversized_workbook"),
        (zipped(("xl/workbook.xml", b"no xml")), "broken_workbook"),
        (zipped(("xl/workbook.xml", bytes(64 << 20))), "oversized_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "broken_workbook"),
    ],
    ids=["columns", "no xml", "bomb", "no biff"],
)
def test_a_broken_or_endless_workbook_is_refused(texts, content, code):
    with pytest.raises(FileRefused) as refused:
        texts(content)
    assert refused.value.code == code


CELLS = st.text(alphabet='a,"\n苔=', min_size=1, max_size=4)


@limits(max_examples=30, deadline=None)
@given(rows=st.lists(st.lists(CELLS, min_size=1, max_size=3), min_size=1, max_size=4))
def test_what_is_in_a_sheet_comes_out_of_the_text(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("book")
    book = openpyxl.Workbook()
    for line, row in enumerate(rows, 1):
        for place, value in enumerate(row, 1):
            cell = book.active.cell(line, place)
            cell.value, cell.data_type = value, "s"
    (folder / "file").write_bytes(saved(book))
    (text,) = decode(folder / "file", folder / "text")
    with text.path.open(encoding="utf-8", newline="") as file:
        read = [[cell.replace("\r", "\n") for cell in row] for row in csv.reader(file)]
    width = max(map(len, rows))
    assert read == [row + [""] * (width - len(row)) for row in rows]

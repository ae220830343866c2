"""Every line of a file is a row, a refused row, or named as neither; each knows its place."""

import csv
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followthrough.contracts.export import Column, Export, Integer, Json, Money, Table, Text, Total
from followthrough.database import connect
from followthrough.parse.decode import Decoded, decode
from followthrough.parse.detect import recognise
from followthrough.parse.file_errors import FileRefused
from followthrough.parse.rows import read

NAMES = ("id", "note", "amount")


def declare(layout, *names, totals=()):
    columns = tuple(Column(n, (n,), Text(), n, "Meaning.") for n in names)
    return Export(
        platform="p",
        name="rows",
        version=1,
        label="",
        grain="one row per thing",
        format=layout,
        recognise=names,
        columns=columns,
        key=(names[0],),
        event_at=names[0],
        feeds={},
        signals="",
        cannot_tell="",
        source="",
        totals=totals,
    )


PLAIN = declare(Table(), *NAMES)
TICKED = declare(
    Table(cell_prefix="`", footer="总数"),
    *NAMES,
    totals=(Total("rows", "总数", Integer(), "count(*)"), Total("fen", "金额", Money(), "0")),
)
HASHED = declare(
    Table(cell_suffix="\t", footer="#--end"),
    *NAMES,
    totals=(
        Total("rows", "", Integer(), "count(*)", pattern=r"共(\d+)笔"),
        Total("fen", "", Money(), "0", pattern=r"#合计:\d+笔,共([\d.]+)元"),
    ),
)
ANSWERS = declare(
    Json("$.list[*]", failed="json_extract_string({doc}, '$.code') <> '0'"),
    "list.id",
    totals=(Total("rows", "$.total", Integer(), "count(*)"),),
)


def rows_of(folder, content, export=PLAIN):
    """Decode, recognise and read ``content``; gives the Rows, the cells and the broken rows."""
    (folder / "file").write_bytes(content if isinstance(content, bytes) else content.encode())
    (text,) = decode(folder / "file", folder / "text")
    with connect(folders=(folder,)) as connection:
        found = read(connection, text, recognise(text.path, [export]))
        cells = connection.execute("FROM cells ORDER BY record").fetchall()
        broken = connection.execute("FROM broken ORDER BY record").fetchall()
    return found, cells, broken


@pytest.fixture
def rows(tmp_path):
    return lambda content, export=PLAIN: rows_of(tmp_path, content, export)


HEADER = "id,note,amount\n"


@pytest.mark.parametrize(
    ("body", "cells"),
    [
        ("1,a,2\n", [(1, 2, "1", "a", "2")]),
        ("1,a,2", [(1, 2, "1", "a", "2")]),
        ('1,"a, b",2\n', [(1, 2, "1", "a, b", "2")]),
        ('1,"say ""yes""",2\n', [(1, 2, "1", 'say "yes"', "2")]),
        ('="1",a,2\n', [(1, 2, '="1"', "a", "2")]),
        ('"\t1",a,2\n', [(1, 2, "\t1", "a", "2")]),
        ("'1,a,2\n", [(1, 2, "'1", "a", "2")]),
        ("`1,a;b,2\n", [(1, 2, "`1", "a;b", "2")]),
        ("0001,1e3, x \n", [(1, 2, "0001", "1e3", " x ")]),
        ("true,NULL,nan\n", [(1, 2, "true", "NULL", "nan")]),
        ("#1,//,\\\n", [(1, 2, "#1", "//", "\\")]),
        ("1,苔原𠮷,2\n", [(1, 2, "1", "苔原𠮷", "2")]),
        ('1,"a\nb",2\n3,c,4\n', [(1, 2, "1", "a\nb", "2"), (2, 4, "3", "c", "4")]),
        ('1,"\n\n",2\n3,c,4\n', [(1, 2, "1", "\n\n", "2"), (2, 5, "3", "c", "4")]),
        (",,\n", [(1, 2, None, None, None)]),
        ("", []),
    ],
)
def test_cells_come_as_text_with_their_record_and_line(rows, body, cells):
    found, read_cells, broken = rows(HEADER + body)
    assert (read_cells, broken, found.total, found.outside) == (cells, [], len(cells), {})


@pytest.mark.parametrize(
    ("body", "places", "broken"),
    [
        ("1,a\n2,b,2\n", [(2, 3)], [(1, 2, "too_few_cells")]),
        ("1,a,1\n2,b,2,3\n", [(1, 2)], [(2, 3, "too_many_cells")]),
        ("1,a,1\n2,b,2,3,4,5\n3,c,3\n", [(1, 2), (3, 4)], [(2, 3, "too_many_cells")]),
        ('1,"a\nb",1\n2,b\n3,c,3\n', [(1, 2), (3, 5)], [(2, 4, "too_few_cells")]),
        ('1,"a\nb"\n2,b,2\n', [(2, 4)], [(1, 2, "too_few_cells")]),
        ('1,"a\nb",1,1\n2,b\n3,"c\n\nd",3\n4,d,4\n', [(3, 5), (4, 8)],
         [(1, 2, "too_many_cells"), (2, 4, "too_few_cells")]),
        ('1,"a"b,1\n2,b,2\n', [(2, 3)], [(1, 2, "broken_quoting")]),
        ("1,a\n2,b\n", [], [(1, 2, "too_few_cells"), (2, 3, "too_few_cells")]),
    ],
)  # fmt: skip
def test_a_row_its_format_refuses_is_set_aside_with_its_place(rows, body, places, broken):
    found, cells, set_aside = rows(HEADER + body)
    assert ([row[:2] for row in cells], set_aside) == (places, broken)
    assert found.total == len(places) + len(broken)


@pytest.mark.parametrize(
    "body", ['1,a,1\n2,"b,2\n3,c,3\n', '1,"a,1\n' + "2,b,2\n" * 20, '1,"a,1\n2,"b",2\n3,c,3\n']
)
def test_lines_behind_a_quote_that_is_never_closed_are_refused_one_by_one(rows, body):
    found, cells, broken = rows(HEADER + body)
    assert sorted(row[1] for row in cells + broken) == list(range(2, body.count("\n") + 2))
    assert sorted(row[0] for row in cells + broken) == list(range(1, found.total + 1))
    assert {row[2] for row in broken} == {"broken_quoting"}
    assert found.total == body.count("\n")


@pytest.mark.parametrize(
    ("body", "blank", "places"),
    [
        ("\n1,a,1\n", 1, [1]),
        ("1,a,1\n\n2,b,2\n", 1, [1, 2]),
        ("1,a,1\n\n\n\n", 3, [1]),
        ("\n\n", 2, []),
    ],
)
def test_blank_lines_are_counted_and_are_no_rows(rows, body, blank, places):
    found, cells, _ = rows(HEADER + body)
    assert (found.outside, [row[0] for row in cells]) == ({"blank_line": blank}, places)
    assert found.total == len(places) + blank


def test_a_preamble_moves_every_line_number(rows):
    _, cells, broken = rows('说明,"未完\n\n' + HEADER + "1,a,1\n2,b\n")
    assert ([row[:2] for row in cells], broken) == ([(1, 4)], [(2, 5, "too_few_cells")])


FOOTER = "总数,金额\n`2,`3.00\n"


@pytest.mark.parametrize(
    ("body", "cells"),
    [
        ("`1,`a,`2\n", [(1, 2, "`1", "a", "2")]),
        ("`1,`a, b,`2\n", [(1, 2, "`1", "a, b", "2")]),
        ('`1,`6" 花盆,`2\n`2,`"x",`\n', [(1, 2, "`1", '6" 花盆', "2"), (2, 3, "`2", '"x"', None)]),
        ("`1,`总数,`2\n", [(1, 2, "`1", "总数", "2")]),
        ("", []),
    ],
)
def test_ticked_cells_are_split_at_the_tick_and_the_footer_is_cut(rows, body, cells):
    found, read_cells, _ = rows(HEADER + body + FOOTER, TICKED)
    assert (read_cells, found.outside) == (cells, {"footer": 2})
    assert found.declared == {"rows": "2", "fen": "3.00"}
    assert found.total == len(cells) + 2


@pytest.mark.parametrize(
    ("above", "below", "declared"),
    [
        ("#共2笔记录\n", "#--end\n#合计:2笔,共3.00元\n", {"rows": "2", "fen": "3.00"}),
        ("#共2笔记录\n", "#--end\n", {"rows": "2"}),
        ("", "#--end\n", {}),
    ],
)
def test_totals_stand_in_sentences_above_and_below_the_table(rows, above, below, declared):
    found, cells, broken = rows(above + HEADER + "1,共9笔,1\n2,b,2\n" + below, HASHED)
    assert (found.declared, found.outside) == (declared, {"footer": below.count("\n")})
    assert ([cell[2:] for cell in cells], broken) == ([("1", "共9笔", "1"), ("2", "b", "2")], [])


def test_a_footer_above_the_header_is_none(rows):
    with pytest.raises(FileRefused) as error:
        rows("\n#--end\n" + HEADER + "1,a,1\n", HASHED)
    assert error.value.code == "footer_missing"


def test_what_follows_a_closing_quote_is_no_part_of_the_cell(rows):
    body = '"1"\t,"a,""b"\t,2\n3\t,c\t,4\n'
    _, cells, broken = rows(HEADER + body + "#--end\n", HASHED)
    assert [cell[2:] for cell in cells] == [("1", 'a,"b', "2"), ("3\t", "c\t", "4")]
    assert broken == []


def test_a_blank_line_among_ticked_rows_is_counted(rows):
    found, cells, _ = rows(HEADER + "`1,`a,`2\n\n`2,`b,`\n" + FOOTER, TICKED)
    assert [row[:2] for row in cells] == [(1, 2), (2, 4)]
    assert found.outside == {"blank_line": 1, "footer": 2}


def test_a_ticked_row_of_another_width_is_set_aside(rows):
    found, cells, broken = rows(HEADER + "`1,`a,`2,`3\n`1,`a,`2\n" + FOOTER, TICKED)
    assert (len(cells), broken, found.total) == (1, [(1, 2, "too_many_cells")], 4)


def test_a_file_whose_end_is_missing_is_refused(rows):
    with pytest.raises(
        FileRefused, match="the closing line '总数…' is missing -> download the whole"
    ) as error:
        rows(HEADER + "`1,`a,`2\n", TICKED)
    assert error.value.code == "footer_missing"


ONE, TWO = {"id": "1"}, {"id": "2"}


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        (json.dumps({"code": 0, "list": [ONE, TWO]}), ["1", "2"]),
        (json.dumps({"code": 0, "list": [ONE, TWO]}, indent=1), ["1", "2"]),
        (json.dumps([{"list": [ONE]}, {"list": [TWO]}]), ["1", "2"]),
        (json.dumps({"list": [ONE]}) + "\n" + json.dumps({"list": [TWO]}) + "\n", ["1", "2"]),
        (json.dumps({"list": [ONE]}) + "\n\n" + json.dumps({"list": []}) + "\n", ["1"]),
        (json.dumps({"list": [{"id": str(n)} for n in range(5000)]}), [str(n) for n in range(5000)]),
    ],
)
def test_json_records_are_numbered_in_file_order(rows, text, ids):
    found, cells, broken = rows(text, ANSWERS)
    assert [json.loads(row[2])["id"] for row in cells] == ids
    assert [row[:2] for row in cells] == [(n, n) for n in range(1, len(ids) + 1)]
    assert (found.total, broken) == (len(ids), [])


def test_a_list_within_a_record_makes_a_row_of_each_element_and_none_is_lost(rows):
    days = declare(Json("$.list[*]", each="days"), "list.id")
    listed = [
        {"id": 1, "days": [{"day": "a", "n": 1}, {"day": "b", "n": None}]},
        {"id": 2, "days": []},
        {"id": 3},
    ]
    found, cells, _ = rows(json.dumps({"list": listed}), days)
    assert found.total == 4
    assert [(place, json.loads(row)) for place, _, row in cells] == [
        (1, {"id": 1, "days": {"day": "a", "n": 1}}),
        (2, {"id": 1, "days": {"day": "b"}}),
        (3, {"id": 2, "days": []}),
        (4, {"id": 3}),
    ]


def test_totals_of_json_come_from_whichever_document_has_them(rows):
    found, _, _ = rows(json.dumps({"total": 2}) + "\n" + json.dumps({"list": [ONE, TWO]}), ANSWERS)
    assert found.declared == {"rows": "2"}
    assert rows(json.dumps({"list": [ONE, TWO]}), ANSWERS)[0].declared == {}


def test_an_answer_that_is_an_error_refuses_the_file(rows):
    with pytest.raises(FileRefused, match="1 of its answers are errors of the platform -> pull") as error:
        rows(json.dumps({"code": 0, "list": [ONE]}) + "\n" + json.dumps({"code": 42001}), ANSWERS)
    assert error.value.code == "error_answer"


def test_json_that_breaks_off_refuses_the_file_without_quoting_it(rows):
    with pytest.raises(FileRefused) as error:
        rows(json.dumps({"list": [ONE]}) + "\n" * 80 + '{"list": [{"id": "13800000000"', ANSWERS)
    assert error.value.code == "unreadable_rows"
    assert "13800000000" not in str(error.value)
    assert "/" not in error.value.message


def written(cells):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL).writerow(cells)
    return out.getvalue()


TEXTS = st.text(alphabet="a苔,\"\n;\t' `", max_size=6)
LINES = st.one_of(
    st.tuples(TEXTS, TEXTS, TEXTS).map(lambda cells: ("row", cells)),
    st.just(("row", ("x", "y", "z"))),
    st.just(("too_few_cells", ("x", "y"))),
    st.tuples(TEXTS, TEXTS).map(lambda cells: ("too_few_cells", cells)),
    st.just(("too_many_cells", ("x", "y", "z", "u"))),
    st.just(("blank_line", ())),
)


@given(lines=st.lists(LINES, max_size=12))
@settings(max_examples=50, deadline=None)
def test_nothing_is_lost_and_everything_knows_its_place(tmp_path_factory, lines):
    record, line, cells, broken, body = 0, 2, [], [], ""
    for kind, values in lines:
        text = written(values) if values else "\n"
        record += bool(values)
        if kind == "row":
            cells.append((record, line, *values))
        elif values:
            broken.append((record, line, kind))
        line += text.count("\n")
        body += text
    blank = sum(kind == "blank_line" for kind, _ in lines)
    found, read_cells, set_aside = rows_of(tmp_path_factory.mktemp("rows"), HEADER + body)
    assert [tuple(cell or "" for cell in row) for row in read_cells] == cells
    assert set_aside == broken
    assert found.outside == ({"blank_line": blank} if blank else {})
    assert found.total == len(lines)


def test_rows_of_a_big_file_keep_their_places_across_scanning_threads(tmp_path):
    filler = "x" * 1800
    line, refused = 2, []
    with (tmp_path / "text").open("w", encoding="utf-8") as out:
        out.write(HEADER)
        for record in range(1, 26_001):
            if record % 991 == 0:
                out.write("\n")
                line += 1
            if record % 997 == 0:
                out.write(f"{record},{filler}\n")
                refused.append((record, line, "too_few_cells"))
            else:
                tall = record % 7 == 0
                out.write(f'{record},"{filler}{chr(10) if tall else ""}",{line}\n')
                line += tall
            line += 1
    assert (tmp_path / "text").stat().st_size > 40 << 20
    text = Decoded(tmp_path / "text", "utf-8", line - 1, blank := 26_000 // 991)
    with connect(folders=(tmp_path,)) as connection:
        found = read(connection, text, recognise(text.path, [PLAIN]))
        wrong = "SELECT record FROM cells WHERE CAST(record AS VARCHAR) <> c0 OR CAST(line AS VARCHAR) <> c2"
        assert connection.execute(wrong).fetchall() == []
        assert connection.execute("FROM broken ORDER BY record").fetchall() == refused
    assert (found.total, found.outside) == (26_000 + blank, {"blank_line": blank})

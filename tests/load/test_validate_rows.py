"""Every row of a file is typed and validated, and stands where it stands in the file."""

import pytest

from followthrough.contracts.export import Column, Exclusion, Export, Id, Money, Table
from followthrough.database import connect
from followthrough.load.validate_rows import validate_rows
from followthrough.parse.decode import decode
from followthrough.parse.detect import recognise

KEY = bytes(range(32))
EXPORT = Export(
    platform="p",
    name="rows",
    version=1,
    label="",
    grain="one row per thing",
    format=Table(),
    recognise=("单号", "金额"),
    key=("id",),
    event_at="",
    feeds={},
    signals="",
    cannot_tell="",
    source="",
    columns=(
        Column("id", ("单号",), Id(), "", "", required=True),
        Column("fen", ("金额",), Money(), "", "", minimum=0),
    ),
    exclude=(Exclusion("summary", "{单号} = '合计'"),),
)


@pytest.fixture
def validated(tmp_path):
    """All that is said of the rows under a header, and the refused ones."""

    def validated(rows):
        source = tmp_path / "source.csv"
        source.write_text(f"单号,金额\n{rows}", "utf-8")
        (text,) = decode(source, tmp_path / "text")
        with connect(folders=(tmp_path,), memory="500MB") as connection:
            validate_rows(connection, text, recognise(text.path, [EXPORT]), {}, KEY)
            return connection.execute("FROM validated").fetchall(), connection.execute(
                "FROM broken"
            ).fetchall()

    return validated


def test_a_row_has_its_place_its_values_and_its_problems(validated):
    rows, broken = validated("A1,1.50\n A2 ,-2\n合计,1.50\n,x\n")
    assert rows == [
        (1, 2, None, "A1", 150, []),
        (2, 3, None, "A2", -200, [{"reason": "below_minimum", "column": "fen"}]),
        (3, 4, "summary", "合计", 150, []),
        (4, 5, None, None, None, [
            {"reason": "missing", "column": "id"},
            {"reason": "not_a_money", "column": "fen"}]),
    ]  # fmt: skip
    assert broken == []


def test_rows_stay_in_file_order_around_what_is_refused_or_spans_lines(validated):
    rows, broken = validated('A1,1\nshort\n"A\n2",2\n\nA3,3\n')
    assert [row[:2] for row in rows] == [(1, 2), (3, 4), (4, 7)]
    assert [row[3:5] for row in rows] == [("A1", 100), ("A\n2", 200), ("A3", 300)]
    assert broken == [(2, 3, "too_few_cells")]


@pytest.mark.parametrize("middle", ["", "short\n"], ids=["plain", "with a refused row"])
def test_a_file_larger_than_any_buffer_keeps_its_order(validated, middle):
    many = 150_000
    lines = [f"A{n},{n}.00\n" for n in range(many)]
    rows, broken = validated("".join([*lines[: many // 2], middle, *lines[many // 2 :]]))
    assert [row[3] for row in rows] == [f"A{n}" for n in range(many)]
    assert [row[0] for row in rows[-1:]] == [many + len(broken)]
    assert len(broken) == bool(middle)

"""What a file would be taken for, said before anybody delivers it."""

import pytest

from followthrough.operate.preview import preview
from tests.builders.archives import zipped
from tests.builders.youzan_orders import BROKEN, GOOD, PHONE, file_of

RENAMED = file_of(*GOOD).replace("订单实付金额".encode(), "实付金额".encode())


@pytest.fixture
def told(settings, tmp_path):
    def told(content, name="订单.csv"):
        (tmp_path / name).write_bytes(content)
        return preview(settings, tmp_path / name)

    return told


def test_an_export_is_named_with_its_balance_and_its_first_rows_typed(told):
    lines = told(file_of(*GOOD, BROKEN)).splitlines()
    assert lines[0].startswith("订单.csv: 有赞 订单导出 (youzan__orders, contract ")
    assert lines[0].endswith("), utf-8")
    assert "  header in line 1" in lines
    assert "  41 rows = 40 accepted + 1 quarantined + 0 excluded" in lines
    assert "  quarantined: 1 × not_a_money in paid_fen, first in line 42" in lines
    assert [line for line in lines if line.startswith("  line ")] == [f"  line {n}" for n in range(2, 7)]
    assert "    paid_fen                 1000" in lines


def test_nobody_can_be_told_by_it(told):
    first, second = told(file_of(*GOOD)), told(file_of(*GOOD))
    assert PHONE not in first
    assert "phone_hmac" in first
    assert first != second, "the key is made for the one call"


def test_each_member_of_an_archive_is_told(told):
    text = told(zipped(("a.csv", file_of(*GOOD)), ("b.csv", b"x,y\n")), "导出.zip")
    assert "导出.zip/a.csv: 有赞 订单导出" in text
    assert "导出.zip/b.csv: no declared export looks like this file" in text


@pytest.mark.parametrize(
    ("content", "english", "chinese"),
    [
        (b"", "the file is empty -> export it again", "文件是空的。请重新导出。"),
        (
            file_of(*GOOD).replace("订单实付金额".encode(), "实付金额".encode()),
            "订单实付金额",
            "可能改名为「实付金额」",
        ),
        (zipped(("../a.csv", b"")), "points out of it", "路径指向包外"),
    ],
)
def test_what_is_no_export_is_told_in_both_languages(told, content, english, chinese):
    text = told(content)
    assert english in text
    assert chinese in text


def test_columns_nobody_declared_are_named(told):
    assert "  not declared: 新列" in told(file_of(*GOOD).replace(b"\r\n", ",新列\r\n".encode(), 1))


def test_of_a_form_it_is_said_that_only_its_source_knows_the_fields(told):
    entry = (
        b'{"serial_number": 1, "created_at": "2026-09-01T16:00:00Z", "updated_at": "2026-09-01T16:00:00Z"}'
    )
    assert "form = … in sources.toml" in told(b'{"total": 1, "data": [' + entry + b"]}", "entries.json")

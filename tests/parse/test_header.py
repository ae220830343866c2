"""Columns are found however their names are written, and never guessed at."""

import pytest

from followthrough.contracts.export import Column, Export, Table, Text
from followthrough.parse.file_errors import FileRefused
from followthrough.parse.header import added, as_declared, guess, refuse_doubtful, spelled

HEADER = ("订单号", "分销员", "金额(元)", "佣金", "分销员", "备注")


def declare(*columns, header=HEADER):
    return Export(
        platform="p",
        name="orders",
        version=1,
        label="",
        grain="one row per order",
        format=Table(),
        recognise=("订单号", "金额(元)"),
        columns=columns,
        key=("order_id",),
        event_at="",
        feeds={},
        signals="",
        cannot_tell="",
        source="",
        header=header,
    )


ORDER = Column("order_id", ("订单号", "单号"), Text(), "订单号", "Its number.")
SECOND = Column("seller", ("分销员",), Text(), "分销员", "Who earns.", nth=2)


@pytest.mark.parametrize(
    "name", ["金额(元)", "金额（元）", " 金额(元)\t", "\u3000金额（元)\u00a0", "\ufeff金额(元)"]
)
def test_width_and_padding_make_no_other_name(name):
    assert spelled(name) == "金额(元)"
    assert as_declared(declare(ORDER), ["单号", name, "新列 "]) == ("单号", "金额(元)", "新列")


@pytest.mark.parametrize("name", ["金额", "金额(分)", "实付金额(元)"])
def test_another_name_stays_another(name):
    assert as_declared(declare(ORDER), [name]) == (name,)


@pytest.mark.parametrize(
    "names",
    [HEADER, ("新列", *HEADER, "另一列"), ("订单号", "金额(元)", "分销员", "佣金", "分销员", "备注")],
)
def test_a_name_that_stands_twice_is_taken_between_its_neighbours(names):
    refuse_doubtful(declare(ORDER, SECOND), names)


@pytest.mark.parametrize(
    "names",
    [
        ("订单号", "分销员", "金额(元)", "佣金", "备注"),
        ("订单号", "佣金", "分销员", "备注", "金额(元)"),
        ("分销员", "分销员"),
    ],
)
def test_and_refused_by_name_anywhere_else(names):
    with pytest.raises(FileRefused) as refused:
        refuse_doubtful(declare(ORDER, SECOND), names)
    assert refused.value.code == "doubtful_column"
    assert "「分销员」" in refused.value.words["message_zh"]


def test_columns_that_are_declared_once_may_be_shuffled():
    refuse_doubtful(declare(ORDER), HEADER[::-1])


def test_new_columns_are_named():
    assert added(declare(ORDER), [*HEADER, "新列", "", "新列", "另一列"]) == ("新列", "另一列")


def test_a_renamed_column_is_pointed_at():
    assert guess(["支付完成时间"], ["付款完成时间", "备注"]) == {
        "renamed": " (支付完成时间 now 付款完成时间?)",
        "renamed_zh": "（「支付完成时间」可能改名为「付款完成时间」）",
    }
    assert guess(["支付完成时间"], ["颜色"]) == {"renamed": "", "renamed_zh": ""}

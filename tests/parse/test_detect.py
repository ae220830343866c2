"""A file is what the names in it say, wherever its header stands; its own name says nothing."""

import json

import pytest

from followthrough.contracts.export import Column, Export, Json, Table, Text
from followthrough.parse.detect import recognise
from followthrough.parse.file_errors import FileRefused
from followthrough.platforms import exports


def declare(name, *names, layout=Table()):  # noqa: B008 (frozen)
    columns = tuple(Column(n, (n,), Text(), n, "Meaning.") for n in names)
    return Export(
        platform="p",
        name=name,
        version=1,
        label=f"{name} 导出",
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
    )


ORDERS = declare("orders", "订单号", "下单时间")
LINES = declare("lines", "订单号", "下单时间", "商品")
ANSWERS = declare("answers", "data.id", "data.items.sku", layout=Json("$.data"))
DECLARED = [ORDERS, LINES, ANSWERS]


@pytest.fixture
def recognised(tmp_path):
    def recognised(text, declared=DECLARED):
        (tmp_path / "text").write_text(text, "utf-8")
        return recognise(tmp_path / "text", declared)

    return recognised


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("订单号,下单时间\n1,2\n", 1),
        ("下单时间,备注,订单号\n1,2,3\n", 1),
        ("#账号:[2088]\n#起始日期\n\n订单号,下单时间\n1,2\n", 4),
        ('导出说明 "一个引号\n订单号,下单时间\n', 2),
        (' 订单号 ,"下单时间\u3000"\n1,2\n', 1),
        ("\u00a0订单号\t,\ufeff下单时间\n1,2\n", 1),
        ("说明\n" * 59 + "订单号,下单时间\n", 60),
        ("订单号,下单时间\n订单号,下单时间\n", 1),
        ("订单号,下单时间\n", 1),
    ],
)
def test_the_header_is_found_by_its_names_wherever_it_stands(recognised, text, line):
    found = recognised(text)
    assert (found.export, found.header_line) == (ORDERS, line)
    assert {"订单号", "下单时间"} <= set(found.names)


def test_the_names_keep_the_order_and_the_repeats_of_the_file(recognised):
    assert recognised("订单号,分销员,下单时间,分销员\n").names == ("订单号", "分销员", "下单时间", "分销员")


def test_more_required_names_win(recognised):
    assert recognised("商品,订单号,下单时间\n").export is LINES
    assert recognised("商品,订单号,下单时间\n", DECLARED[::-1]).export is LINES


DOCUMENT = {"data": {"id": 1, "items": [{"sku": "a"}]}}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(DOCUMENT),
        json.dumps(DOCUMENT, indent=2),
        json.dumps([DOCUMENT, DOCUMENT]),
        json.dumps([DOCUMENT, DOCUMENT], indent=2),
        f"{json.dumps(DOCUMENT)}\n{json.dumps(DOCUMENT)}\n",
        f"\n\n  {json.dumps(DOCUMENT)}\n",
        f"{json.dumps({'total': 2})}\n" * 50 + json.dumps(DOCUMENT),
        json.dumps({"data": [{"id": 1}, {"items": [{"sku": "a"}]}]}),
    ],
)
def test_json_is_recognised_by_the_paths_of_its_first_documents(recognised, text):
    found = recognised(text)
    assert (found.export, found.header_line, found.names) == (ANSWERS, 0, ())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("订单号,价格\n", "nearest is p__orders (orders 导出), but it lacks: 下单时间"),
        ("商品,下单时间\n", "nearest is p__lines (lines 导出), but it lacks: 订单号"),
        ('{"data": {"id": 1}}', "nearest is p__answers (answers 导出), but it lacks: data.items.sku"),
        ("说明\n" * 60 + "订单号,下单时间\n", "no declared export looks like this file"),
        ("a,b\n1,2\n", "no declared export looks like this file"),
        ("", "no declared export looks like this file"),
        ("\n\n\n", "no declared export looks like this file"),
        ('"' + "x" * 400_000, "no declared export looks like this file"),
        ("[]", "no declared export looks like this file"),
        ('{"a": 1}\n', "no declared export looks like this file"),
    ],
)
def test_an_unknown_file_is_told_its_nearest_export_and_what_is_missing(recognised, text, message):
    with pytest.raises(FileRefused) as refused:
        recognised(text)
    code = "unknown_layout" if message.startswith("nearest") else "unknown_file"
    assert (refused.value.code, refused.value.message) == (code, message)
    assert refused.value.remedy


@pytest.mark.parametrize("text", ['{"data": ', "[1, 2", "{'a': 1}", "[" * 100_000, '{"a":' * 100_000])
def test_broken_json_is_refused_as_such(recognised, text):
    with pytest.raises(FileRefused, match="the file is no valid JSON -> export it again") as refused:
        recognised(text)
    assert refused.value.code == "broken_json"


def test_deeply_nested_json_is_no_danger(recognised):
    with pytest.raises(FileRefused):
        recognised('{"a":' * 900 + "1" + "}" * 900)


def test_json_names_do_not_make_a_csv_and_the_other_way_round(recognised):
    twin = declare("twin", "订单号", "下单时间", layout=Json("$.data"))
    assert recognised("订单号,下单时间\n", [twin, ORDERS]).export is ORDERS
    assert recognised('{"订单号": 1, "下单时间": 2}', [twin, ORDERS]).export is twin


def test_every_declared_header_is_recognised_as_its_own(recognised):
    with_header = [e for e in exports().values() if e.header]
    assert with_header
    for export in with_header:
        assert recognised(",".join(export.header) + "\n", exports().values()).export is export

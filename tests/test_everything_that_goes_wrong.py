"""Everything a new user does wrong with files, in one table: each with the verdict it must get.

Every file takes the whole way: landed under its name in the inbox of a shop, loaded, judged by gate 1. A
refused file says in two languages what is the matter; a refused row says line, reason and column. Whatever
comes, the good file beside it counts, and rows in = accepted + quarantined + excluded.
"""

import csv
import gzip
import io
import json
import os
import zipfile
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

import duckdb
import openpyxl
import pytest
import xlwt
from xlwt.CompoundDoc import XlsDoc

from followthrough.checks.load_gate import check_loads
from followthrough.contracts.export import Vocabulary
from followthrough.ingest.pull import pull_platform
from followthrough.load.load import load_platform
from followthrough.load.receipts import receipts
from followthrough.runs.journal import Run
from followthrough.versions import history
from followthrough.versions.effective_loads import effective
from tests.builders.archives import encrypted, linked, zipped
from tests.builders.workbooks import EXPANSION
from tests.builders.youzan_orders import GOOD, HEADER, file_of, order
from tests.builders.youzan_refunds import REFUND, refunds

NIGHT, MORNING = date(2026, 9, 1), datetime(2026, 9, 2, 9)
SHOP = "youzan_moss"
LOCKED = Path(__file__).with_name("fixtures") / "password.xlsx"


@dataclass(frozen=True)
class Case:
    """A file and what must come of it: refused with a code, or rows refused by line, the rest accepted."""

    content: bytes
    refused: str = ""
    english: str = ""
    chinese: str = ""
    accepted: int = 0
    rows: dict[int, tuple[str, str | None]] = field(default_factory=dict)
    excluded: int = 0
    warned: bool = False
    name: str = "订单.csv"


def orders(*rows, header=HEADER, encoding="utf-8", end="\r\n"):
    """An order export with a header of its own; cells by name."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=end)
    writer.writerow(header)
    writer.writerows([row.get(name.strip("\u3000 "), "") for name in header] for row in rows)
    return text.getvalue().encode(encoding)


def sheet(*rows, before=(), change=lambda book: None):
    """The same as a workbook, after these sheets."""
    book = openpyxl.Workbook()
    for name, content in before:
        book.create_sheet(name, 0).append(content)
    for line in [HEADER, *([row.get(name) for name in HEADER] for row in rows)]:
        book.worksheets[-1].append(line)
    change(book)
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def old_sheet(*rows):
    book = xlwt.Workbook()
    page = book.add_sheet("export")
    for line, row in enumerate([dict(zip(HEADER, HEADER, strict=True)), *rows]):
        for place, name in enumerate(HEADER):
            page.write(line, place, row.get(name, ""))
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def locked_sheet():
    """An old workbook that says it is encrypted: a FILEPASS record behind the first BOF."""
    stream = xlwt.Workbook()
    stream.add_sheet("export")
    plain = stream.get_biff_data()
    start = 4 + int.from_bytes(plain[2:4], "little")
    body = io.BytesIO()
    XlsDoc().save(body, plain[:start] + b"\x2f\x00\x06\x00" + bytes(6) + plain[start:])
    return body.getvalue()


def html(*rows):
    lines = [HEADER, *([row.get(name, "") for name in HEADER] for row in rows)]
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in line) + "</tr>" for line in lines)
    return f"<html><body><table>{cells}</table></body></html>".encode("gb18030")


def formulas(book):
    page = book.worksheets[-1]
    page.cell(2, HEADER.index("订单实付金额") + 1).value = "=5+5"
    page.cell(2, HEADER.index("订单状态") + 1).value = "交易完成"


def expanding():
    """A workbook whose strings are entities that grow when they are read."""
    with zipfile.ZipFile(io.BytesIO(sheet(ONE))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    part = "xl/worksheets/sheet1.xml"
    parts[part] = EXPANSION + parts[part].replace(b"<t>", b"<t>&b;", 1)
    return zipped(*parts.items())


def merged(book):
    page = book.worksheets[-1]
    place = HEADER.index("订单实付金额") + 1
    page.merge_cells(start_row=2, end_row=3, start_column=place, end_column=place)


ONE, TWO = order(1), order(2)
PLAIN = orders(ONE, TWO)
WITHOUT = [name for name in HEADER if name != "订单状态"]
RENAMED = [name.replace("订单状态", "订单当前状态") for name in HEADER]
GBK = orders(*(order(n, 买家备注="苔") for n in range(9)), encoding="gb18030")
MANY = [{"data": REFUND | {"refund_id": f"R{n}"}} for n in range(9)]
REFUND_LINE = refunds({"data": REFUND | {"refund_id": "R9"}})
AMOUNT, ORDER = "paid_fen", "order_id"


def at(moment):
    return dict.fromkeys(("订单创建时间", "买家付款时间"), moment)


def paying(*amounts):
    return orders(*(order(n, 订单实付金额=amount) for n, amount in enumerate(amounts)))


CASES = {
    # the file
    "empty": Case(b"", "empty", "the file is empty -> export it again", "文件是空的"),
    "header only": Case(orders()),
    "unknown file": Case(b"a,b\n1,2\n", "unknown_file", "no declared export", "没有哪一种导出是这个样子"),
    "another platform's file": Case(
        b'{"errcode": 0, "external_contact_list": [{"external_contact": {"external_userid": "w"}, '
        b'"follow_info": {"userid": "u", "createtime": 1}}]}',
        "wrong_source", "is a source of youzan -> move it to the inbox of a wecom", "请放到 wecom 的收件夹"),
    "picture": Case(b"\x89PNG\r\n\x1a\n\0\0", "unreadable_format", "the file is a picture", "文件是图片"),
    # archives
    "zip": Case(zipped(("订单.csv", PLAIN)), accepted=2, name="订单.zip"),
    "gzip": Case(gzip.compress(PLAIN, mtime=0), accepted=2, name="订单.csv.gz"),
    "truncated zip": Case(zipped(("a.csv", PLAIN))[:-30], "broken_archive", "download it again", "重新下载"),
    "encrypted zip": Case(encrypted(), "encrypted_archive", "asks for a password", "压缩包有密码"),
    "zip bomb": Case(zipped(("a.csv", bytes(64 << 20))), "oversized_archive", "more than 16 MB", "超过"),
    "zip out of its folder": Case(zipped(("../../a.csv", PLAIN)), "hostile_archive", "points out", "不安全"),
    "zip with an absolute name": Case(zipped(("/etc/a.csv", PLAIN)), "hostile_archive", "points out", "包外"),
    "zip with a link": Case(linked(), "hostile_archive", "is a link", "是链接"),
    "zip in a zip": Case(zipped(("b.zip", zipped(("a.csv", PLAIN)))), "nested_archive", "within", "压缩包"),
    # columns
    "missing required column": Case(orders(ONE, header=WITHOUT), "missing_column",
                                    "the file lacks: 订单状态", "请重新导出并勾选这些列"),
    "renamed column": Case(orders(ONE, header=RENAMED), "missing_column",
                           "订单状态 now 订单当前状态?", "可能改名为「订单当前状态」"),
    "a file that lacks what it is known by": Case(
        orders(ONE, header=[name for name in HEADER if name != "订单实付金额"]), "unknown_layout",
        "nearest is youzan__orders (有赞 订单导出), but it lacks: 订单实付金额", "最像 有赞 订单导出"),
    "added columns": Case(orders(ONE, header=[*HEADER, "新列", "又一列"]), accepted=1),
    "full width and padded header": Case(
        orders(ONE, header=[f"\u3000{name.replace('/', '／')} " for name in HEADER]), accepted=1),
    "shuffled columns": Case(orders(ONE, TWO, header=HEADER[::-1]), accepted=2),
    "a column that counts, twice": Case(orders(ONE, header=[*HEADER, "订单实付金额"]), accepted=1),
    "and not where it was": Case(orders(ONE, header=["订单实付金额", *HEADER]), "doubtful_column",
                                        "has 订单实付金额 more than once", "多个「订单实付金额」列"),
    "10,000 columns": Case(orders(ONE, header=[*HEADER, *(f"列{n}" for n in range(10_000))]), accepted=1),
    "10,000 columns of a workbook": Case(
        sheet(ONE, change=lambda book: book.worksheets[-1].cell(1, 10_000, "x")),
        "oversized_workbook", "more than 5,000 columns", "超过"),
    # encodings
    "GB18030": Case(orders(ONE, TWO, encoding="gb18030"), accepted=2),
    "UTF-16": Case(orders(ONE, TWO, encoding="utf-16"), accepted=2),
    "GBK broken in the middle": Case(
        GBK.replace("苔".encode("gbk"), b"\xff\xff", 1),
        "undecodable", "line 2 is neither UTF-8 nor GB18030", "第 2 行既不是"),
    "UTF-8 with GBK rows": Case(
        orders(*(order(n, 买家备注="苔原") for n in range(9))) + GBK.splitlines(keepends=True)[1],
        "undecodable", "line 11 is neither UTF-8 nor GB18030", "第 11 行既不是 UTF-8"),
    "GBK with a UTF-8 row": Case(
        GBK + orders(order(10, 买家备注="苔原")).splitlines(keepends=True)[1], accepted=9, warned=True,
        rows={11: ("unknown_word", "status")}),
    "NUL bytes": Case(PLAIN.replace(b"10.00", b"10\0.00", 1), "nul_bytes", "NUL byte after line 1", "空字节"),
    "CR line ends": Case(orders(ONE, TWO, end="\r"), accepted=2),
    # rows
    "unclosed quote": Case(
        orders(*(order(n) for n in range(9))).replace(b"E00000008", b'"E00000008'), accepted=8, warned=True,
        rows={10: ("broken_quoting", None)}),
    "line break in a cell": Case(orders(order(1, 买家备注="一\n二"), TWO), accepted=2),
    "a cell of 10 MB": Case(orders(order(1, 买家备注="x" * (10 << 20)), TWO), accepted=2),
    "a cell of 20 MB": Case(
        orders(*(order(n) for n in range(9)), order(10, 买家备注="x" * (20 << 20))), accepted=9, warned=True,
        rows={11: ("oversized_row", None)}),
    "all rows the same": Case(orders(*[ONE] * 5), accepted=5),
    "no key": Case(orders(ONE, *(order(n) | {"订单号": ""} for n in range(2, 3))), accepted=1,
                   rows={3: ("missing", ORDER)}, refused="gate 1"),
    "a summary row": Case(orders(ONE, {"订单号": "合计", "订单实付金额": "10.00"}), accepted=1, excluded=1),
    # values
    "ids a spreadsheet has eaten": Case(
        orders(*(order(n) for n in range(9)), order(10) | {"订单号": "6.91793E+18"}),
        accepted=9, rows={11: ("damaged_id", ORDER)}, warned=True),
    "amounts as people write them": Case(paying("1,317.01", "¥12", " 8.5\t"), accepted=3),
    "amounts nobody can be sure of": Case(
        paying(*["1.00"] * 20, "131.77(已退款89.84)", "１２３"), accepted=20, warned=True,
        rows={22: ("not_a_money", AMOUNT), 23: ("not_a_money", AMOUNT)}),
    "a negative amount": Case(paying(*["1.00"] * 9, "-1.00"), accepted=9, warned=True,
                              rows={11: ("below_minimum", AMOUNT)}),
    "this morning's rows": Case(orders(ONE, order(2, **at("2026-09-02 08:00:00"))), accepted=2),
    "a date a year ahead": Case(orders(ONE, order(2, **at("2027-09-01 10:00:00"))), "gate 1",
                                "cannot have happened", accepted=2),
    # workbooks
    "workbook": Case(sheet(ONE, TWO), accepted=2, name="订单.xlsx"),
    "formulas that were never computed": Case(
        sheet(*(order(n) for n in range(9)), change=formulas), accepted=8, warned=True,
        rows={2: ("missing", AMOUNT)}),
    "merged cells": Case(
        sheet(*(order(n) for n in range(9)), change=merged), accepted=8, warned=True,
        rows={3: ("missing", AMOUNT)}),
    "the table on the second sheet": Case(sheet(ONE, before=[("说明", ["请勿修改"])]), accepted=1),
    "a hidden sheet": Case(
        sheet(ONE, before=[("藏", HEADER)], change=lambda book: setattr(book["藏"], "sheet_state", "hidden")),
        accepted=1),
    "entities that expand": Case(
        expanding(), "broken_workbook", "cannot be read: EntitiesForbidden", "工作簿读不出来"),
    "two tables": Case(sheet(ONE, before=[("上月", HEADER)]), "several_tables", "上月、Sheet", "不止一张"),
    "xlsx with a password": Case(
        LOCKED.read_bytes(), "encrypted_workbook", "asks for a password", "工作簿有密码", name="订单.xlsx"),
    "xls with a password": Case(
        locked_sheet(), "encrypted_workbook", "asks for a password", "工作簿有密码", name="订单.xls"),
    "xls that is xls": Case(old_sheet(ONE, TWO), accepted=2, name="订单.xls"),
    "xls that is HTML": Case(html(ONE, TWO), accepted=2, name="订单.xls"),
    "xls that is CSV": Case(PLAIN, accepted=2, name="订单.xls"),
    # JSON
    "JSON cut off": Case(refunds({"data": REFUND})[:-9], "broken_json", "no valid JSON", "不是正确的 JSON"),
    "JSON with NaN": Case(
        refunds(*MANY, {"data": REFUND | {"refund_id": "R9", "refund_fee": float("nan")}}),
        accepted=9, rows={10: ("not_a_money", "requested_fen")}, warned=True),
    "JSON 10,000 levels deep": Case(b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "broken_json", "no valid JSON"),
    "JSON with a key twice": Case(
        refunds(*MANY) + b'{"data": ' + json.dumps(REFUND).encode()[:-1] + b', "refund_id": "R9"}}\n',
        accepted=9, rows={10: ("duplicate_key", None)}, warned=True),
    "JSON with a key twice, deep within": Case(
        refunds(*MANY) + REFUND_LINE.replace(b"[]", b'[{"a": 1, "a": 2}]'),
        accepted=9, rows={10: ("duplicate_key", None)}, warned=True),
    "JSON with its records twice": Case(
        refunds(*MANY) + REFUND_LINE.replace(b'{"data"', b'{"data": {}, "data"'),
        "doubled_key", "1 of its answers hold the same key twice", "同一个键出现两次"),
    "JSON with a NUL": Case(
        refunds(*MANY) + REFUND_LINE.replace(b'"R', b'"\\u0000R'),
        accepted=9, rows={10: ("nul_byte", None)}, warned=True),
    "JSON with half a character": Case(
        refunds(*MANY) + REFUND_LINE.replace(b'"R', b'"\\ud800R'),
        "unreadable_rows", "in line 10", "数据行读不出来"),
    "a huge number": Case(
        refunds(*MANY, {"data": REFUND | {"refund_id": "R9", "refund_fee": "9" * 400}}),
        accepted=9, rows={10: ("not_a_money", "requested_fen")}, warned=True),
    # names
    "a name that is SQL": Case(PLAIN, accepted=2, name="a'; DROP TABLE x; --.csv"),
    "a name that is a path": Case(PLAIN, accepted=2, name="a..%2f..%2fetc.csv"),
    "a name of 255 bytes": Case(PLAIN, accepted=2, name="字" * 83 + ".csv"),
    "columns that are SQL": Case(orders(ONE, header=[*HEADER, 'x"); DROP TABLE cells; --', "'"]), accepted=1),
}  # fmt: skip


@pytest.fixture
def settings(settings):
    """Every source is somebody's folder."""
    return replace(settings, sources=tuple(replace(s, transport="inbox") for s in settings.sources))


@pytest.fixture
def deliver(settings):
    """Drop files into inboxes and run the steps up to gate 1; gives the receipts by name."""

    def deliver(**files):
        for source, (name, content) in files.items():
            folder = settings.home.inbox / source
            folder.mkdir(exist_ok=True)
            (folder / name).write_bytes(content)
            stamp = MORNING.timestamp()
            os.utime(folder / name, (stamp, stamp))
        pull_platform(settings, "youzan", NIGHT, MORNING, {}.__getitem__)
        load_platform(settings, "youzan")
        check_loads(settings, Run("run", NIGHT, MORNING))
        return {receipt.source_id: receipt for receipt in receipts(settings.home)}

    return deliver


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_every_file_gets_its_verdict_and_harms_no_other(settings, deliver, case):
    found = deliver(**{SHOP: (case.name, case.content), "youzan_pine": ("好的.csv", file_of(*GOOD))})
    receipt, verdict = found[SHOP], history.verdicts(settings.home)[found[SHOP].load_id]
    assert history.verdicts(settings.home)[found["youzan_pine"].load_id]["verdict"] == "admitted"
    assert receipt.rows == receipt.accepted + receipt.quarantined + sum(receipt.excluded.values())
    if case.refused == "gate 1":
        assert (verdict["verdict"], receipt.refused) == ("refused", {})
        assert case.english in "; ".join(verdict["why"])
    elif case.refused:
        assert receipt.refused["code"] == case.refused
        assert case.english in f"{receipt.refused['message']} -> {receipt.refused['remedy']}"
        assert case.chinese in f"{receipt.refused['message_zh']}。{receipt.refused['remedy_zh']}"
        assert verdict["verdict"] == "refused"
    else:
        assert receipt.refused == {}
        assert verdict["verdict"] == ("warned" if case.warned else "admitted"), verdict["why"]
    assert receipt.accepted == case.accepted
    assert sum(receipt.excluded.values()) == case.excluded
    assert _refused_rows(settings, receipt) == case.rows


def _refused_rows(settings, receipt):
    path = settings.home.quarantine(receipt.slug, receipt.load_id)
    if not path.exists():
        return {}
    rows = duckdb.sql(f"""SELECT line, reason, "column" FROM read_parquet('{path}')""").fetchall()
    return {line: (reason, column) for line, reason, column in rows}


def test_a_file_that_is_still_being_copied_is_left_until_it_is_whole(settings, deliver):
    folder = settings.home.inbox / SHOP
    folder.mkdir()
    for name in ("订单.csv.part", "订单.crdownload", ".~订单.csv", "~$订单.xlsx"):
        (folder / name).write_bytes(PLAIN[:100])
    assert deliver() == {}
    (folder / "订单.csv.part").write_bytes(PLAIN)
    (folder / "订单.csv.part").rename(folder / "订单.csv")
    assert deliver()[SHOP].accepted == 2


def test_yesterday_s_file_under_another_name_is_one_load(settings, deliver):
    deliver(**{SHOP: ("订单.csv", PLAIN)})
    deliver(**{SHOP: ("订单(1).csv", PLAIN)})
    assert len([*receipts(settings.home)]) == len(effective(settings)) == 1


def test_the_same_name_with_other_content_is_another_load(settings, deliver):
    deliver(**{SHOP: ("订单.csv", PLAIN)})
    deliver(**{SHOP: ("订单.csv", orders(ONE))})
    assert len(effective(settings)) == 2


def test_the_same_bytes_in_another_shop_s_inbox_are_refused_by_the_name_of_the_first(settings, deliver):
    deliver(**{SHOP: ("订单.csv", PLAIN)})
    found = deliver(youzan_pine=("订单.csv", PLAIN))["youzan_pine"]
    verdict = history.verdicts(settings.home)[found.load_id]
    assert verdict["why_zh"] == ["同一份文件已经算在 youzan_moss 名下 -> 如果应属于这里，请先在那边撤回"]
    assert [load.receipt.source_id for load in effective(settings)] == [SHOP]


def test_a_night_without_a_row_is_a_night(settings, deliver):
    assert deliver(**{SHOP: ("订单.csv", orders())})[SHOP].rows == 0
    assert len(effective(settings)) == 1


def _declare_anew(settings, **changes):
    """Another version of the contract of orders, with other columns."""
    export = settings.exports["youzan__orders"]
    columns = tuple(replace(column, **changes.get(column.name, {})) for column in export.columns)
    recognise = tuple(n for n in export.recognise if n not in changes.get("unrecognised", ()))
    anew = replace(export, version=export.version + 1, columns=columns, recognise=recognise)
    vars(settings)["exports"] = settings.exports | {anew.slug: anew}


NEW_WORD = {"type": Vocabulary({"交易完成": "finished", "飞了": "closed"})}


@pytest.mark.parametrize(
    ("content", "before", "changes"),
    [
        (orders(ONE, TWO, header=WITHOUT), "missing_column", {"status": {"required": False}}),
        (
            orders(ONE, TWO, header=[n for n in HEADER if n != "订单实付金额"]),
            "unknown_layout",
            {"paid_fen": {"required": False}, "unrecognised": ("订单实付金额",)},
        ),
        (orders(*(order(n) for n in range(9)), order(9, 订单状态="飞了")), None, {"status": NEW_WORD}),
    ],
    ids=["refused by its columns", "not recognised", "a row quarantined"],
)
def test_what_was_refused_is_read_again_when_its_contract_changes(
    settings, deliver, content, before, changes
):
    first = deliver(**{SHOP: ("订单.csv", content)})[SHOP]
    assert first.refused.get("code") == before
    assert (first.quarantined, len(effective(settings))) == ((1, 1) if before is None else (0, 0))
    assert deliver()[SHOP].load_id == first.load_id, "nothing changed, nothing is read again"
    _declare_anew(settings, **changes)
    deliver()
    (counting,) = effective(settings)
    assert counting.receipt.sha256 == first.sha256
    assert counting.receipt.accepted == counting.receipt.rows == content.count(b"\r\n") - 1
    assert counting.receipt.load_id != first.load_id
    assert {*history.verdicts(settings.home)} == {first.load_id, counting.receipt.load_id}

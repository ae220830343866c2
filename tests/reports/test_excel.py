"""The day's workbook as Excel and as LibreOffice read it: days, yuan, ids and nothing that runs."""

import csv
import io
import os
import shutil
import subprocess
from datetime import date, datetime
from decimal import Decimal

import duckdb
import openpyxl
import pytest

from followthrough.publish import bi_views as bi
from followthrough.publish.catalogue import marts
from followthrough.reports.excel import MAX_ROWS, workbook

TABLES = ("dates", "daily_summary", "stage_daily", "orders_wide", "content_wide")
TYPES = {"string": "VARCHAR", "decimal(18, 6)": "DECIMAL(18, 6)"}
LONG_ID = "4350211111111111111111"


def insert(connection, table, **values):
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    connection.execute(f"INSERT INTO marts.{table} ({names}) VALUES ({marks})", list(values.values()))


@pytest.fixture
def published(tmp_path):
    """A connection to a small published file with what is awkward in a spreadsheet."""
    path, described = tmp_path / "followthrough.duckdb", marts()
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE SCHEMA marts")
        for name in TABLES:
            columns = ", ".join(f'"{c.name}" {TYPES.get(c.type, c.type)}' for c in described[name].columns)
            connection.execute(f"CREATE TABLE marts.{name} ({columns})")
        insert(connection, "dates", date_day=date(2026, 11, 11))
        insert(
            connection,
            "daily_summary",
            business_date=date(2026, 11, 11),
            shop_id="s",
            shop_name="=1+1",
            currency="CNY",
            is_complete=False,
            missing_sources="京东",
            paid_fen=1234567,
            refund_rate=Decimal("0.205"),
        )
        for day in (date(2026, 11, 11), date(2026, 9, 1)):
            insert(
                connection,
                "orders_wide",
                order_id=LONG_ID,
                source_id="x",
                ordered_date=day,
                ordered_at=datetime(2026, 11, 11, 0, 30),
                paid_fen=-1,
                main_product_name='\x00@坏,"品',
            )
    bi.write(path, described.values())
    with duckdb.connect(str(path), read_only=True) as connection:
        yield connection


def read(content, sheet):
    """The page's rows by header."""
    rows = openpyxl.load_workbook(io.BytesIO(content))[sheet].iter_rows(values_only=True)
    header = next(rows)
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_days_are_days_amounts_are_yuan_and_ids_are_text(published):
    content = workbook(published, "000001-2026-11-11")
    (day,) = read(content, "日报")
    assert day["日期"] == datetime(2026, 11, 11)
    assert day["支付金额(元)"] == 12345.67
    assert (day["数据已齐"], day["缺的数据源"]) == ("否", "京东")
    (order,) = read(content, "订单")
    assert order["订单号"] == LONG_ID
    assert order["下单时间"] == datetime(2026, 11, 11, 0, 30)


def test_nothing_in_a_cell_runs(published):
    content = workbook(published, "v")
    assert read(content, "日报")[0]["店铺名称"] == "'=1+1"
    assert read(content, "订单")[0]["主要商品"] == '\ufffd@坏,"品'
    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_every_page_keeps_its_header_in_sight_and_every_column_is_explained(published):
    content = workbook(published, "000001-2026-11-11")
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert {sheet.freeze_panes for sheet in book} == {"A2"}
    told = {(row["页"], row["列"]) for row in read(content, "口径")}
    shown = {(sheet.title, cell.value) for sheet in book for cell in sheet[1] if sheet.title != "口径"}
    assert shown <= told
    assert read(content, "口径")[0]["说明"] == "000001-2026-11-11"


def test_what_has_no_place_is_told(published, monkeypatch):
    monkeypatch.setattr("followthrough.reports.excel.MAX_ROWS", 0)
    cut = [row["页"] for row in read(workbook(published, "v"), "口径") if row["列"] == "行数"]
    assert cut == ["日报", "订单"]
    assert MAX_ROWS < 200_000


def test_the_same_version_gives_the_same_bytes(published):
    assert workbook(published, "v") == workbook(published, "v")


def test_libreoffice_reads_the_same_values(published, tmp_path):
    program = shutil.which("soffice")
    if not program:
        assert not os.environ.get("CI"), "libreoffice-calc-nogui is to be installed by .ci/run"
        pytest.skip("LibreOffice is not installed")
    (tmp_path / "day.xlsx").write_bytes(workbook(published, "000001-2026-11-11"))
    subprocess.run(
        [
            program,
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1",
            "--outdir",
            str(tmp_path),
            str(tmp_path / "day.xlsx"),
        ],
        check=True,
        timeout=120,
        capture_output=True,
    )

    def page(title):
        with (tmp_path / f"day-{title}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    (day,) = page("日报")
    assert (day["日期"], day["支付金额(元)"], day["退款率(0-1)"]) == ("2026-11-11", "12345.67", "20.5%")
    assert day["店铺名称"] == "'=1+1"
    (order,) = page("订单")
    assert (order["订单号"], order["实付金额(元)"]) == (LONG_ID, "-0.01")
    assert order["下单时间"] == "2026-11-11 00:30:00"
    assert page("口径")[0]["说明"] == "000001-2026-11-11"

"""The page of a night: made from one small published version, whole, offline, and honest about gaps."""

import html
import re
from datetime import date, datetime

import duckdb
import pytest

from followthrough import trust
from followthrough.history import Manifest, decide
from followthrough.publish import switch
from followthrough.report import refresh
from followthrough.warehouse import replace_table

NIGHT = date(2026, 9, 30)
TABLES = {
    "stages": ("stage VARCHAR, stage_label_zh VARCHAR",
               [("audience", "受众"), ("potential", "潜在客户"), ("paying", "付费客户"),
                ("loyal", "忠诚客户")]),
    "stage_daily": ("stage_date DATE, stage VARCHAR, substage VARCHAR, customers BIGINT",
                    [(NIGHT, "paying", "paying.first", 1203),
                     (date(2026, 9, 29), "paying", "paying.first", 1200)]),
    "stage_transitions_daily": ("stage_date DATE, from_stage VARCHAR, to_stage VARCHAR, customers BIGINT",
                                [(NIGHT, "__new__", "paying", 3), (NIGHT, "paying", "paying", 1200)]),
    "customers": ("customer_id VARCHAR, stage VARCHAR, acquisition_channel_id VARCHAR, first_seen_date DATE",
                  [("c1", "paying", "wecom", NIGHT)]),
    "channels": ("channel_id VARCHAR, label_zh VARCHAR", [("wecom", "企业微信")]),
    "shops": ("shop_id VARCHAR, shop_name VARCHAR",
              [("s1", "苔原商城"), ("s2", "松间生活馆"), ("s3", "新店")]),
    "orders": ("source_id VARCHAR, shop_id VARCHAR, currency VARCHAR, paid_date DATE, paid_fen BIGINT,"
               " customer_id VARCHAR",
               [("moss", "s1", "CNY", NIGHT, 123456, "c1"), ("moss", "s1", "CNY", NIGHT, 100, None),
                ("pine", "s2", "CNY", NIGHT, 777700, "c1"), ("pop_up", None, "CNY", NIGHT, 5000, None)]),
    "refunds": ("source_id VARCHAR, currency VARCHAR, refunded_date DATE, refunded_fen BIGINT",
                [("moss", "CNY", NIGHT, 200000)]),
}  # fmt: skip


def freshness(source: str, label: str, shop: str | None, covered: date | None) -> tuple[object, ...]:
    state = "fresh" if covered == NIGHT else "late"
    due = datetime(2026, 10, 1, 11)
    return (
        source,
        "youzan__orders",
        label,
        "王运营",
        "后台 > 导出",
        shop,
        "orders",
        "daily",
        due,
        covered,
        state,
    )


ARRIVED = [
    freshness("moss", "苔原", "s1", NIGHT),
    freshness("pine", "松间", "s2", NIGHT),
    freshness("new", "新", "s3", NIGHT),
    freshness("pop_up", "快闪店", None, NIGHT),
]


@pytest.fixture
def page(home):
    """Publish a version with this freshness and these quarantined files; the text of its page."""

    def page(fresh=ARRIVED, file_name="订单.csv", **tables) -> str:
        late = tuple(sorted({row[0] for row in fresh if row[-1] != "fresh"}))
        checks = {"passed": 150, "warned": 2, "failed": 1}
        folder = home.published / "000001-2026-09-30"
        folder.mkdir()
        made = Manifest(folder.name, "2026-09-30", None, "", "", "", "", (), {}, checks, 7, late)
        (folder / "manifest.json").write_text(made.to_json(), "utf-8")
        quarantine = [("youzan__orders", "moss", "l1", file_name, 3, "missing", "paid_fen")]
        refused = ("l2", "moss", "unknown", file_name, None, False, "2026-09-30 02:00:00", "refused",
                   "2026-09-30", "no export -> another", f"{file_name} 不是导出", 0, 0, 0, 0)  # fmt: skip
        trusted = {"freshness": fresh, "quarantine": quarantine, "loads": [refused]}
        with duckdb.connect(str(folder / "followthrough.duckdb")) as connection:
            connection.execute("CREATE SCHEMA marts; CREATE SCHEMA trust")
            for table, (columns, rows) in TABLES.items():
                connection.execute(f"CREATE TABLE marts.{table} ({columns})")
                for row in tables.get(table, rows):
                    marks = ", ".join("?" * len(row))
                    connection.execute(f"INSERT INTO marts.{table} VALUES ({marks})", row)
            for table, columns in trust.COLUMNS.items():
                replace_table(connection, f"trust.{table}", columns, trusted.get(table, []))
        switch(home, folder.name)
        return refresh(home).read_text("utf-8")

    return page


def row(page: str, first: str) -> list[str]:
    """The cells of the table row that starts with this text."""
    for line in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL):
        cells = [html.unescape(c) for c in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.DOTALL)]
        if cells and cells[0] == first:
            return cells
    raise AssertionError(f"no row {first}")


def test_stages_are_counted_with_their_change(page):
    told = page()
    assert "付费客户<b>1,203</b>" in told
    assert "较前一日 +3" in told
    assert row(told, "新识别") == ["新识别", "0", "0", "3", "0"]
    assert row(told, "企业微信") == ["企业微信", "1", "0", "1"]


def test_money_is_exact_and_its_net_may_be_negative(page):
    told = page()
    assert row(told, "苔原商城")[1:4] == ["1,235.56", "2,000.00", "-764.44"]
    assert row(told, "合计")[1:4] == ["9,062.56", "2,000.00", "7,062.56"]


def test_orders_without_a_shop_are_in_the_total_under_their_source(page):
    assert row(page(), "快闪店")[1:4] == ["50.00", "0.00", "50.00"]


def test_a_shop_that_has_sold_nothing_yet_is_shown_with_nothing(page):
    assert row(page(), "新店")[1:4] == ["0.00", "0.00", "0.00"]


def test_a_late_shop_shows_no_number_and_the_total_names_it(page):
    told = page([ARRIVED[0], freshness("pine", "松间", "s2", date(2026, 9, 28)), *ARRIVED[2:]])
    assert row(told, "松间生活馆")[1:] == ["—", "—", "—", "0.00", "订单未到，只到 2026-09-28"]
    assert row(told, "合计（不含松间生活馆）")[1] == "1,285.56"
    assert row(told, "松间") == ["松间", "youzan__orders", "已迟到", "2026-09-28", "王运营", "后台 > 导出"]
    assert "数据源 3/4 到齐" in told


def test_a_shop_that_never_arrived_is_named_too(page):
    told = page([*ARRIVED[:2], freshness("new", "新", "s3", None), ARRIVED[3]])
    assert row(told, "新店")[1:] == ["—", "—", "—", "0.00", "订单未到，只到 （无）"]
    assert row(told, "合计（不含新店）")[1] == "9,062.56"
    assert row(told, "新")[2:4] == ["已迟到", "—"]


def test_without_any_shop_no_total_is_made_up(page):
    told = page([freshness("moss", "苔原", "s1", None)], orders=[], shops=[("s1", "苔原商城")])
    assert row(told, "合计")[1:] == ["—", "—", "—", "—", "没有店铺的订单到齐"]


def test_orders_of_nobody_count_as_money_and_not_as_people(page):
    assert "当日付款 4 笔，其中 2 笔（¥51.00）没有可识别的买家" in page()


def test_a_file_name_is_text_and_never_markup(page):
    told = page(file_name="<script>alert('x')</script>.csv")
    assert "<script" not in told
    assert told.count("&lt;script&gt;") == 3


def test_refused_files_and_quarantined_rows_say_where_and_why(page):
    told = page()
    assert row(told, "moss") == ["moss", "订单.csv", "订单.csv 不是导出"]
    assert row(told, "youzan__orders") == ["youzan__orders", "订单.csv", "missing", "paid_fen", "1", "3"]


def test_the_page_loads_nothing_from_anywhere(page):
    told = page()
    assert not re.search(r"https?:|//[a-z]|<(script|link|img|iframe)|@import|url\(", told)


def test_the_page_is_the_same_every_time_and_the_index_shows_it(page, home):
    told = page()
    assert (home.reports / "index.html").read_text("utf-8") == told
    assert refresh(home).read_text("utf-8") == told
    assert refresh(home).name == "2026-09-30.html"


def test_every_tag_that_opens_closes(page):
    told = re.sub(r"<(meta|!doctype)[^>]*>", "", page())
    for tag in ("table", "tr", "td", "th", "div", "p", "h2", "b", "span"):
        assert len(re.findall(rf"<{tag}[ >]", told)) == told.count(f"</{tag}>"), tag


def test_a_file_refused_since_is_told_though_it_made_no_version(home, page):
    page()
    verdict = {"load_id": "l9", "source_id": "pine", "file": "<坏>.csv", "night": "2026-09-30",
               "verdict": "refused", "why_zh": ["文件是空的 -> 请重新导出"]}  # fmt: skip
    before = verdict | {"load_id": "l8", "night": "2026-09-29", "source_id": "early"}
    decide(home, "verdict", datetime(2026, 10, 1, 10), verdict, before)
    told = refresh(home).read_text("utf-8")
    assert "以下文件在本版发布之后到达" in told
    assert row(told, "pine") == ["pine", "<坏>.csv", "文件是空的 -> 请重新导出"]
    assert "early" not in told

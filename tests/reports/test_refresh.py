"""The pages of a night: made from one small published version, whole, offline, and honest about gaps."""

import csv
import html
import json
import re
from datetime import date, datetime, timedelta

import duckdb
import pytest
import vl_convert

from followthrough.paths import PROJECT, Home
from followthrough.reports import pages
from followthrough.reports import refresh as reporting
from followthrough.reports.refresh import refresh_pages
from followthrough.settings import from_environment
from followthrough.versions.history import decide
from tests.builders.published_version import (
    ARRIVED,
    BEFORE,
    COLUMNS,
    MADE,
    NIGHT,
    ROWS,
    WEEK_AGO,
    feed,
    publish,
)

PARENT = "000001-2026-09-29"


@pytest.fixture(scope="module")
def planted(tmp_path_factory) -> Home:
    """The planted version with its pages, for tests that only look."""
    home = Home(tmp_path_factory.mktemp("planted")).create()
    publish(home)
    write_pages(home)
    return home


@pytest.fixture(scope="module")
def page(planted) -> str:
    """The planted night's page."""
    return read(planted)


@pytest.fixture
def refresh(home):
    """Write the pages anew; the text of one of them."""

    def refresh(page="2026-09-30.html") -> str:
        write_pages(home)
        return read(home, page)

    return refresh


def write_pages(home: Home) -> reporting.Refreshed:
    """Without a picture, which takes a browser a second."""
    environment = {"FOLLOWTHROUGH_HOME": str(home.root), "FOLLOWTHROUGH_BROWSER": "no-browser-here"}
    return refresh_pages(from_environment(environment))


def read(home: Home, page="2026-09-30.html") -> str:
    return (home.reports / page).read_text("utf-8")


def chinese(page: str) -> str:
    """The page's text as a reader sees it before touching the switch."""
    body = re.sub(r"<(style|script|title)\b.*?</\1>", "", page, flags=re.DOTALL)
    for tag in ("span", "div"):
        body = re.sub(rf'<{tag} class="en"[^>]*>.*?</{tag}>', "", body, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def rows(page: str, first: str) -> list[list[str]]:
    """The cells of every table row that starts with this text."""
    found = []
    for line in re.findall(r"<tr[^>]*>(.*?)</tr>", page, re.DOTALL):
        cells = [chinese(c).strip() for c in re.findall(r"<t[hd]\b[^>]*>(.*?)</t[hd]>", line, re.DOTALL)]
        if cells and cells[0].startswith(first):
            found.append(cells)
    assert found, f"no row {first}"
    return found


def test_the_first_screen_tells_money_refunds_people_and_the_month(page):
    told = chinese(page)
    for part in (
        "新媒体日报 09-30 周三",
        "定稿",
        "到齐 4/4",
        "质检 212 过 3 警 1 拒",
        "净支付额 ¥7,063",
        "较上周同日 +16.9%",
        "完成 4.7%",
        "时间 100.0%",
        "退款率 22.1%",
        "发货前 ¥500",
        "发货后 ¥1,500",
        "新增付费 3 较上周同日 -2",
        "本月 8 / 目标 10",
        "忠诚净变 -2",
        "新增 0 · 回落 2",
        "付费客户 1,203 较前日 +3",
        "明确满意 27 人",
        "可识别到人：订单额的 99.4%",
        "另有 1 人（员工、分销、测试等）不计入",
    ):
        assert part in told, part


def test_money_is_exact_and_currencies_are_never_added(page):
    _, detail = rows(page, "苔原商城")
    assert detail[:8] == ["苔原商城", "2", "1,235.56", "2,000.00", "500.00", "1,500.00", "0.00", "-764.44"]
    assert [cells[:3] for cells in rows(page, "合计")[2:]] == [
        ["合计", "4", "9,062.56"],
        ["合计 GBP", "1", "5.00"],
    ]


def test_orders_without_a_shop_stand_under_their_source(page):
    assert rows(page, "快闪店")[1][:3] == ["快闪店", "1", "50.00"], "a group that has not formed is not paid"


def test_a_shop_that_has_sold_nothing_yet_is_shown_with_nothing(page):
    assert rows(page, "新店")[1][2] == "0.00"


def test_a_late_shop_shows_no_number_and_every_total_names_it(home, refresh):
    late = [ARRIVED[0], feed("pine", "松间", "s2", date(2026, 9, 28)), *ARRIVED[2:]]
    publish(home, trusted={"freshness": late})
    page = refresh()
    short, _, detail, _ = rows(page, "松间生活馆")
    assert short == ["松间生活馆 缺，只到 09-28", "—", "—", "—"]
    assert detail == ["松间生活馆", "— 缺，只到 09-28"]
    total = rows(page, "合计")[0]
    assert total[0] == "合计 不含 松间生活馆"
    assert total[1] == "-¥714 ¥1,286"
    told = chinese(page)
    for part in (
        "早报",
        "到齐 3/4 缺 松间",
        "王运营 松间 youzan__orders 09-29~09-30 已迟到 后台 > 导出",
        "未到齐的数据源可能带来的变化尚未计入",
    ):
        assert part in told, part


def test_comparisons_take_the_same_shops_and_say_who_is_missing(page):
    change = rows(page, "合计")[0][2]
    assert change == "+16.9% ¥6,000", "7,012.56 of the two shops there were, against 6,000"
    assert "合计的比较不含上周还没有数据的 快闪店、新店" in chinese(page)


def test_without_any_shop_no_total_is_made_up(home, refresh):
    publish(
        home,
        trusted={"freshness": [feed("moss", "苔原", "s1", None)]},
        orders=[],
        shop_daily=[],
        shops=[("s1", "苔原商城")],
    )
    page = refresh()
    assert rows(page, "合计")[0] == ["合计 不含 苔原商城", "—", "—", "—"]
    assert "净支付额 不含 苔原商城 — 订单未到" in chinese(page)


def test_a_target_nobody_set_is_told_with_its_reason(home, refresh):
    publish(home, targets=[], sheet_status=[("targets", False, "没有目标与完成率", "There are no targets")])
    told = chinese(refresh())
    assert "目标 — 没有目标与完成率" in told
    assert "本月累计净支付额与上月同期" in told, "a chart always has something to compare with"


def test_new_customers_come_from_somewhere_and_beside_what_is_usual(page):
    assert rows(page, "企业微信")[0] == ["企业微信", "0", "1", "0.1", "0"]


def test_gains_and_losses_have_one_reason_each(page):
    told = chinese(page)
    assert "带来最多 较上周同日 松间生活馆 +¥2,777 1 单，上周 1 单 面霜 +¥1,000 2 件，上周没有卖" in told
    assert "亏得最多 较上周同日 苔原商城 退款 -¥2,000 退款 2 笔，上周 0 笔 面膜 -¥765 1 件，上周 4 件" in told


def test_contents_show_their_day_beside_the_day_before(page):
    assert rows(page, "护手霜测评")[0] == ["护手霜测评 小红书", "1,200", "1,000", "8", "— 没测到"]


def test_cohorts_show_open_months_as_unknown(home, refresh):
    august = date(2026, 8, 3)
    orders = [
        ("moss", "s1", "a", "CNY", august, 5000, "c1", True, True, True, None, None, 0),
        ("moss", "s1", "b", "CNY", NIGHT, 5000, "c1", True, True, True, None, None, 0),
        ("moss", "s1", "c", "CNY", august, 5000, "c2", True, True, True, None, None, 0),
        ("moss", "s1", "d", "CNY", august, 5000, "c3", True, True, True, None, None, 0),
    ]
    publish(home, orders=orders)
    page = refresh()
    assert rows(page, "2026-08")[0] == ["2026-08", "2", "100.0%", "50.0%"], "the excluded are no customers"
    assert rows(page, "30 天")[0] == ["30 天", "2", "0.0%", "— 还没有满窗口的客户"]


def test_what_changed_since_yesterday_is_told_in_words(home, refresh):
    said = [("s1", WEEK_AGO, "CNY", 1, 100000, 100000, 0, 0, 0)]
    covered = [
        feed("moss", "苔原", "s1", BEFORE),
        feed("pine", "松间", "s2", date(2026, 9, 20)),
        *ARRIVED[2:],
    ]
    publish(
        home,
        PARENT,
        shop_daily=said,
        refunds=[],
        trusted={"freshness": covered},
        stage_daily=[(BEFORE, "paying", "paying.first", 1210, 7)],
    )
    late = ("s1", WEEK_AGO, "CNY", 1, 100000, 100000, 0, 3420, 0)
    later = [row for row in ROWS["shop_daily"] if row[:2] != ("s1", WEEK_AGO)]
    refund = ("moss", "s1", "CNY", "refund_only", WEEK_AGO, 3420)
    publish(home, parent=PARENT, shop_daily=[*later, late], refunds=[*ROWS["refunds"], refund])
    told = chinese(refresh())
    assert "与 09-29 的最后一版（000001-2026-09-29）比" in told
    assert "09-23 苔原商城 净支付额 -¥34：退款 +¥34（+1 笔）" in told
    assert "09-23 松间生活馆 净支付额 +¥5,000：补到 · 支付 +¥5,000（+1 单）" in told
    assert "09-29 的客户数：付费客户 -10 · 忠诚客户 +82" in told


def test_the_day_before_no_longer_kept_is_told_and_not_guessed(home, refresh):
    publish(home, PARENT)
    publish(home, parent=PARENT)
    (home.published / PARENT / "followthrough.duckdb").unlink()
    assert f"{PARENT} 无法比较：文件已清理" in chinese(refresh())


def test_a_day_before_without_a_column_of_today_is_not_compared(home, refresh):
    publish(home, PARENT)
    with duckdb.connect(str(home.published / PARENT / "followthrough.duckdb")) as connection:
        connection.execute("ALTER TABLE marts.orders DROP counts_as_revenue")
    publish(home, parent=PARENT)
    assert "无法比较" in chinese(refresh())


def test_a_night_published_again_replaces_its_page_and_says_so_when_its_money_changed(home, refresh):
    publish(home)
    first = refresh()
    changed = [("s1", NIGHT, "CNY", 2, 123557, 123456, 50000, 150000, 0), *ROWS["shop_daily"][1:]]
    publish(home, "000002-2026-09-30", parent="000001-2026-09-30", shop_daily=changed)
    again = refresh()
    assert ">更正</span>" not in first.split("<nav")[0]
    assert ">更正</span>" in again.split("<nav")[0]
    assert "本日上一版（000001-2026-09-30）之后" in chinese(again)
    index = chinese((home.reports / "index.html").read_text("utf-8"))
    assert index.count("000002-2026-09-30 定稿") == 1
    assert "更正" in index


def test_money_that_had_not_come_is_no_correction(home, refresh):
    early = [ARRIVED[0], feed("pine", "松间", "s2", BEFORE), *ARRIVED[2:]]
    publish(home, trusted={"freshness": early}, shop_daily=[ROWS["shop_daily"][0], *ROWS["shop_daily"][2:]])
    publish(home, "000002-2026-09-30", parent="000001-2026-09-30")
    page = refresh()
    assert ">更正</span>" not in page.split("<nav")[0]
    assert "补到 · 支付 +¥7,777" in chinese(page)


def test_the_index_lists_days_and_weeks_and_what_a_rollback_took_back(home, refresh):
    publish(home, PARENT, trusted={"freshness": [feed("moss", "苔原", "s1", BEFORE, "fresh")]})
    refresh("index.html")
    publish(home, parent=PARENT)
    refresh("index.html")
    rollback = {"version": PARENT, "left": "000001-2026-09-30", "reason": "x", "by": "y"}
    decide(home, "rollback", MADE + timedelta(hours=1), rollback)
    index = chinese(refresh("index.html"))
    assert index.index("000001-2026-09-30 定稿 已回退") < index.index("2026-09-29 定稿")
    assert "09-28~09-30 000001-2026-09-30 本周至今" in index
    assert "09-21~09-27 000001-2026-09-30 整周" in index


def test_a_week_compares_its_two_ends_and_not_its_days_added_up(home, refresh):
    history = [
        ("c1", "consumer", "paying", "paying.first", date(2026, 9, 1), date(2026, 9, 22)),
        ("c1", "consumer", "potential", "potential.lead", date(2026, 9, 22), date(2026, 9, 24)),
        ("c1", "consumer", "paying", "paying.first", date(2026, 9, 24), None),
        ("c2", "consumer", "paying", "paying.first", date(2026, 9, 20), date(2026, 9, 27)),
        ("c2", "consumer", "loyal", "loyal.repeat", date(2026, 9, 27), None),
        ("c3", "staff", "paying", "paying.first", date(2026, 9, 22), None),
    ]
    publish(home, customer_stage_history=history)
    page = refresh("2026-W39.html")
    assert rows(page, "付费客户")[0] == ["付费客户", "0", "0", "1", "1"]
    assert "新增付费 0 较上周 -1" in chinese(page), "c2 was new in the week before"
    assert rows(page, "新识别")[0] == ["新识别", "0", "0", "0", "0"]
    assert "新媒体周报 09-21~09-27 整周" in chinese(page)
    assert "本周至今" in chinese((home.reports / "2026-W40.html").read_text("utf-8"))


def test_a_file_name_is_text_and_never_markup(home, refresh):
    name = "<script>alert('x')</script>.csv"
    refused = (
        "l2",
        "moss",
        "unknown",
        name,
        None,
        False,
        datetime(2026, 9, 30, 2),
        "refused",
        NIGHT,
        "no export -> another",
        f"{name} 不是导出",
        0,
        0,
        0,
        0,
    )
    publish(
        home,
        trusted={
            "quarantine": [("youzan__orders", "moss", "l1", name, 3, "missing", "paid_fen")],
            "loads": [refused],
        },
    )
    page = refresh()
    assert page.count("<script>") == 1, "only the page's own"
    assert page.count("&lt;script&gt;") == 3
    refused, quarantined = rows(page, name)
    assert refused == [f"{name} moss", f"{name} 不是导出"]
    assert quarantined == [f"{name} youzan__orders", "缺值", "paid_fen", "1", "3"]


def test_a_file_refused_since_is_told_though_it_made_no_version(home, refresh):
    publish(home)
    check = {"passed": False, "severity": "critical", "waivable": True}
    verdict = {
        "load_id": "l9",
        "source_id": "pine",
        "file": "<坏>.csv",
        "night": "2026-09-30",
        "verdict": "refused",
        "why": ["too few rows"],
        "why_zh": ["行数太少"],
        "checks": [check],
    }
    before = verdict | {"load_id": "l8", "night": "2026-09-29", "source_id": "early"}
    decide(home, "verdict", datetime(2026, 10, 1, 10), verdict, before)
    page = refresh()
    assert rows(page, "<坏>.csv")[0] == ["<坏>.csv pine 本版之后", "行数太少"]
    assert "等人确认的检查 <坏>.csv 行数太少 若属实：followthrough waive l9" in chinese(page)
    assert "early" not in page


def person(key, substage, since, paid=None, net=0, kind="consumer"):
    """A row of ``marts.customers``."""
    return (key, "wecom", kind, substage, since, paid, net, key < "m", False)


TO_CALL = [
    person("a", "potential.lead", BEFORE),
    person("b", "potential.lead", WEEK_AGO),
    person("c", "paying.at_risk", WEEK_AGO + timedelta(days=1), net=900),
    person("z", "paying.at_risk", NIGHT, net=500_000),
    person("d", "paying.unconfirmed", NIGHT, paid=NIGHT),
    person("e", "paying.unconfirmed", NIGHT - timedelta(days=2), paid=NIGHT - timedelta(days=2)),
    person("f", "paying.unconfirmed", NIGHT - timedelta(days=2), paid=WEEK_AGO),
    person("g", "potential.pending", NIGHT, kind="staff"),
]


def test_whom_to_call_follows_from_what_has_just_happened(home, refresh):
    publish(home, customers=TO_CALL)
    page = refresh()
    assert "今天要联系 4 人 新留资 1 刚有流失风险 2 首单关怀 1" in chinese(page)
    assert rows(page, "新留资")[0] == ["新留资 09-29", "a 企业微信", "¥0", "10-01"]
    assert [row[1:] for row in rows(page, "刚有流失风险")] == [
        ["z 来源平台", "¥5,000", "10-07"],
        ["c 企业微信", "¥9", "10-01"],
    ]
    assert rows(page, "首单关怀")[0][1] == "e 企业微信", "nobody is called the day after buying"


def test_nobody_is_called_for_silence_while_orders_are_missing(home, refresh):
    publish(
        home, customers=TO_CALL, trusted={"freshness": [feed("moss", "苔原", "s1", BEFORE), *ARRIVED[1:]]}
    )
    told = chinese(refresh())
    assert "今天要联系 2 人 新留资 1 首单关怀 1" in told
    assert "流失风险的人暂不列入" in told
    assert "回落 2 暂定" in told


def test_the_picture_and_the_index_name_nobody(home, refresh):
    publish(home, customers=[person("a-customer-key", "potential.lead", NIGHT)])
    page = refresh()
    first_screen, details = page.split("</main>")
    assert "a-customer-key" not in first_screen + read(home, "index.html")
    assert "a-customer-key" in details


def test_creators_stand_among_gains_and_losses_by_their_names(home, refresh):
    def order(name, day, fen, creator, key):
        return ("moss", "s1", name, "CNY", day, fen, None, True, True, True, creator, key, 0)

    publish(
        home,
        orders=[
            order("o1", NIGHT, 500_000, "a", "k1"),
            order("o2", NIGHT, 100, None, None),
            order("o3", WEEK_AGO, 900_000, None, "k2"),
        ],
    )
    told = chinese(refresh())
    assert "达人 达人甲 +¥5,000 1 单，上周 0 单" in told
    assert "达人 k2 -¥9,000 0 单，上周 1 单" in told


SPENT = [
    (NIGHT, "qianchuan", "ads", None, 30_000, 5000, 60),
    (date(2026, 9, 28), "creators", "slot_fee", "a", 70_000, None, None),
    (WEEK_AGO, "qianchuan", "ads", None, 20_000, None, None),
]


def test_the_week_tells_what_was_spent_on_what_and_on_whom(home, refresh):
    orders = [("moss", "s1", "o1", "CNY", NIGHT, 40_000, None, True, True, True, "a", "k", 10_000)]
    publish(home, spend_daily=SPENT, orders=orders)
    page = refresh("2026-W40.html")
    assert ["达人", "¥700", "¥0", "— 表里没填", "— 表里没填"] in rows(page, "达人")
    assert rows(page, "巨量千川")[0] == ["巨量千川", "¥300", "¥200", "60", "¥5.00"]
    assert rows(page, "达人甲")[0] == ["达人甲", "¥700", "1", "¥300", "¥100"]
    assert "费用占净支付额 14.3% · 每新增付费" in chinese(page)
    assert "投放表填到 09-30" in chinese(page)


def test_a_week_nobody_filled_in_has_no_spend_and_is_not_zero(home, refresh):
    publish(home, spend_daily=[(WEEK_AGO, "qianchuan", "ads", None, 20_000, None, None)])
    page = refresh("2026-W40.html")
    assert rows(page, "巨量千川")[0][1:3] == ["— 表里没填", "¥200"]
    assert ["— 表里没填", "¥200"] in [row[1:3] for row in rows(page, "合计")]
    assert chinese(page).count("每新增付费") == 1, "its meaning alone"
    assert "投放表填到 09-23" in chinese(page)


def test_without_a_spend_sheet_its_reason_is_told(home, refresh):
    publish(home, sheet_status=[("spend", False, "没有费用与投产比", "There is no spend")])
    page = refresh("2026-W40.html")
    assert "投放费用 — 没有费用与投产比" in chinese(page)
    publish(home, "000002-2026-09-30", "000001-2026-09-30")
    assert "投放费用 — 投放表里还没有一笔费用" in chinese(refresh("2026-W40.html"))


def test_weeks_are_compared_by_as_many_days_as_the_last_one_has(home, refresh):
    publish(home)
    assert "每周都只算前 3 天" in chinese(refresh("2026-W40.html"))
    assert "每周都只算前" not in chinese(read(home, "2026-W39.html"))
    by_week = pages._by_week({date(2026, 9, n): n for n in range(14, 31)}, 3)
    assert by_week == {date(2026, 9, 14): 45, date(2026, 9, 21): 66, date(2026, 9, 28): 87}


def test_the_week_shows_who_comes_back(home, refresh):
    publish(home)
    assert "留存与复购" in chinese(refresh("2026-W40.html"))
    assert rows(read(home, "2026-W40.html"), "2026-09")[0] == ["2026-09", "2", "100.0%"]


def test_a_warning_is_told_in_the_reader_s_language(home, refresh):
    check = (1, "b", "every_load", "e", None, "warning", False, "One row in fifty.", "五十行坏一行。", "")
    publish(home, trusted={"checks": [check, check, (*check[:6], True, *check[7:])]})
    page = refresh()
    assert "质检警告 五十行坏一行。 2 every_load" in chinese(page)
    assert "One row in fifty." in page


def test_pages_load_nothing_from_anywhere(planted):
    for page in planted.reports.glob("*.html"):
        told = re.sub(r'xmlns(:xlink)?="http://www.w3.org/[^"]+"', "", page.read_text("utf-8"))
        assert not re.search(r"https?:|//[a-z]|<(img|iframe)|@import|url\((?!#)|src=", told), page.name


def test_the_page_is_the_same_every_time(home, refresh, planted):
    publish(home)
    assert refresh() == read(planted)
    assert read(home, "index.html") == read(planted, "index.html")


@pytest.mark.parametrize("name", ["2026-09-30.html", "2026-W40.html", "index.html"])
def test_every_tag_that_opens_closes_and_every_word_has_both_languages(planted, name):
    told = re.sub(r"<script>.*?</script>", "", read(planted, name), flags=re.DOTALL)
    for tag in (
        "table",
        "tr",
        "td",
        "th",
        "div",
        "p",
        "h2",
        "h3",
        "b",
        "span",
        "ul",
        "li",
        "section",
        "small",
        "button",
        "details",
        "summary",
        "figure",
        "main",
        "nav",
    ):
        assert len(re.findall(rf"<{tag}[ >]", told)) == told.count(f"</{tag}>"), tag
    assert told.count('class="zh"') == told.count('class="en"')


@pytest.mark.parametrize("name", ["2026-09-30.html", "2026-W40.html", "index.html"])
def test_every_column_of_numbers_says_on_a_tap_what_it_is(home, refresh, name):
    columns = COLUMNS["metrics"].replace(" VARCHAR", "").split(", ")
    with (PROJECT / "dbt_project" / "seeds" / "metric_names.csv").open(encoding="utf-8", newline="") as file:
        metrics = [tuple(metric[column] for column in columns) for metric in csv.DictReader(file)]
    publish(home, metrics=metrics, spend_daily=SPENT, customers=TO_CALL)
    numbers = r"<th(?![^>]*class=.text)[^>]*>.*?</th>"
    headers = re.findall(numbers, refresh(name), re.DOTALL)
    assert headers
    assert [header for header in headers if "popovertarget" not in header] == []


@pytest.mark.parametrize("name", ["2026-09-30.html", "2026-W40.html"])
def test_what_is_missing_says_why(home, refresh, name):
    publish(home, trusted={"freshness": [feed("moss", "苔原", "s1", None), *ARRIVED[1:]]}, targets=[])
    page = refresh(name)
    lines = re.findall(r"<tr[^>]*>.*?</tr>", page, re.DOTALL)
    bare = [
        line for line in lines if re.search(r"<td(?![^>]*title=)[^>]*>(<span[^>]*>)?—(</span>)?</td>", line)
    ]
    assert bare, "the late shop"
    assert [line for line in bare if "缺，从未收到" not in line] == []


def test_every_number_with_a_name_has_its_definition_on_the_page(page):
    asked = set(re.findall(r'popovertarget="([^"]+)"', page))
    assert {"meaning-net", "meaning-attainment", "meaning-loyal_change"} <= asked
    assert asked <= set(re.findall(r'popover id="([^"]+)"', page))
    assert "支付减退款。" in page, "the published definition wins over a label"


def test_what_the_index_lists_is_kept_beside_each_page(planted):
    note = json.loads((planted.reports / "2026-09-30.json").read_text("utf-8"))
    assert (note["version"], note["state"], note["net_fen"]) == ("000001-2026-09-30", "final", 706256)


def test_without_a_browser_the_page_is_there_and_one_line_says_why_there_is_no_picture(home):
    publish(home)
    stale = home.reports / "2026-09-30.png"
    stale.write_bytes(b"of the version before")
    made = write_pages(home)
    assert made.no_picture == "none: no Chromium on this machine; install one or set FOLLOWTHROUGH_BROWSER"
    assert not stale.exists(), "an old picture would tell old figures"


@pytest.fixture
def drawn(monkeypatch):
    """What charts were drawn of while the test ran."""
    specifications, draw = [], vl_convert.vegalite_to_svg

    def counted(specification):
        specifications.append(specification)
        return draw(specification)

    monkeypatch.setattr(vl_convert, "vegalite_to_svg", counted)
    return specifications


def test_a_chart_that_shows_the_same_is_not_drawn_again(home, refresh, drawn):
    publish(home)
    first, times = refresh(), len(drawn)
    publish(home, "000002-2026-09-30", "000001-2026-09-30")
    again = refresh()
    assert times == len(drawn) > 0
    assert "000002-2026-09-30" in again
    charts = re.compile(r"<svg.*?</svg>", re.DOTALL)
    assert charts.findall(again) == charts.findall(first) != []


def test_a_chart_of_another_figure_is_drawn_and_the_others_are_not(home, refresh, drawn):
    publish(home)
    refresh()
    times = len(drawn)
    (shop, day, currency, orders, paid, *others), *rest = ROWS["shop_daily"]
    publish(
        home,
        "000002-2026-09-30",
        "000001-2026-09-30",
        shop_daily=[(shop, day, currency, orders, paid + 77_700, *others), *rest],
    )
    refresh()
    assert 0 < len(drawn) - times < times


def test_another_way_of_drawing_draws_everything_again(home, refresh, drawn, monkeypatch):
    publish(home)
    refresh()
    times = len(drawn)
    monkeypatch.setattr("followthrough.reports.charts._made_with", lambda: "another library")
    refresh()
    assert len(drawn) == 2 * times
    assert len(list(home.drawings.iterdir())) == times / 2, "the old ones are gone; two languages in one file"


def test_what_would_be_the_same_is_not_written_again(home, refresh):
    publish(home)
    refresh()
    written = {path: path.stat().st_ino for path in home.reports.iterdir()}
    refresh()
    assert {path: path.stat().st_ino for path in home.reports.iterdir()} == written
    (home.reports / "2026-09-30.html").write_text("cut short")
    refresh()
    assert "净支付额" in read(home)


@pytest.fixture
def draw(home, tmp_path):
    """Refresh with a browser that counts; how often it has drawn so far."""
    browser, log = tmp_path / "browser", tmp_path / "log"
    browser.write_text(
        f"""#!/bin/sh
for argument; do case $argument in
    --dump-dom) echo 'data-height="900"';;
    --screenshot=*) echo drawn >> {log}; echo picture > "${{argument#--screenshot=}}";;
esac; done
"""
    )
    browser.chmod(0o700)

    def draw() -> int:
        environment = {"FOLLOWTHROUGH_HOME": str(home.root), "FOLLOWTHROUGH_BROWSER": str(browser)}
        made = refresh_pages(from_environment(environment))
        assert (made.no_picture, made.picture.exists()) == ("", True)
        return len(log.read_text().splitlines())

    return draw


def test_a_picture_is_drawn_once_of_each_page(home, draw):
    publish(home)
    assert [draw(), draw()] == [1, 1]
    publish(home, "000002-2026-09-30", "000001-2026-09-30")
    assert [draw(), draw()] == [2, 2]
    (home.reports / "2026-09-30.png").unlink()
    assert draw() == 3

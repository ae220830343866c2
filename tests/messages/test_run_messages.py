"""What people are told of a night, from one small published version."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta

from followthrough import night
from followthrough.errors import Unavailable
from followthrough.messages.delivery import SMALLEST
from followthrough.messages.run_messages import after_run, gaps, overdue
from followthrough.runs.journal import Run, step
from followthrough.settings.channels import Channel
from followthrough.settings.mirrors import Mirror
from followthrough.versions.history import decide, decisions
from tests.builders.published_version import ARRIVED, BEFORE, NIGHT, ROWS, WEEK_AGO, feed, publish

MADE = datetime(2026, 10, 1, 8, 5)
LATE = [feed("moss", "苔原", "s1", BEFORE), *ARRIVED[1:]]


def run(at=MADE, night=NIGHT):
    return Run("run", night, at)


def text(message):
    return "\n".join((message.title, *message.lines))


def test_a_complete_night_is_told_in_the_figures_of_its_page(settings, home):
    publish(home)
    (brief,) = after_run(settings, run())
    assert brief.key == "2026-09-30/complete"
    assert text(brief).splitlines() == [
        "新媒体日报 09-30(周三) 定稿",
        "> 数据截至 09-30 24:00 | 到齐 4/4 | 质检 212过 3警 1拒",
        "**净支付额 ¥7,063** 较上周同日同口径 +16.9%",
        "本月 ¥13,063 | 目标 4.7% | 时间进度 100.0%",
        "支付 ¥9,063 | 退款 ¥2,000（发货前 ¥500 发货后 ¥1,500） | 退款率 22.1%",
        "**净支付额 GBP 5**",
        "支付 GBP 5 | 退款 GBP 0 | 退款率 0.0%",
        "**客户**（可识别到人 99.4% 订单额）",
        "潜在 0 ±0 | 付费 1,203 +3 | 忠诚 80 -2（明确满意 20）",
        "新增潜在 0 → 新增付费 3 → 新增忠诚 0 | 回落 2",
        "**带来最多** 1.松间生活馆 +¥2,777（1 单，上周 1 单） 2.面霜 +¥1,000（2 件，上周没有卖）",
        "**亏得最多** 1.苔原商城退款 -¥2,000（退款 2 笔，上周 0 笔） 2.面膜 -¥765（1 件，上周 4 件）",
        "版本 000001-2026-09-30",
    ]


def test_a_night_with_gaps_names_them(settings, home):
    publish(home, trusted={"freshness": LATE})
    (brief,) = after_run(settings, run())
    assert brief.key == "2026-09-30/early"
    told = text(brief)
    assert "到齐 3/4，缺：苔原" in told
    assert "**净支付额 ¥7,827**（不含苔原商城）" in told
    assert "**要下载** 王运营×1" in told


def test_the_owner_is_asked_when_the_hour_has_passed_though_no_version_came_since(settings, home):
    publish(home)
    shop = settings.source("youzan_moss")
    only = replace(settings, sources=(shop,))
    due = datetime.combine(NIGHT + timedelta(days=1), shop.usual.due)
    assert gaps(only, due - timedelta(minutes=1)) == []
    told = {message.key: message for message in gaps(only, due)}
    orders = told["2026-09-30/late/youzan_moss/youzan__orders"]
    assert orders.owner == shop.owner
    for part in (shop.label, "（从未收到）", shop.usual.menu, "放入 inbox/youzan_moss", f"@{shop.owner}"):
        assert part in text(orders), part
    assert set(told) <= {message.key for message in after_run(only, run(due))}


def test_nobody_is_asked_for_anything_before_the_first_version(settings):
    assert gaps(settings, MADE) == []


def test_without_any_orders_no_number_is_told(settings, home):
    publish(
        home,
        trusted={"freshness": [feed("moss", "苔原", "s1", None)]},
        shop_daily=[],
        orders=[],
        shops=[("s1", "苔原商城")],
    )
    assert "**净支付额 —** 订单未到：苔原商城" in text(after_run(settings, run())[0])


def test_a_version_that_says_otherwise_is_a_correction_and_any_other_is_silent(settings, home):
    publish(home)
    first = "000001-2026-09-30"
    publish(home, "000002-2026-09-30", first)
    assert [m.key for m in after_run(settings, run())] == ["2026-09-30/complete"], "told already"
    changed = [("s1", NIGHT, "CNY", 2, 133556, 123456, 50000, 150000, 0), *ROWS["shop_daily"][1:]]
    publish(home, "000003-2026-09-30", "000002-2026-09-30", shop_daily=changed)
    (brief,) = after_run(settings, run())
    assert (brief.key, brief.title[-6:]) == ("2026-09-30/corrected/000003-2026-09-30", "定稿（更正）")
    assert "**更正** 09-30 苔原商城 净支付额 +¥100（金额变动）" in text(brief)


def test_a_picture_that_was_drawn_goes_after_the_brief(settings, home):
    publish(home)
    drawn, note = home.reports / "2026-09-30.png", home.reports / "2026-09-30.json"
    drawn.write_bytes(b"\x89PNG")
    note.write_text('{"version": "000000-2026-09-30"}')
    assert len(after_run(settings, run())) == 1, "a picture of another version would tell other figures"
    note.write_text('{"version": "000001-2026-09-30"}')
    brief, picture = after_run(settings, run())
    assert (picture.key, picture.picture, picture.title) == (f"{brief.key}/picture", drawn, brief.title)


def test_corrections_of_days_before_are_told_with_what_came_late(settings, home):
    before = "000001-2026-09-29"
    said = [row for row in ROWS["shop_daily"] if row[1] == WEEK_AGO]
    publish(
        home,
        before,
        shop_daily=said,
        refunds=[],
        trusted={"freshness": [feed("moss", "苔原", "s1", BEFORE), feed("pine", "松间", "s2", BEFORE)]},
    )
    later = [("s1", WEEK_AGO, "CNY", 1, 100000, 100000, 0, 342000, 0), *ROWS["shop_daily"][3:]]
    late = [("moss", "s1", "CNY", "refund_only", WEEK_AGO, 342000)]
    publish(home, parent=before, shop_daily=later, refunds=late)
    brief = text(after_run(settings, run())[0])
    assert "**更正** 09-23 苔原商城 净支付额 -¥3,420（退款 +¥3,420，+1 笔）" in brief


def test_what_does_not_fit_goes_line_by_line_and_details_go_first(settings, home):
    long = "很长的商品名称" * 40
    lines = [("moss", "s1", "o1", NIGHT, f"p{n}", f"{n}{long}", 1, 1000) for n in range(9)]
    names = {f"来源{n}" + "长" * 60 for n in range(60)}
    late = [feed(f"x{n}", name, None, BEFORE) for n, name in enumerate(sorted(names))]
    publish(home, order_lines=lines, trusted={"freshness": [*ARRIVED, *late]})
    brief = after_run(settings, run())[0]
    told = text(brief)
    assert len(f"### {told}".encode()) <= SMALLEST
    assert "等 60 个" in told
    assert "**带来最多**" not in told
    assert "**净支付额 ¥7,063**" in told
    assert brief.lines[-1] == "版本 000001-2026-09-30"


def test_a_refused_file_is_told_with_its_remedy_whenever_it_came(settings, home):
    publish(home)
    refusal = {
        "load_id": "l1",
        "source_id": "youzan_moss",
        "file": "订单.csv",
        "night": f"{NIGHT}",
        "verdict": "refused",
        "why_zh": ["缺列「支付完成时间」 -> 请重新导出"],
    }
    decide(
        home, "verdict", datetime(2026, 10, 1, 9), refusal, refusal | {"load_id": "l2", "night": "2026-09-29"}
    )
    (gap,) = gaps(settings, MADE)
    source = settings.source("youzan_moss")
    assert (gap.key, gap.owner) == ("2026-09-30/refused/l1", source.owner)
    for part in ("> 文件 订单.csv", "缺列「支付完成时间」", source.usual.menu, "放入 inbox/youzan_moss"):
        assert part in text(gap), part


def refuse(home, at, night=NIGHT):
    entry = {
        "night": f"{night}",
        "run_id": "r",
        "why": ["dbt: orders_key (4711 rows)"],
        "reasons": ["orders_key"],
        "reasons_zh": ["订单号重复。"],
    }
    decide(home, "candidate_refused", at, entry)


def test_a_refused_candidate_is_told_without_any_number_of_it(settings, home):
    publish(home)
    for hour in (9, 10):
        refuse(home, datetime(2026, 10, 2, hour), date(2026, 10, 1))
    (told,) = after_run(settings, run(datetime(2026, 10, 2, 8), date(2026, 10, 1)))
    assert (told.key, told.is_urgent) == ("2026-10-01/not_published/2", True)
    assert "数据未发布（连续第 2 次）" in told.title
    assert "仍是 09-30(周三) 版（10-01 08:05 发布）" in text(told)
    assert "> 原因：订单号重复。" in text(told)
    assert "4711" not in text(told)


def test_each_refusal_in_a_row_calls_the_next_keeper(settings, home):
    publish(home)
    named = replace(settings, on_call=("周数据", "吴主管", "郑总"))
    asked = []
    for day in range(1, 5):
        refuse(home, datetime(2026, 10, day + 1, 8), date(2026, 10, day))
        (told,) = after_run(named, run(datetime(2026, 10, day + 1, 8), date(2026, 10, day)))
        assert "谁在处理：周数据。" in text(told)
        asked.append(text(told).split("@")[-1].splitlines()[0])
    assert asked == ["周数据", "吴主管", "郑总", "郑总"]
    assert "已连续 4 次没有发布，请 郑总 过问。" in text(told)


def test_a_version_in_between_ends_the_row(settings, home):
    refuse(home, datetime(2026, 10, 1, 7, 40))
    publish(home)
    refuse(home, datetime(2026, 10, 2, 8), date(2026, 10, 1))
    (told,) = after_run(settings, run(night=date(2026, 10, 1)))
    assert "（连续第 1 次）" in told.title


def test_a_keeper_with_a_channel_is_called_there_too(settings, home):
    boss = Channel("boss", "webhook", "http://127.0.0.1:9", owners=("吴主管",))
    named = replace(settings, on_call=("周数据", "吴主管"), channels=(boss,))
    for hour in (8, 9):
        refuse(home, datetime(2026, 10, 1, hour))
    everybody, theirs = after_run(named, run())
    assert (everybody.owner, theirs.owner) == ("", "吴主管")
    assert everybody.lines == theirs.lines
    assert everybody.key != theirs.key


def fail(home, name, error, **result):
    """A step of the run ends with the error."""
    with suppress(type(error)), step(home, run(), name) as kept:
        kept |= result
        raise error


def test_pages_workbook_and_mirrors_that_failed_are_told_once_the_version_is_there(settings, home):
    publish(home)
    mirrored = replace(settings, mirrors=(Mirror("office", "a"), Mirror("shop", "b")), on_call=("周数据",))
    fail(home, "refresh", OSError("a secret address"))
    fail(home, "workbook", OSError("a secret address"))
    fail(home, "mirror", Unavailable("a secret address"), behind=["office"])
    _, no_pages, no_workbook, behind = after_run(mirrored, run())
    assert (no_pages.key, no_pages.owner) == ("000001-2026-09-30/no_pages", "周数据")
    assert (no_workbook.key, no_workbook.owner) == ("000001-2026-09-30/no_workbook", "周数据")
    assert "任务 workbook" in text(no_workbook)
    assert (behind.key, behind.title) == ("000001-2026-09-30/mirror/office", "镜像 office 没有更新")
    assert "已发布 09-30(周三) 版" in text(behind)
    assert "secret" not in text(behind) + text(no_pages) + text(no_workbook)


def test_a_mirror_that_was_cut_short_counts_as_behind_and_one_mended_since_does_not(settings, home):
    publish(home)
    mirrored = replace(settings, mirrors=(Mirror("office", "a"),))
    fail(home, "mirror", KeyboardInterrupt())
    assert [message.key for message in after_run(mirrored, run())][1:] == ["000001-2026-09-30/mirror/office"]
    with step(home, run(), "mirror") as kept:
        kept["mirrored"] = {"office": 3}
    assert len(after_run(mirrored, run())) == 1


def test_what_happened_at_night_is_told_in_the_morning_as_it_is_then(settings, home):
    """Two mirrors fail at eleven; by seven one of them is mended."""
    publish(home)
    team = Channel("team", "webhook", "http://127.0.0.1:9")
    late = replace(run(), run_at=datetime(2026, 10, 1, 23))
    both = (Mirror("office", "a"), Mirror("shop", "b"))
    there = replace(settings, channels=(team,), mirrors=both, sources=())
    fail(home, "mirror", Unavailable("why"), behind=["office", "shop"])
    assert night.notify(there, late, None) == []
    fail(home, "mirror", Unavailable("why"), behind=["shop"])
    assert night.remind(there, replace(late, run_id="look", run_at=datetime(2026, 10, 2, 6, 57)), None) == []
    failures = night.remind(there, replace(late, run_id="look", run_at=datetime(2026, 10, 2, 7)), None)
    assert len(failures) == 2, "the brief and the one mirror, to a robot that is not there"
    assert [(d["type"], d["key"]) for d in decisions(home) if d["type"] in ("withheld", "undelivered")] == [
        ("withheld", "2026-09-30/complete"),
        ("withheld", "000001-2026-09-30/mirror/office"),
        ("withheld", "000001-2026-09-30/mirror/shop"),
        ("undelivered", "2026-09-30/complete"),
        ("undelivered", "000001-2026-09-30/mirror/shop"),
    ]


def test_a_refusal_that_was_mended_since_is_no_news(settings, home):
    refuse(home, datetime(2026, 10, 1, 7, 40))
    publish(home)
    assert [message.key for message in after_run(settings, run())] == ["2026-09-30/complete"]


def test_before_the_first_version_there_is_nothing_to_tell(settings):
    assert after_run(settings, run()) == []


def test_the_first_night_refused_is_told_all_the_same(settings, home):
    refuse(home, datetime(2026, 10, 1, 8))
    (told,) = after_run(settings, run())
    assert "还没有发布过任何版本" in text(told)


def test_who_looks_from_outside_sees_a_night_that_is_not_there(home):
    nine = datetime(2026, 10, 1, 9)
    (nothing,) = overdue(home, nine)
    assert "09-30(周三) 数据到 09:00 还没有发布" in text(nothing)
    publish(home)
    assert overdue(home, nine) == []
    (next_morning,) = overdue(home, datetime(2026, 10, 2, 9))
    assert (next_morning.key, next_morning.is_urgent) == ("2026-10-01/overdue", True)

"""What each owner has to download today, and nothing else."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from followthrough.operate.checklist import WORDS, checklist
from followthrough.settings.schedule import Plan

NIGHT, MORNING = date(2026, 11, 22), datetime(2026, 11, 23, 8)


@pytest.fixture
def by_hand(settings):
    """Two shops whose files people download on workdays by half past ten; an account is fetched by itself."""
    usual = Plan("workday", time(10, 30), menu="有赞后台 > 订单 > 导出")
    moss, pine = (
        replace(settings.source(name), transport="inbox", usual=usual, plans={})
        for name in ("youzan_moss", "youzan_pine")
    )
    return replace(settings, sources=(moss, pine, settings.source("wechat_oa_main")))


def test_each_owner_has_a_list_of_what_from_where_and_into_which_folder(by_hand):
    told = checklist(by_hand, NIGHT, MORNING)
    assert told.startswith("2026-11-23 下载清单\n")
    owners = [line for line in told.splitlines() if line and not line.startswith((" ", "2026"))]
    assert owners == sorted([by_hand.sources[0].owner, by_hand.sources[1].owner])
    for part in (
        "[ ] 有赞 苔原官方商城 有赞 订单导出 (还没有收到过)",
        "从 有赞后台 > 订单 > 导出",
        "日期 2026-11-22  放入 inbox/youzan_moss/  截止 10:30",
    ):
        assert part in told, part


def test_after_its_hour_it_is_late_and_what_is_fetched_by_itself_stands_there_too(by_hand):
    assert "公众号" not in checklist(by_hand, NIGHT, MORNING)
    told = checklist(by_hand, NIGHT, datetime(2026, 11, 23, 12))
    assert "[ ] 公众号 公众号 关注者列表" in told
    assert told.count("截止 已迟到") == told.count("[ ]")


def test_on_a_sunday_nobody_downloads_for_a_shop_of_workdays(by_hand):
    told = checklist(by_hand, date(2026, 11, 21), datetime(2026, 11, 22, 8))
    assert told.endswith("今天没有要下载的文件")


def test_there_is_an_english_one(by_hand):
    told = checklist(by_hand, NIGHT, MORNING, "en")
    assert "dates 2026-11-22  into inbox/youzan_moss/  due 10:30" in told
    assert {*WORDS["zh"]} == {*WORDS["en"]}

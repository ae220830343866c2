"""Follows and unfollows of an official account by day, answers of ``datacube/getusersummary``.

One call spans at most 7 days and ends yesterday; a day is complete after 08:00 of the next. A source is
where people followed from, as a number, unlike a follower's ``subscribe_scene``. Source:
official documentation and a public test fixture; design notes, section 2a.
"""

from followthrough.contracts.api import Call, Pull
from followthrough.contracts.export import Column, Date, Exclusion, Export, Id, Integer, Json
from followthrough.platforms.wechat_oa.interface import READY

USER_SUMMARY = Export(
    platform="wechat_oa",
    name="user_summary",
    version=1,
    label="公众号 用户增减数据",
    grain="one row per day and source of following",
    format=Json(
        records="$.list[*]",
        failed="json_extract_string({doc}, '$.errcode') <> '0'",
    ),
    recognise=("list.ref_date", "list.user_source", "list.new_user", "list.cancel_user"),
    columns=(
        Column("stat_date", ("$.ref_date",), Date(), "日期", "The day counted.", required=True),
        Column("user_source", ("$.user_source",), Id(), "关注来源",
               "Where people followed from, by the platform's number.", required=True),
        Column("new_followers", ("$.new_user",), Integer(), "新增关注人数",
               "How many followed on the day.", required=True, minimum=0),
        Column("lost_followers", ("$.cancel_user",), Integer(), "取消关注人数",
               "How many left on the day.", required=True, minimum=0),
    ),
    key=("stat_date", "user_source"),
    event_at="stat_date",
    feeds={"audience_days": "stg_wechat_oa__user_summary"},
    # 全部, the sum of the other sources, would double the counts
    exclude=(Exclusion("all_sources", "json_extract_string({row}, '$.user_source') = '99999999'"),),
    signals="how many followed and left, by day and source",
    cannot_tell="who; how many followers there are",
    source="official documentation and a public test fixture",
    pull=Pull(
        Call("POST", "/datacube/getusersummary", {"begin_date": "{begin}", "end_date": "{end}"}),
        span=7,
        ready=READY,
    ),
)  # fmt: skip

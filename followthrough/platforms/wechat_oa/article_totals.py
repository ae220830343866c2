"""Figures of an official account's articles, answers of ``datacube/getarticletotal``.

One call per day of publication; an article has one element per day since, for at most 7 days, each cumulative
since publication. People are counted once per element, so elements must not be summed. Source: official
documentation and a public test fixture; design notes, section 2a.
"""

from followthrough.contracts.api import Call, Pull
from followthrough.contracts.export import Column, Date, Exclusion, Export, Id, Integer, Json, Text
from followthrough.platforms.wechat_oa.interface import READY

ARTICLE_TOTALS = Export(
    platform="wechat_oa",
    name="article_totals",
    version=1,
    label="公众号 图文总数据",
    grain="one row per article and day since its publication, cumulative",
    format=Json(
        records="$.list[*]",
        each="details",
        failed="json_extract_string({doc}, '$.errcode') <> '0'",
    ),
    recognise=("list.msgid", "list.ref_date", "list.details.stat_date", "list.details.int_page_read_count"),
    columns=(
        Column("msgid", ("$.msgid",), Id(), "图文编号",
               "Number of the push and place of the article in it.", required=True),
        Column("title", ("$.title",), Text(), "标题", "The article's title."),
        Column("published_date", ("$.ref_date",), Date(), "发布日期",
               "The day it was published.", required=True),
        Column("stat_date", ("$.details.stat_date",), Date(), "统计日期",
               "The day the figures stand at the end of.", required=True),
        Column("delivered_users", ("$.details.target_user",), Integer(), "送达人数",
               "Followers it was sent to.", minimum=0),
        Column("read_users", ("$.details.int_page_read_user",), Integer(), "阅读人数",
               "Readers since publication.", minimum=0),
        Column("read_count", ("$.details.int_page_read_count",), Integer(), "阅读次数",
               "Reads since publication.", required=True, minimum=0),
        Column("share_count", ("$.details.share_count",), Integer(), "分享次数",
               "Shares since publication.", minimum=0),
        Column("favourite_count", ("$.details.add_to_fav_count",), Integer(), "收藏次数",
               "Times saved since publication.", minimum=0),
    ),
    key=("msgid", "stat_date"),
    event_at="stat_date",
    optional_when_empty=True,
    feeds={"content_totals": "stg_wechat_oa__article_totals"},
    exclude=(Exclusion("without_a_day", "json_type({row}, '$.details') = 'ARRAY'"),),
    signals="how often an article was read, shared and saved",
    cannot_tell="by whom; likes and comments; anything after the seventh day",
    source="official documentation and a public test fixture",
    pull=Pull(
        Call("POST", "/datacube/getarticletotal", {"begin_date": "{begin}", "end_date": "{end}"}),
        span=1,
        ready=READY,
        grows=6,
    ),
)  # fmt: skip

"""Xiaohongshu 小红书: the note list of the creator centre, 笔记列表明细表.

A banner is above the header and every cell is text. Figures are lifetime totals as of the download, of the
first 1,000 notes in the order chosen on the page. A note has no id and is identified by title and time of
publication, so a note with an edited title is a new one. Source: public parsers of the real file; design
notes, section 6.
"""

from followthrough.contracts.export import (
    Column,
    Export,
    Integer,
    Platform,
    Rate,
    Table,
    Text,
    Timestamp,
    Vocabulary,
)

_NAMES = """
笔记标题 首次发布时间 体裁 曝光 观看量 封面点击率 点赞 评论 收藏 涨粉 分享 人均观看时长 弹幕
"""
HEADER = tuple(_NAMES.split())

GENRE = {"图文": "image_text", "视频": "video"}

NOTES = Export(
    platform="xiaohongshu",
    name="notes",
    version=1,
    label="小红书 笔记列表明细表",
    grain="one row per note, its lifetime figures when downloaded",
    format=Table(),
    recognise=("笔记标题", "首次发布时间", "体裁", "曝光", "观看量", "涨粉"),
    columns=(
        Column("title", ("笔记标题",), Text(), "笔记标题", "The note's title.", required=True),
        Column("published_at", ("首次发布时间",), Timestamp(("%Y年%m月%d日%H时%M分%S秒",)), "首次发布时间",
               "When the note was first published.", required=True),
        Column("genre", ("体裁",), Vocabulary(GENRE), "体裁", "image_text or video.", required=True),
        Column("exposures", ("曝光",), Integer(), "曝光量", "Times shown so far.", minimum=0),
        Column("views", ("观看量",), Integer(), "观看量", "Times opened so far.", required=True, minimum=0),
        Column("click_rate", ("封面点击率",), Rate(), "封面点击率", "Share of exposures that were opened."),
        Column("likes", ("点赞",), Integer(), "点赞数", "Likes so far.", minimum=0),
        Column("comments", ("评论",), Integer(), "评论数", "Comments so far.", minimum=0),
        Column("saves", ("收藏",), Integer(), "收藏数", "Times saved so far.", minimum=0),
        Column("followers_gained", ("涨粉",), Integer(), "涨粉数", "Followers it brought so far."),
        Column("shares", ("分享",), Integer(), "分享数", "Shares so far.", minimum=0),
    ),
    key=("title", "published_at"),
    event_at="published_at",
    optional_when_empty=True,  # downloaded now and then, not every day
    feeds={"content_totals": "stg_xiaohongshu__note_totals"},
    signals="how often a note was shown, opened, liked, saved and shared; followers it brought",
    cannot_tell="by whom; what happened on which day; notes beyond the first 1,000",
    source="public parsers of the real file and their tests",
    header=HEADER,
)  # fmt: skip

PLATFORM = Platform(name="xiaohongshu", label="小红书", exports=(NOTES,))

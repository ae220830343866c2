"""Ocean Engine 巨量引擎: leads from its ads, answers of ``tools/clue/get`` (飞鱼 has the same names).

A file has the pages of one pull, one per line. Leads have no time of change, so the time a lead was marked
invalid is that of the first pull that shows it. Names, addresses and remarks are not loaded. Source: a public
SDK; design notes, section 5d.
"""

from followthrough.contracts.export import (
    Column,
    Entry,
    Exclusion,
    Export,
    Id,
    Identifier,
    Integer,
    Json,
    Platform,
    Text,
    Timestamp,
    Total,
    Vocabulary,
)

COMPONENT = {
    "0": "form",
    "1": "chat",
    "2": "phone_call",
    "3": "callback",
    "4": "coupon",
    "5": "lottery",
}
ORIGIN = {"0": "external", "1": "ad", "2": "imported", "5": "private_message", "6": "shop_ad"}
ENTRIES = (
    Entry("ad", "巨量广告", "Ocean Engine ad"),
    Entry("external", "巨量外部流量", "Ocean Engine external"),
    Entry("imported", "巨量外部导入", "Ocean Engine import"),
    Entry("message", "抖音私信", "Douyin message", ("private_message",)),
    Entry("shop_ad", "鲁班线索", "Ocean Engine shop ad"),
)

STATE = {"1": "new", "2": "interested", "3": "opportunity", "4": "invalid", "5": "on_wechat"}

CLUES = Export(
    platform="ocean_engine",
    name="clues",
    version=1,
    label="巨量引擎 线索列表",
    grain="one row per lead, as it stood when asked for",
    format=Json(
        records="$.data.list[*]",
        failed="json_extract_string({doc}, '$.code') <> '0'",
    ),
    recognise=("data.list.clue_id", "data.list.clue_source", "data.list.create_time_detail"),
    columns=(
        Column("clue_id", ("$.clue_id",), Id(), "线索编号", "The platform's number of the lead.",
               required=True),
        Column("advertiser_id", ("$.advertiser_id",), Id(), "广告主编号", "Whose ad it was."),
        Column("promotion_id", ("$.promotion_id", "$.ad_id"), Id(), "广告编号", "Which ad it was."),
        Column("component", ("$.clue_type",), Vocabulary(COMPONENT), "组件类型",
               "What was filled in or used."),
        Column("origin", ("$.clue_source",), Vocabulary(ORIGIN), "线索来源",
               "Where the lead came from.", required=True),
        Column("state", ("$.clue_state",), Vocabulary(STATE), "线索状态",
               "new, interested, opportunity, invalid or on_wechat."),
        Column("created_at", ("$.create_time_detail",), Timestamp(), "留资时间",
               "When the lead was left.", required=True),
        Column("phone_hmac", ("$.telephone",), Identifier("phone"), "手机(加密)",
               "Keyed hash of the phone; null where masked or not left."),
        Column("app_name", ("$.app_name",), Text(), "流量来源", "In which app the ad was shown."),
    ),
    key=("clue_id",),
    event_at="created_at",
    optional_when_empty=True,
    feeds={"leads": "stg_ocean_engine__clues", "identifiers": "stg_ocean_engine__identifiers"},
    exclude=(
        Exclusion("abnormal_submission", "json_extract_string({row}, '$.clue_source') = '3'"),
        Exclusion("ad_preview", "json_extract_string({row}, '$.clue_source') = '4'"),
    ),
    totals=(Total("clues", "$.data.page_info.total_number", Integer(), "count(*)", whole=True),),
    signals="lead, by whom and through what; invalid, by the pull that first shows it",
    cannot_tell="what was said to the lead; what the ad cost",
    source="a public SDK generated from the official documentation",
)  # fmt: skip

PLATFORM = Platform(name="ocean_engine", label="巨量引擎", exports=(CLUES,), entries=ENTRIES)

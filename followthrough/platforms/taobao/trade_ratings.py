"""Ratings of buyers (``taobao.traderates.get``): good, neutral or bad, for an order or one of its lines.

Automatic ratings, made when a buyer does not rate, are marked; they are recognised by their text, which is
not used otherwise. Available for 180 days, 1,500 rows per window. Source: the
official metadata of the interface; design notes, section 10b.
"""

from followthrough.contracts.api import Call, Numbered, Pull
from followthrough.contracts.export import Column, Exclusion, Export, Id, Json, Timestamp, Vocabulary

SCORE = {"good": "positive", "neutral": "neutral", "bad": "negative"}

TRADE_RATINGS = Export(
    platform="taobao",
    name="trade_ratings",
    version=1,
    label="淘宝 评价列表",
    grain="one row per rating",
    format=Json(
        records="$.traderates_get_response.trade_rates.trade_rate[*]",
        failed="json_extract({doc}, '$.error_response') IS NOT NULL",
    ),
    recognise=(
        "traderates_get_response.trade_rates.trade_rate.tid",
        "traderates_get_response.trade_rates.trade_rate.result",
    ),
    columns=(
        Column("order_id", ("$.tid",), Id(), "订单编号", "The order that was rated.", required=True),
        Column("line_id", ("$.oid",), Id(), "子订单编号",
               "The line of it; equal to the order where it has one."),
        Column("score", ("$.result",), Vocabulary(SCORE), "评价结果",
               "positive, neutral or negative.", required=True),
        Column("rated_at", ("$.created",), Timestamp(), "评价时间", "When it was given.", required=True),
        Column("is_default", (), Vocabulary({"true": "yes", "false": "no"}), "系统默认",
               "yes where nobody rated and the system did, by itself.",
               sql="coalesce(json_extract_string({row}, '$.content') LIKE '%系统默认%', false)::VARCHAR"),
    ),
    key=("order_id", "line_id"),
    event_at="rated_at",
    feeds={"ratings": "stg_taobao__ratings"},
    optional_when_empty=True,
    exclude=(Exclusion("rating_by_the_shop", "json_extract_string({row}, '$.role') = 'seller'"),),
    signals="satisfaction, explicitly",
    cannot_tell="who did not rate; why",
    source="the official metadata of the interface",
    pull=Pull(
        Call(
            "GET",
            "/router/rest",
            {
                "method": "taobao.traderates.get",
                "fields": "tid,oid,role,nick,result,created,rated_nick,content,valid_score,num_iid",
                "rate_type": "get",
                "role": "buyer",
                "start_date": "{begin} 00:00:00",
                "end_date": "{end} 23:59:59",
                "page_size": "100",
                "use_has_next": "true",
            },
            pages=Numbered("page_no", "$.traderates_get_response.has_next", last=15),
        ),
        span=1,
    ),
)  # fmt: skip

"""The followers of a WeChat official account, answers of ``user/get`` and ``user/info/batchget``.

A file has the answers of one pull, one document per line: a page of openids with the total, then their
details, a hundred per document, and so on. It is a complete list, so a follower missing from a later one has
left. Names and portraits are not returned since 2021-12-27. Source: official documentation and a public
fixture; design notes, section 2b.
"""

from followthrough.contracts.api import Call, Cursor, Pull
from followthrough.contracts.export import (
    Column,
    Exclusion,
    Export,
    Id,
    Identifier,
    Integer,
    Json,
    Text,
    Total,
    UnixSeconds,
)

FOLLOWERS = Export(
    platform="wechat_oa",
    name="followers",
    version=1,
    label="公众号 关注者列表",
    grain="one row per follower and time of following",
    format=Json(
        records="$.user_info_list[*]",
        failed="json_extract_string({doc}, '$.errcode') <> '0'",
    ),
    recognise=("user_info_list.openid", "user_info_list.subscribe_time"),
    columns=(
        Column("openid_hmac", ("$.openid",), Identifier("openid", "app_id"), "openid(加密)",
               "Keyed hash of the follower's id under this account.", required=True),
        Column("unionid_hmac", ("$.unionid",), Identifier("unionid", "open_platform"),
               "unionid(加密)", "Keyed hash of the unionid; null where the account is not bound."),
        Column("followed_at", ("$.subscribe_time",), UnixSeconds(), "关注时间",
               "When they followed, the last time if more than once.", required=True),
        Column("scene", ("$.subscribe_scene",), Text(), "关注来源", "Where they followed from."),
        Column("qr_scene", ("$.qr_scene_str",), Id(), "二维码参数", "Parameter of the code scanned."),
    ),
    key=("openid_hmac", "followed_at"),
    event_at="followed_at",
    is_snapshot=True,
    feeds={
        "follows": "stg_wechat_oa__followers",
        "identifiers": "stg_wechat_oa__identifiers",
        "lists": "stg_wechat_oa__follower_lists",
    },
    exclude=(Exclusion("not_subscribed", "json_extract_string({row}, '$.subscribe') = '0'"),),
    totals=(Total("followers", "$.total", Integer(), "count(*)"),),
    signals="follow, from where; unfollow, by absence",
    cannot_tell="reading, liking, sharing by person",
    source="official documentation and a public fixture",
    pull=Pull(
        Call(
            "GET",
            "/cgi-bin/user/get",
            pages=Cursor("next_openid", "$.next_openid"),
            then=Call(
                "POST",
                "/cgi-bin/user/info/batchget",
                {"user_list": [{"openid": "{each}"}]},
                each="$.data.openid[*]",
                by=100,
            ),
        ),
    ),
)  # fmt: skip

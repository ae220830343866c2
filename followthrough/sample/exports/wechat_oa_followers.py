"""Bytes of the follower list: the answer of `user/get`, then those of `user/info/batchget`."""

from __future__ import annotations

import json
from typing import Any

from followthrough.sample.deliveries.records import Arrival
from followthrough.sample.exports.unix_time import unix_seconds
from followthrough.sample.world.entities import Follow

_PAGE = 100


def file_name(arrival: Arrival) -> str:
    """The file's name as the pulling script gives it."""
    return f"followers_{arrival.night}.json"


def render(arrival: Arrival) -> bytes:
    """Write the complete list at the time of the export, one document per line."""
    follows = [record for record in arrival.records if isinstance(record, Follow)]
    documents = [_openids(follows)]
    for start in range(0, len(follows), _PAGE):
        page = follows[start : start + _PAGE]
        documents.append({"user_info_list": [_info(follow) for follow in page]})
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in documents).encode()


def _openids(follows: list[Follow]) -> dict[str, Any]:
    openids = [follow.person.openid for follow in follows]
    total = len(openids)
    return {"total": total, "count": total, "data": {"openid": openids}, "next_openid": ""}


def _info(follow: Follow) -> dict[str, Any]:
    return {
        "subscribe": 1,
        "openid": follow.person.openid,
        "unionid": follow.person.unionid,
        "subscribe_time": unix_seconds(follow.subscribed_at),
        "remark": "",
        "groupid": 0,
        "tagid_list": [],
        "subscribe_scene": follow.scene,
        "qr_scene": 0,
        "qr_scene_str": "shelf_card" if follow.scene == "ADD_SCENE_QR_CODE" else "",
        "language": "zh_CN",
    }

"""Followers of the official account, byte by byte."""

import json

from followthrough.sample.exports.unix_time import unix_seconds


def followers_at(sample, index):
    found = [d for d in sample.deliveries(sample.night(index)) if d.source == "wechat_oa_main"]
    documents = [json.loads(line) for line in found[0].body.decode().splitlines()]
    infos = [info for each in documents[1:] for info in each["user_info_list"]]
    return documents, infos, found[0].exported_at


def test_the_follower_list_agrees_with_its_details(sample):
    for index in (1, 40, 120):
        documents, infos, exported_at = followers_at(sample, index)
        assert documents[0]["total"] == documents[0]["count"] == len(infos)
        assert documents[0]["data"]["openid"] == [info["openid"] for info in infos]
        assert all(len(each["user_info_list"]) <= 100 for each in documents[1:])
        assert all(info["subscribe"] == 1 and len(info["openid"]) == 28 for info in infos)
        assert max(info["subscribe_time"] for info in infos) <= unix_seconds(exported_at)


def test_some_followers_leave_and_some_come_back(sample):
    seen, gone = {}, set()
    came_back = set()
    for index in range(1, 121):
        now = {info["openid"]: info["subscribe_time"] for info in followers_at(sample, index)[1]}
        came_back |= {openid for openid in gone & now.keys() if now[openid] > seen[openid]}
        gone = (gone | seen.keys()) - now.keys()
        seen |= now
    assert gone
    assert came_back

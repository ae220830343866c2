"""Ratings of orders at Taobao."""

import json

from followthrough.sample.world.accounts import TAOBAO


def test_the_platform_rates_in_the_place_of_those_who_do_not(of_source):
    rates = [
        rate
        for d in of_source(TAOBAO, ".json")
        for line in d.body.decode().splitlines()
        for rate in json.loads(line)["traderates_get_response"]["trade_rates"]["trade_rate"]
    ]
    by_default = [rate for rate in rates if "系统默认" in rate["content"]]
    assert {rate["result"] for rate in by_default} == {"good"}
    assert {rate["result"] for rate in rates} == {"good", "neutral", "bad"}
    assert len(by_default) < len(rates)

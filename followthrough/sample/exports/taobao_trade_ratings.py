"""Bytes of Taobao's ratings: the answers of `taobao.traderates.get`, one page per line."""

from __future__ import annotations

import json
from typing import Any

from followthrough.sample.deliveries.records import Arrival
from followthrough.sample.world.entities import Rating

_PAGE = 100
_RESULT = {"positive": "good", "neutral": "neutral", "negative": "bad"}
_WORDS = {"positive": "很好用", "neutral": "一般", "negative": "和描述不一样"}
_DEFAULT = "系统默认好评！"


def file_name(arrival: Arrival) -> str:
    """The file's name as the pulling script gives it."""
    return f"traderates_{arrival.night}.json"


def render(arrival: Arrival) -> bytes:
    """Write the ratings of the window, the platform's default ratings included."""
    rates = [_rate(record) for record in arrival.records if isinstance(record, Rating)]
    pages = [rates[start : start + _PAGE] for start in range(0, len(rates), _PAGE)]
    documents = [
        {"traderates_get_response": {"total_results": len(rates), "trade_rates": {"trade_rate": page}}}
        for page in pages
    ]
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in documents).encode()


def _rate(rating: Rating) -> dict[str, Any]:
    return {
        "tid": int(rating.order_id),
        "oid": int(rating.order_id),
        "role": "buyer",
        "nick": f"{rating.person.nick[0]}**",
        "result": _RESULT[rating.score],
        "created": f"{rating.rated_at}",
        "rated_nick": "苔原旗舰店",
        "content": _DEFAULT if rating.is_default else _WORDS[rating.score],
        "valid_score": not rating.is_default,
    }

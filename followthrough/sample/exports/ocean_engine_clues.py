"""Bytes of the Ocean Engine lead list: the answers of `tools/clue/get`, one page per line."""

from __future__ import annotations

import json
from typing import Any

from followthrough.sample.deliveries.records import Arrival, ClueRow

_PAGE = 100
_STATE_NAMES = {1: "新线索", 4: "无效", 5: "加微信"}


def file_name(arrival: Arrival) -> str:
    """The file's name as the pulling script gives it."""
    return f"clues_{arrival.night}.json"


def render(arrival: Arrival) -> bytes:
    """Write the leads in their state at the pull; a pull without changes gives equal bytes."""
    rows = [record for record in arrival.records if isinstance(record, ClueRow)]
    starts = range(0, len(rows), _PAGE)
    pages = [_page(rows[start : start + _PAGE], number, rows) for number, start in enumerate(starts, start=1)]
    return "".join(json.dumps(page, ensure_ascii=False) + "\n" for page in pages).encode()


def _page(rows: list[ClueRow], number: int, every: list[ClueRow]) -> dict[str, Any]:
    info = {
        "page": number,
        "page_size": _PAGE,
        "total_number": len(every),
        "total_page": -(-len(every) // _PAGE),
    }
    return {"code": 0, "message": "OK", "data": {"list": [_clue(row) for row in rows], "page_info": info}}


def _clue(row: ClueRow) -> dict[str, Any]:
    lead, person = row.lead, row.lead.person
    return {
        "clue_id": int(lead.clue_id),
        "advertiser_id": 1_700_000_000_000_001,
        "advertiser_name": "苔原",
        "promotion_id": 7_290_000_000_000_000_001,
        "promotion_name": "秋季面霜-表单",
        "clue_type": lead.component,
        "create_time": f"{lead.created_at.date()}",
        "create_time_detail": f"{lead.created_at}",
        "clue_source": lead.origin,
        "name": person.name,
        "telephone": person.phone,
        "gender": 0,
        "province_name": person.region[0],
        "city_name": person.region[1],
        "app_name": "抖音",
        "clue_state": row.state,
        "clue_state_name": _STATE_NAMES[row.state],
    }

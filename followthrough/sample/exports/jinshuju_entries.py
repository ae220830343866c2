"""Bytes of Jinshuju's entries of two forms: answers of `forms/<form>/entries`, one page per line."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from followthrough.sample.deliveries.records import Arrival
from followthrough.sample.world.entities import Answer, FormLead

_PAGE = 50
_SHANGHAI = timedelta(hours=8)


def file_name(arrival: Arrival) -> str:
    """The file's name as the pulling script gives it."""
    return f"entries_{arrival.night}.json"


def render(arrival: Arrival) -> bytes:
    """Write all entries of the form, the newest version of each."""
    entries = [_entry(each) for each in arrival.records if isinstance(each, Answer | FormLead)]
    pages = [entries[start : start + _PAGE] for start in range(0, len(entries), _PAGE)]
    documents = [
        {
            "total": len(entries),
            "count": len(page),
            "data": page,
            "next": pages[number][0]["serial_number"] if number < len(pages) else None,
        }
        for number, page in enumerate(pages, start=1)
    ]
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in documents).encode()


def _entry(record: Answer | FormLead) -> dict[str, Any]:
    asked: dict[str, Any]
    if isinstance(record, Answer):
        asked = {"field_1": record.nps, "field_2": record.stars, "field_3": record.person.phone}
        return _times(record.number, asked, record.answered_at, record.edited_at)
    asked = {"field_1": record.person.name, "field_2": record.person.phone, "field_3": ["2jYk"]}
    return _times(record.number, asked, record.created_at, None)


def _times(
    number: int, asked: dict[str, Any], sent_at: datetime, edited_at: datetime | None
) -> dict[str, Any]:
    return {
        "serial_number": number,
        **asked,
        "x_field_1": "",
        "creator_name": "",
        "created_at": _utc(sent_at),
        "updated_at": _utc(edited_at or sent_at),
        "info_filling_duration": 20 + number % 60,
        "info_platform": "iPhone",
    }


def _utc(wall_time: datetime) -> str:
    return f"{wall_time - _SHANGHAI:%Y-%m-%dT%H:%M:%S}.{wall_time.second * 16:03d}Z"

"""Bytes of the official account's follow summary: the answer of `datacube/getusersummary` for a day."""

from __future__ import annotations

import json

from followthrough.sample.deliveries.records import Arrival, AudienceRow

SOURCES = {
    "ADD_SCENE_SEARCH": 1,
    "ADD_SCENE_PROFILE_CARD": 17,
    "ADD_SCENE_QR_CODE": 30,
}
OTHERS = 0


def file_name(arrival: Arrival) -> str:
    """The file's name as the pulling script gives it."""
    return f"user_summary_{arrival.night}.json"


def render(arrival: Arrival) -> bytes:
    """Write the day by source; scenes without a number in the summary are counted as other."""
    sources: dict[int, list[int]] = {}
    for row in (record for record in arrival.records if isinstance(record, AudienceRow)):
        counts = sources.setdefault(SOURCES.get(row.scene, OTHERS), [0, 0])
        counts[0] += row.came
        counts[1] += row.left
    rows = [
        {"ref_date": f"{arrival.night}", "user_source": source, "new_user": came, "cancel_user": left}
        for source, (came, left) in sorted(sources.items())
    ]
    return (json.dumps({"list": rows}) + "\n").encode()

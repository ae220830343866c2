"""Bytes of the WeCom contact list: answers of `externalcontact/batch/get_by_user`, one per line."""

from __future__ import annotations

import json
from typing import Any

from followthrough.sample.deliveries.records import Arrival
from followthrough.sample.exports.unix_time import unix_seconds
from followthrough.sample.world.entities import Contact

_PAGE = 50


def file_name(arrival: Arrival) -> str:
    """The file's name as the pulling script gives it."""
    return f"external_contacts_{arrival.night}.json"


def render(arrival: Arrival) -> bytes:
    """Write the complete list at the time of the export; every page but the last has a cursor to the next."""
    contacts = [record for record in arrival.records if isinstance(record, Contact)]
    starts = range(0, max(len(contacts), 1), _PAGE)
    pages = [_page(contacts[start : start + _PAGE]) for start in starts]
    for number, page in enumerate(pages[:-1], start=1):
        # The cursor is new at every call, so two pulls of the same list never have equal bytes.
        page["next_cursor"] = f"r9FqSqsI8fgNbHLH{arrival.exported_at:%Y%m%d%H%M%S}_{number}"
    return "".join(json.dumps(page, ensure_ascii=False) + "\n" for page in pages).encode()


def _page(contacts: list[Contact]) -> dict[str, Any]:
    entries = [
        {"external_contact": _person(contact), "follow_info": _follow_info(contact)} for contact in contacts
    ]
    return {"errcode": 0, "errmsg": "ok", "external_contact_list": entries, "next_cursor": ""}


def _person(contact: Contact) -> dict[str, Any]:
    person = contact.person
    shown = {
        "external_userid": person.external_userid,
        "name": person.name,
        "avatar": f"https://wx.qlogo.example/mmhead/{person.person_id}/0",
        "type": 1,
        "gender": int(person.person_id[1:]) % 3,
    }
    return {**shown, "unionid": person.unionid} if contact.shows_unionid else shown


def _follow_info(contact: Contact) -> dict[str, Any]:
    return {
        "userid": contact.userid,
        "remark": contact.person.name,
        "description": "",
        "createtime": unix_seconds(contact.created_at),
        "tag_id": [],
        "remark_mobiles": [contact.person.phone] if contact.shows_phone else [],
        "add_way": contact.add_way,
        "state": contact.state,
    }

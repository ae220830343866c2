"""External contacts 客户列表, answers of ``externalcontact/batch/get_by_user``.

One row per customer and colleague: a customer added by two colleagues has two rows. ``state`` is the
parameter of the scanned QR code, the only campaign key we set ourselves. The API has no date filter, so each
pull is a complete list, and a contact missing from a later one was deleted.
Source: a public test fixture of the official sample; design notes, section 4.
"""

from followthrough.contracts.api import Call, Cursor, Pull
from followthrough.contracts.export import Column, Export, Id, Identifier, Json, Text, UnixSeconds, Vocabulary

ADD_WAY = {
    "0": "unknown",
    "1": "qr_code",
    "2": "phone_search",
    "3": "card_shared",
    "4": "group_chat",
    "5": "phone_book",
    "6": "wechat_contact",
    "7": "legacy",
    "8": "third_party_service",
    "9": "email_search",
    "10": "channels",
    "11": "calendar",
    "12": "meeting",
    "13": "wechat_friend",
    "14": "hardware_service",
    "15": "home_service",
    "16": "acquisition_link",
    "17": "custom",
    "18": "demand_reply",
    "21": "third_party_presale",
    "22": "business_partner",
    "24": "wechat_account",
    "201": "shared_internally",
    "202": "assigned",
}

EXTERNAL_CONTACTS = Export(
    platform="wecom",
    name="external_contacts",
    version=1,
    label="企业微信 客户列表",
    grain="one row per customer, colleague and time of adding",
    format=Json(
        records="$.external_contact_list[*]",
        failed="json_extract_string({doc}, '$.errcode') <> '0'",
    ),
    recognise=(
        "external_contact_list.external_contact.external_userid",
        "external_contact_list.follow_info.createtime",
    ),
    columns=(
        Column("external_userid_hmac", ("$.external_contact.external_userid",),
               Identifier("external_userid", "corp_id"), "外部联系人(加密)",
               "Keyed hash of the corp's own id of the customer.", required=True),
        Column("unionid_hmac", ("$.external_contact.unionid",),
               Identifier("unionid", "open_platform"), "unionid(加密)",
               "Keyed hash of the unionid; null for contacts that are not on WeChat."),
        Column("phone_hmac", ("$.follow_info.remark_mobiles[0]",), Identifier("phone"),
               "备注手机(加密)", "Keyed hash of the phone a colleague noted; not verified."),
        Column("staff_id", ("$.follow_info.userid",), Id(), "添加人账号",
               "The colleague who has the contact.", required=True),
        Column("added_at", ("$.follow_info.createtime",), UnixSeconds(), "添加时间",
               "When the colleague and the customer became contacts.", required=True),
        Column("add_way", ("$.follow_info.add_way",), Vocabulary(ADD_WAY), "添加方式",
               "How the contact came about."),
        Column("state", ("$.follow_info.state",), Text(), "渠道参数",
               "Parameter of the QR code scanned; inquiry… marks a lead."),
    ),
    key=("external_userid_hmac", "staff_id", "added_at"),
    event_at="added_at",
    is_snapshot=True,
    feeds={
        "contacts": "stg_wecom__external_contacts",
        "identifiers": "stg_wecom__identifiers",
        "lists": "stg_wecom__contact_lists",
    },
    signals="added on WeCom, through which code; lead where the code asks; deleted, by absence",
    cannot_tell="what was said; who deleted whom",
    source="a public test fixture of the official sample",
    pull=Pull(
        Call(
            "GET",
            "/cgi-bin/externalcontact/get_follow_user_list",
            then=Call(
                "POST",
                "/cgi-bin/externalcontact/batch/get_by_user",
                {"userid_list": ["{each}"], "limit": 100},
                pages=Cursor("cursor", "$.next_cursor"),
                each="$.follow_user[*]",
                by=100,
            ),
        ),
    ),
)  # fmt: skip

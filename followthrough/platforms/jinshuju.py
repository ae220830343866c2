"""Jinshuju 金数据: the entries of a form, pages of ``GET /api/v1/forms/<form>/entries``, one per line.

Users design the forms, so the source sets the field of each question (``form`` in sources.toml). A file has
the entries of one form and does not identify the form. Names, addresses, free text and IP addresses are not
loaded. Entries can be edited later (``updated_at``); times are UTC; a page has 50 entries. Source: the
vendor's documentation; design notes, section 17.
"""

from followthrough.contracts.export import (
    Column,
    Entry,
    Export,
    Form,
    Id,
    Identifier,
    Integer,
    Json,
    Platform,
    Timestamp,
    Total,
)

_UTC = Timestamp(("%Y-%m-%dT%H:%M:%S.%fZ", "%Y-%m-%dT%H:%M:%SZ"), zone="UTC")

ENTRIES = Export(
    platform="jinshuju",
    name="entries",
    version=1,
    label="金数据 表单数据",
    grain="one row per entry of a form, as last edited when asked for",
    format=Json(records="$.data[*]", failed="json_extract({doc}, '$.error') IS NOT NULL"),
    recognise=("data.serial_number", "data.created_at", "data.updated_at"),
    columns=(
        Column("entry_id", ("$.serial_number",), Id(), "序号", "Number of the entry within its form.",
               required=True),
        Column("phone_hmac", ("form:phone",), Identifier("phone"), "手机(加密)",
               "Keyed hash of the phone that was left; null where it is masked or was not."),
        Column("nps", ("form:nps",), Integer(), "推荐意愿",
               "How likely they are to recommend us, 0 to 10.", minimum=0, maximum=10),
        Column("stars", ("form:stars",), Integer(), "满意度星级", "How satisfied they are, 1 to 5.",
               minimum=1, maximum=5),
        Column("created_at", ("$.created_at",), _UTC, "提交时间", "When it was sent.", required=True),
        Column("modified_at", ("$.updated_at",), _UTC, "更新时间", "When it was last edited.", required=True),
    ),
    key=("entry_id",),
    modified="modified_at",
    event_at="created_at",
    optional_when_empty=True,
    feeds={
        "identifiers": "stg_jinshuju__identifiers",
        "leads": "stg_jinshuju__leads",
        "survey_answers": "stg_jinshuju__survey_answers",
    },
    totals=(Total("entries", "$.total", Integer(), "count(*)", whole=True),),
    signals="satisfaction, explicitly; a lead, by its phone",
    cannot_tell="who answered where no phone is asked for; what became of a lead; entries that were deleted",
    source="the vendor's documentation of its interface",
)  # fmt: skip

PLATFORM = Platform(
    name="jinshuju",
    label="金数据",
    exports=(ENTRIES,),
    entries=(Entry("form", "金数据表单", "Jinshuju form"),),
    forms={"survey": Form(always=("phone",), some=("nps", "stars")), "lead": Form(always=("phone",))},
)

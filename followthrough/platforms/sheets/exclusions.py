"""People and orders that are not customers or sales: colleagues, test orders, resellers."""

from followthrough.contracts.export import Id, Identifier, Text
from followthrough.platforms.sheets.sheet import column, sheet, words

KINDS = words(
    {
        "员工": "staff",
        "测试订单": "test_order",
        "刷单": "fake_order",
        "代购": "reseller",
        "分销商": "distributor",
        "企业采购": "business",
    }
)

EXCLUSIONS = sheet(
    name="exclusions",
    label="排除名单",
    grain="one row per person, order or colleague excluded",
    columns=(
        column("kind", "排除类型", KINDS, "Why it does not count.", "选最接近的一种。", required=True),
        column("phone_hmac", "手机号", Identifier("phone"), "Keyed hash of the phone excluded.",
               "这个手机号的所有订单都不算;入库前加密,不留原文。", label="手机号(加密)"),
        column("order_id", "订单编号", Id(), "The one order excluded.", "只排除一笔订单时填,设为文本格式。"),
        column("staff_id", "员工账号", Id(), "The colleague's WeCom account.", "企业微信 userid。"),
        column("reason", "排除原因", Text(), "A word on why, without names.", "一句话,不要写姓名和电话。"),
    ),
    key=("kind", "phone_hmac", "order_id", "staff_id"),
    examples=(
        ("测试订单", "", "E20260901093000123456789", "", "上线前测试下单"),
        ("代购", "13800000001", "", "", "每月大量下单"),
        ("员工", "", "", "LinXiao", "客服本人"),
    ),
    also=("手机号", "订单编号", "员工账号"),
    signals="who and which orders are left out",
    cannot_tell="what they bought",
)  # fmt: skip

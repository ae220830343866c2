"""The staff; what they buy is not a customer's purchase."""

from followthrough.contracts.export import Id, Identifier, Text
from followthrough.platforms.sheets.sheet import YES_NO, column, sheet, words

ROLES = words({"导购": "sales", "客服": "service", "主播": "host", "运营": "operations", "店长": "manager"})

STAFF = sheet(
    name="staff",
    label="员工表",
    grain="one row per colleague",
    columns=(
        column("staff_id", "员工账号", Id(), "The colleague's WeCom account.", "企业微信 userid,大小写一致。",
               required=True),
        column("display_name", "显示名", Text(), "What reports call the colleague.",
               "日报和名单上显示的名字,花名即可。", required=True),
        column("role", "员工岗位", ROLES, "What the colleague does.", "选最接近的一种。"),
        column("shop_id", "店铺编号", Id(), "The shop the colleague works for; blank for all.",
               "店铺表里的店铺编号。"),
        column("is_active", "在职", YES_NO, "Whether the colleague still works here; blank means yes.",
               "在职填“是”,离职填“否”,不填视为“是”。"),
        column("phone_hmac", "本人手机号", Identifier("phone"),
               "Keyed hash of the phone the colleague buys with.",
               "内购订单不算客户;入库前加密,不留原文。", label="本人手机号(加密)"),
    ),
    key=("staff_id",),
    examples=(
        ("LinXiao", "林晓", "导购", "youzan_moss", "是", "13800000011"),
        ("ZhouYi", "周一", "客服", "", "是", ""),
        ("HeMiao", "何苗", "主播", "youzan_pine", "否", "13800000012"),
    ),
    also=("员工岗位",),
    signals="who a WeCom account is; which buyers are colleagues",
    cannot_tell="how many customers they have",
)  # fmt: skip

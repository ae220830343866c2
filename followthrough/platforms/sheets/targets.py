"""The monthly targets of each shop."""

from followthrough.contracts.export import Id, Integer, Money
from followthrough.platforms.sheets.sheet import MONTH, column, sheet, words

METRICS = words(
    {
        "支付金额": "paid",
        "净支付额": "net",
        "支付订单数": "orders",
        "新增潜在客户": "new_potential",
        "新增付费客户": "new_paying",
        "新增忠诚客户": "new_loyal",
    }
)

TARGETS = sheet(
    name="targets",
    label="目标表",
    grain="one row per month, shop and metric",
    columns=(
        column("target_month", "目标月份", MONTH, "First day of the month the target is for.",
               "写成 2026-11,一个月一行。", required=True),
        column("shop_id", "店铺编号", Id(), "The shop that is to reach it.", "店铺表里的店铺编号。",
               required=True),
        column("metric", "目标指标", METRICS, "What is to be reached.",
               "支付金额、净支付额填金额,其余填数量。", required=True),
        column("target_fen", "目标金额(元)", Money(), "The target of an amount of money, in fen.",
               "支付金额、净支付额的目标,单位元。", label="目标金额(分)"),
        column("target_count", "目标数量", Integer(), "The target of a number of orders or people.",
               "订单数、客户数的目标,整数。"),
    ),
    key=("target_month", "shop_id", "metric"),
    examples=(
        ("2026-11", "youzan_moss", "净支付额", "120000.00", ""),
        ("2026-11", "youzan_moss", "新增付费客户", "", "60"),
        ("2026-11", "youzan_pine", "净支付额", "90000.00", ""),
    ),
    signals="what was aimed at",
    cannot_tell="what was reached",
)  # fmt: skip

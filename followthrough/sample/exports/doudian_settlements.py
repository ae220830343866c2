"""Bytes of the Douyin shop's settlements: a note row under the header, ids after an apostrophe."""

from __future__ import annotations

from followthrough.platforms import export
from followthrough.sample.deliveries.records import Arrival, SettlementRow
from followthrough.sample.exports.doudian_orders import line_id
from followthrough.sample.exports.workbook import workbook
from followthrough.sample.exports.yuan import yuan

_NOTE = {"结算时间": "结算完成的时间", "结算金额": "收入合计减支出合计"}
_COMMISSION, _SERVICE = 20, 5
"""Percentages of the amount that was not refunded."""


def file_name(arrival: Arrival) -> str:
    """The file's name as the shop's desk gives it."""
    return f"结算账单_{arrival.night:%Y%m%d}.xlsx"


def render(arrival: Arrival) -> bytes:
    """Write the settlements of the window."""
    header = export("doudian__settlements").header
    rows = [_cells(row) for row in arrival.records if isinstance(row, SettlementRow)]
    return workbook([header, *([cells.get(name, "") for name in header] for cells in (_NOTE, *rows))])


def _cells(row: SettlementRow) -> dict[str, str]:
    order = row.order
    back = order.paid_out_fen(row.at)
    kept = order.payable_fen - back
    commission, service = kept * _COMMISSION // 100, kept * _SERVICE // 100
    return {
        "结算时间": f"{row.at}",
        "订单号": f"'{order.order_id}",
        "子订单号": f"'{line_id(order.order_id)}",
        "结算金额": yuan(kept - commission - service),
        "结算账户": "抖音支付",
        "结算单类型": "已结算",
        "有结算前退款": "是" if back else "否",
        "下单时间": f"{order.created_at}",
        "商品数量": f"{order.quantity}",
        "订单总价": yuan(order.goods_fen + order.freight_fen),
        "商品总价": yuan(order.goods_fen),
        "运费": yuan(order.freight_fen),
        "店铺劵": yuan(order.discount_fen),
        "结算前退款金额": yuan(back),
        "用户实付": yuan(order.payable_fen),
        "收入合计": yuan(kept),
        "平台服务费": yuan(service),
        "佣金": yuan(commission),
        "支出合计": yuan(commission + service),
        "是否免佣": "否",
    }

"""Bytes of the Taobao order list: GBK in a zip whose member's name is GBK as well, ids wrapped as `="…"`."""

from __future__ import annotations

from followthrough.platforms import export
from followthrough.sample.deliveries.records import Arrival, OrderRow
from followthrough.sample.exports.delimited import delimited
from followthrough.sample.exports.gbk_zip import gbk_zip
from followthrough.sample.exports.yuan import yuan

_STATUS = {
    "待付款": "等待买家付款",
    "待发货": "买家已付款，等待卖家发货",
    "已发货": "卖家已发货，等待买家确认",
    "交易完成": "交易成功",
    "交易关闭": "交易关闭",
}
_SPACED = {"订单状态", "收货地址", "联系手机", "订单备注", "店铺名称", "异常信息"}
"""Column names the back office writes with a trailing space."""


def file_name(arrival: Arrival) -> str:
    """The file's name as the seller desk gives it."""
    return f"ExportOrderList{arrival.exported_at:%Y%m%d%H%M}.zip"


def render(arrival: Arrival) -> bytes:
    """Write the list; the zip member has the time of the export."""
    header = export("taobao__orders").header
    rows = [_cells(row) for row in arrival.records if isinstance(row, OrderRow)]
    names = ",".join(name + " " if name in _SPACED else name for name in header)
    body = delimited(header, rows).split("\r\n", 1)[1]
    name = f"订单列表{arrival.night:%Y%m%d}.csv"
    return gbk_zip({name: f"{names}\r\n{body}".encode("gbk")}, arrival.exported_at)


def _cells(row: OrderRow) -> dict[str, str]:
    order, person = row.order, row.order.person
    is_masked = order.phone_shown == "masked"
    return {
        "订单编号": f'="{order.order_id}"',
        "买家会员名": f"{person.nick[0]}**" if is_masked else person.nick,
        "支付单号": f'="{order.transaction_id}"' if row.paid_at else "",
        "支付详情": f"支付方式：支付宝，金额：{yuan(row.paid_fen)}；",
        "买家应付货款": yuan(order.goods_fen - order.discount_fen),
        "买家应付邮费": yuan(order.freight_fen),
        "总金额": yuan(order.payable_fen),
        "买家实际支付金额": yuan(row.paid_fen),
        "订单状态": _STATUS[row.status],
        "收货人姓名": f"{person.name[0]}**",
        "收货地址": "".join(person.region) + "**",
        "联系手机": f"'{person.phone[:3]}****{person.phone[-4:]}",
        "订单创建时间": f"{order.created_at}",
        "订单付款时间": f"{row.paid_at}" if row.paid_at else "",
        "宝贝标题": order.product.replace("\n", " "),
        "宝贝总数量": f"{order.quantity}",
        "店铺名称": "苔原旗舰店",
        "退款金额": yuan(row.refunded_fen),
        "确认收货时间": f"{order.finished_at}" if row.status == "交易完成" else "",
    }
